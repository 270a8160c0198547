using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;

namespace Margay.Policy.Evaluation;

/// <summary>Whether a rule's HTTP part fits a request.</summary>
internal static class HttpMatching
{
    /// <summary>A request of which nothing is known fits nothing: else the first packet would open the connection to all requests.</summary>
    internal static bool Matches(HttpRequests wanted, HttpRequest? request)
    {
        if (request is null) return false;
        if (!wanted.Methods.IsEmpty && !wanted.Methods.Contains("*") && !wanted.Methods.Contains(request.Method)) return false;
        if (wanted.Paths.IsEmpty) return true;
        return HttpPath.TryNormalize(request.Target, out string path) && wanted.Paths.Any(p => Fits(p, path));
    }

    private static bool Fits(HttpPathMatch wanted, string path) =>
        path == wanted.Path
        || (wanted.IsPrefix && (wanted.Path == "/" || (path.StartsWith(wanted.Path, StringComparison.Ordinal) && path[wanted.Path.Length] == '/')));
}
