using Margay.Tests.Tiers;

namespace Margay.Kubernetes.Api.Tests.Tiers;

/// <summary>
/// The suite against the aggregated server, by way of a real cluster's API server: the four users that are not random and a few that
/// are. <c>MARGAY_TIER_USERS=24</c> asks about all, as the suite of the standalone server does.
/// </summary>
[Collection(ControlPlane.OneAtATime)]
public sealed class AggregatedTierRightsTests(AggregatedTierServer server) : TierRightsSuite(server), IClassFixture<AggregatedTierServer>
{
    public static new IEnumerable<TheoryDataRow<int>> Users => UsersUpTo(6);
}
