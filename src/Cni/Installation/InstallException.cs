namespace Margay.Cni.Installation;

/// <summary>The plugin cannot be put on the node; the message names the file and what to do.</summary>
public sealed class InstallException(string message, Exception? cause = null) : Exception(message, cause);
