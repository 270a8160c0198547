using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Reachability;

/// <summary>
/// Endpoints that no packet can tell apart: the same policies, and addresses of one atom. An endpoint with several addresses
/// of a family is in a class for each atom that they belong to.
/// </summary>
/// <param name="Number">Its place in <see cref="FamilyReach.Classes"/>.</param>
/// <param name="Atom">The atom of their addresses.</param>
/// <param name="Ingress">What is decided about packets to them.</param>
/// <param name="Egress">What is decided about packets from them.</param>
/// <param name="Endpoints">The endpoints, in order of namespace and name.</param>
public sealed record EndpointClass(
    int Number, int Atom, PeerDecisions Ingress, PeerDecisions Egress, ImmutableArray<EndpointId> Endpoints);
