using Margay.Foundation.Primitives;

namespace Margay.Bench.Policy.Inputs;

/// <summary>A workload endpoint as the peer's graph gets one: converted, with labels, one address and one profile.</summary>
internal readonly record struct EndpointInput(string Namespace, string Name, KeyValuePair<string, string>[] Labels, IpAddr Address);
