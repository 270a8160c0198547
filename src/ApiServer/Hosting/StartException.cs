namespace Margay.ApiServer.Hosting;

/// <summary>The server cannot start; the message says what to do about it.</summary>
/// <param name="message">The reason.</param>
/// <param name="cause">What was met.</param>
public sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
