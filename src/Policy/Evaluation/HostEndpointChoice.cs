using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>
/// Which host endpoint governs an interface: of those that name it or expect one of its addresses the first by name; else the
/// first for all interfaces.
/// </summary>
internal sealed class HostEndpointChoice
{
    private readonly HostEndpointUpdate[] _named;
    private readonly HostEndpointUpdate? _all;

    /// <summary>The choice among the endpoints of one node.</summary>
    public HostEndpointChoice(IEnumerable<HostEndpointUpdate> endpoints)
    {
        var sorted = endpoints.OrderBy(e => e.Id.Name, StringComparer.Ordinal).ToLookup(e => e.InterfaceName == HostEndpointUpdate.AllInterfaces);
        _named = [.. sorted[false]];
        _all = sorted[true].FirstOrDefault();
    }

    /// <summary>
    /// The endpoint that is asked at a hook. Untracked policy is not possible for all interfaces at once. Before address
    /// translation the endpoint for all interfaces also speaks where the interface's own one has no policy.
    /// </summary>
    public HostEndpointUpdate? At(PassageEnd end, PolicyHook hook)
    {
        var own = end is PassageEnd.Beyond beyond ? Array.Find(_named, e => Governs(e, beyond.At)) : null;
        return hook switch
        {
            PolicyHook.Untracked => own,
            PolicyHook.PreDnat => own is { PreDnat.IsEmpty: false } ? own : _all,
            _ => own ?? _all,
        };
    }

    private static bool Governs(HostEndpointUpdate endpoint, HostInterface at) =>
        endpoint.InterfaceName.Length > 0 ? endpoint.InterfaceName == at.Name : endpoint.Addresses.Any(at.Addresses.Contains);
}
