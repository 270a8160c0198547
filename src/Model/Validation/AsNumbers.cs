using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of AS numbers.</summary>
internal static class AsNumbers
{
    public static void Check(Findings findings, FieldPath field, AsNumber? number)
    {
        if (number is { Number: null } wrong)
            findings.Invalid(field, wrong, "must be a number from 0 to 4294967295, or high.low with numbers from 0 to 65535");
    }
}
