using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of leases: Kubernetes' own.</summary>
internal static class LeaseCheck
{
    public static void Check(Findings findings, Lease lease)
    {
        var (spec, path) = (lease.Spec, FieldPath.Spec);
        findings.Range(path.Child("leaseDurationSeconds"), spec.LeaseDurationSeconds, 1, int.MaxValue);
        findings.Range(path.Child("leaseTransitions"), spec.LeaseTransitions, 0, int.MaxValue);
        if (!string.IsNullOrEmpty(spec.PreferredHolder) && string.IsNullOrEmpty(spec.Strategy))
            findings.Required(path.Child("strategy"), "a preferredHolder means something only together with a strategy");
    }
}
