using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of names, labels and annotations.</summary>
internal static class MetadataCheck
{
    private const int LargestAnnotations = 256 * 1024;

    /// <summary>Checks an object's metadata; <paramref name="nameForm"/> says how names of its kind look.</summary>
    public static void Check(Findings findings, ObjectMeta metadata, Func<string, string?> nameForm, bool namespaced)
    {
        var path = FieldPath.Metadata;
        if (string.IsNullOrEmpty(metadata.Name))
            findings.Required(path.Child("name"), "name or generateName is required");
        else if (nameForm(metadata.Name) is { } wrong)
            findings.Invalid(path.Child("name"), metadata.Name, wrong);
        if (namespaced && !string.IsNullOrEmpty(metadata.Namespace) && Names.DnsLabel(metadata.Namespace) is { } wrongNamespace)
            findings.Invalid(path.Child("namespace"), metadata.Namespace, wrongNamespace);
        if (!namespaced && !string.IsNullOrEmpty(metadata.Namespace))
            findings.Forbidden(path.Child("namespace"), "objects of this kind are in no namespace");
        Labels(findings, path.Child("labels"), metadata.Labels);
        Annotations(findings, path.Child("annotations"), metadata.Annotations);
    }

    public static void Labels(Findings findings, FieldPath path, Dictionary<string, string>? labels)
    {
        foreach (var (key, value) in labels ?? [])
        {
            if (Names.QualifiedName(key) is { } wrongKey)
                findings.Invalid(path, key, wrongKey);
            if (value is null)
                findings.Required(path.Key(key), "must not be null");
            else if (Names.LabelValue(value) is { } wrongValue)
                findings.Invalid(path, value, wrongValue);
        }
    }

    public static void Annotations(Findings findings, FieldPath path, Dictionary<string, string>? annotations)
    {
        long size = 0;
        foreach (var (key, value) in annotations ?? [])
        {
            // Upper case is allowed in the prefix of annotations.
            if (Names.QualifiedName(key.ToLowerInvariant()) is { } wrong)
                findings.Invalid(path, key, wrong);
            size += key.Length + (value?.Length ?? 0);
        }

        if (size > LargestAnnotations)
            findings.Invalid(path, size, $"all annotations together may have {LargestAnnotations} characters");
    }

    /// <summary>A Kubernetes label selector.</summary>
    public static void Selector(Findings findings, FieldPath path, LabelSelector? selector)
    {
        Labels(findings, path.Child("matchLabels"), selector?.MatchLabels);
        findings.Each(path.Child("matchExpressions"), selector?.MatchExpressions, (at, requirement) =>
        {
            if (Names.QualifiedName(requirement.Key) is { } wrong)
                findings.Invalid(at.Child("key"), requirement.Key, wrong);
            bool hasValues = requirement.Values is { Count: > 0 };
            switch (requirement.Operator)
            {
                case "In" or "NotIn" when !hasValues:
                    findings.Required(at.Child("values"), "must be specified when `operator` is 'In' or 'NotIn'");
                    break;
                case "Exists" or "DoesNotExist" when hasValues:
                    findings.Forbidden(at.Child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    break;
                case not ("In" or "NotIn" or "Exists" or "DoesNotExist"):
                    findings.Invalid(at.Child("operator"), requirement.Operator, "not a valid selector operator");
                    break;
            }

            findings.Each(at.Child("values"), requirement.Values, (item, value) =>
            {
                if (Names.LabelValue(value) is { } wrongValue)
                    findings.Invalid(item, value, wrongValue);
            });
        });
    }
}
