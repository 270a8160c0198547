using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Bench.Policy.Inputs;

/// <summary>
/// Everything that a case feeds, made before the clock starts. <see cref="Remote"/> is a delegate so that the memory of
/// endpoints can be measured without their inputs.
/// </summary>
internal sealed class Workload
{
    public List<Resource> Policies = [];
    public List<Profile> Profiles = [];
    public List<Namespace> Namespaces = [];
    public EndpointInput[] Remote = [];
    public List<(NetworkSetInput Set, GlobalNetworkPolicy Policy)> NetworkSets = [];
    public EndpointInput[] Local = [];
    public bool DeletesLocals;

    /// <summary>
    /// The same in pieces, each made when it is asked for, as a list of the API server comes in pages; null when there is only the whole.
    /// </summary>
    public Pieces? Streamed;
}

/// <summary>Inputs that exist only while they are fed.</summary>
internal sealed record Pieces(
    IEnumerable<IReadOnlyList<Resource>> Policies, IEnumerable<IReadOnlyList<Resource>> Namespaces, IEnumerable<EndpointInput[]> Remote, EndpointInput[] Local);

/// <summary>A network set as the peer's graph gets one: with prefixes, not texts.</summary>
internal readonly record struct NetworkSetInput(string Name, KeyValuePair<string, string>[] Labels, IpPrefix[] Prefixes);
