using System.Collections.Frozen;
using System.Globalization;

namespace Margay.Model.Validation;

/// <summary>Code points of differentiated services (RFC 2474): 0 to 63, or the names of RFC 2474, 2597 and 3246.</summary>
internal static class Dscp
{
    public const string Form = "must be a number from 0 to 63 or a name such as DF, EF, AF11 or CS1";

    private static readonly FrozenSet<string> Known = new[]
    {
        "DF", "EF", "AF11", "AF12", "AF13", "AF21", "AF22", "AF23", "AF31", "AF32", "AF33", "AF41", "AF42", "AF43",
        "CS0", "CS1", "CS2", "CS3", "CS4", "CS5", "CS6",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsValid(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number <= 63 : Known.Contains(text.Trim());
}
