using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;

namespace Margay.Policy.Conversion;

/// <summary>Reads the HTTP part of a rule.</summary>
internal static class HttpConversion
{
    /// <summary>Converts it.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal static string? Read(HttpMatch? http, RuleAction action, byte? protocol, out HttpRequests? requests)
    {
        requests = null;
        if (http is null) return null;
        if (action != RuleAction.Allow) return "http: only an Allow rule can name requests";
        if (protocol is not (null or 6)) return "http: the rule's protocol is not TCP";
        var paths = ImmutableArray.CreateBuilder<HttpPathMatch>();
        foreach (var path in http.Paths ?? [])
        {
            if (path is null || path.Exact is null == path.Prefix is null) return "http.paths: one of exact and prefix is needed";
            string text = path.Exact ?? path.Prefix!;
            if (!HttpPath.TryNormalize(text, out string normal)) return $"http.paths: '{text}' is no path";
            paths.Add(new HttpPathMatch(normal, path.Prefix is not null));
        }
        if (http.Methods?.Exists(string.IsNullOrEmpty) == true) return "http.methods: a method is empty";
        requests = new HttpRequests([.. http.Methods ?? []], paths.ToImmutable());
        return null;
    }
}
