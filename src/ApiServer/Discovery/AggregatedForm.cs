namespace Margay.ApiServer.Discovery;

/// <summary>A version of the aggregated discovery document.</summary>
/// <param name="Version">The version in group <c>apidiscovery.k8s.io</c>.</param>
internal sealed record AggregatedForm(string Version)
{
    /// <summary>The versions, the better one first.</summary>
    public static IReadOnlyList<AggregatedForm> All { get; } = [new("v2"), new("v2beta1")];

    /// <summary>The media type.</summary>
    public string ContentType { get; } = $"application/json;g=apidiscovery.k8s.io;v={Version};as=APIGroupDiscoveryList";

    /// <summary>The first form that a client accepts, in the client's order, or null when it wants the plain documents.</summary>
    /// <param name="accept">The Accept header.</param>
    public static AggregatedForm? Choose(string accept)
    {
        foreach (var type in accept.Split(',', StringSplitOptions.TrimEntries))
        {
            var parameters = type.Split(';', StringSplitOptions.TrimEntries);
            if (!parameters.Contains("as=APIGroupDiscoveryList", StringComparer.Ordinal))
                continue;
            if (All.FirstOrDefault(f => parameters.Contains($"v={f.Version}", StringComparer.Ordinal)) is { } form)
                return form;
        }

        return null;
    }

    /// <summary>The name under which a document of this form is kept.</summary>
    public string Key(string path) => $"{path};{Version}";
}
