namespace Margay.Model.Datastore.Kube;

/// <summary>There is no way to the API server from what is configured; the message says what is missing and where.</summary>
/// <param name="message">What is missing.</param>
/// <param name="cause">What went wrong, if something did.</param>
public sealed class KubeConfigException(string message, Exception? cause = null) : Exception(message, cause);
