using System.Buffers;
using System.Globalization;

namespace Margay.Model.Validation;

/// <summary>Reads amounts as Kubernetes writes them: <c>500m</c>, <c>10k</c>, <c>2Gi</c>, <c>1e3</c>.</summary>
internal static class QuantityText
{
    private const decimal Largest = 1e27m;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789");

    /// <summary>The amount, rounded up to a whole number; amounts that no limit can be are refused.</summary>
    public static bool TryRead(string text, out decimal value)
    {
        value = 0;
        int end = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        if (Factor(end < 0 ? "" : text[end..]) is not { } factor ||
            !decimal.TryParse(end < 0 ? text : text[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal read) ||
            Math.Abs(read) > Largest / Math.Max(factor, 1))
        {
            return false;
        }

        value = Math.Ceiling(read * factor);
        return true;
    }

    private static decimal? Factor(string suffix) => suffix switch
    {
        "" => 1,
        "n" => 0.000_000_001m,
        "u" => 0.000_001m,
        "m" => 0.001m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1024m,
        "Mi" => 1024m * 1024,
        "Gi" => 1024m * 1024 * 1024,
        "Ti" => 1024m * 1024 * 1024 * 1024,
        "Pi" => 1024m * 1024 * 1024 * 1024 * 1024,
        "Ei" => 1024m * 1024 * 1024 * 1024 * 1024 * 1024,
        ['e' or 'E', .. var power] when int.TryParse(power, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent) && exponent is >= -9 and <= 15 =>
            (decimal)Math.Pow(10, exponent),
        _ => null,
    };
}
