using Margay.Model.Resources;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class LeaseTests
{
    [Theory]
    [InlineData(15, 3, null, null, "")]
    [InlineData(1, 0, null, null, "")]
    [InlineData(null, null, null, null, "")]
    [InlineData(0, 0, null, null, "spec.leaseDurationSeconds")]
    [InlineData(15, -1, null, null, "spec.leaseTransitions")]
    [InlineData(15, 0, "b", null, "spec.strategy")]
    [InlineData(15, 0, "b", "OldestEmulationVersion", "")]
    public void A_lease_has_a_duration_and_a_count_that_make_sense(int? duration, int? transitions, string? preferred, string? strategy, string field)
    {
        Lease lease = new()
        {
            Metadata = { Namespace = "kube-system", Name = "l" },
            Spec = new() { HolderIdentity = "a", LeaseDurationSeconds = duration, LeaseTransitions = transitions, PreferredHolder = preferred, Strategy = strategy },
        };
        Assert.Equal(field, string.Join(' ', ResourceValidator.Validate(lease, null).Select(e => e.Field)));
    }
}
