namespace Margay.Policy.Evaluation;

/// <summary>What is known of an HTTP request.</summary>
/// <param name="Method">The method, as sent.</param>
/// <param name="Target">The request target, as sent: a path, perhaps with a query.</param>
public sealed record HttpRequest(string Method, string Target);
