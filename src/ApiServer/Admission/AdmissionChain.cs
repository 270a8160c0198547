using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Admission;

/// <summary>Runs the rules, then the validator, and refuses with every cause found.</summary>
internal sealed class AdmissionChain(IReadOnlyList<IAdmissionRule> rules, IObjectValidator validator)
{
    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        foreach (IAdmissionRule rule in rules) await rule.AdmitAsync(request, stop);
        request.Errors.AddRange(MetadataCheck.Check(request));
        request.Errors.AddRange(validator.Validate(request.Kind, request.Document, request.Old));
        if (request.Errors.Count > 0) throw Failures.Invalid(request.Kind, request.Name, [.. request.Errors.Distinct()]);
    }

    public async ValueTask AdmitDeletionAsync(AdmissionRequest request, CancellationToken stop)
    {
        foreach (IAdmissionRule rule in rules) await rule.AdmitDeletionAsync(request, stop);
    }
}
