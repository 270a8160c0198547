using System.Globalization;
using System.Text.Json.Nodes;

namespace Margay.Model.Yaml;

/// <summary>
/// What a plain scalar means. Kubernetes reads manifests with a YAML 1.1 library, so <c>yes</c> and <c>off</c> are booleans
/// and <c>0755</c> is octal; dates stay strings.
/// </summary>
internal static class YamlScalar
{
    private const NumberStyles FloatStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The kinds of meaning.</summary>
    internal enum Meaning
    {
        Text,
        Null,
        Boolean,
        Integer,
        Float,
        NotFinite,
    }

    /// <summary>Finds the meaning; the value is that of the scalar in JSON, null for null, text and what JSON cannot say.</summary>
    public static Meaning Resolve(string text, out JsonValue? value)
    {
        value = null;
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return Meaning.Null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y":
                value = JsonValue.Create(true);
                return Meaning.Boolean;
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N":
                value = JsonValue.Create(false);
                return Meaning.Boolean;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF"
                or ".nan" or ".NaN" or ".NAN":
                return Meaning.NotFinite;
        }

        return text[0] is (>= '0' and <= '9') or '+' or '-' or '.' ? Number(text, out value) : Meaning.Text;
    }

    private static Meaning Number(string text, out JsonValue? value)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (TryInteger(digits, out value))
            return Meaning.Integer;
        if (IsFloat(digits) && double.TryParse(digits, FloatStyle, CultureInfo.InvariantCulture, out double number))
        {
            // JSON writes 08 and 1e3 as 8 and 1000.
            value = double.IsFinite(number) ? JsonValue.Create(number) : null;
            return value is null ? Meaning.NotFinite : Meaning.Float;
        }

        return Meaning.Text;
    }

    private static bool TryInteger(string text, out JsonValue? value)
    {
        value = null;
        bool negative = text[0] == '-';
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        int radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            (radix, int skip) = digits[1] switch
            {
                'x' or 'X' => (16, 2),
                'o' or 'O' => (8, 2),
                'b' or 'B' => (2, 2),
                _ => (8, 1),
            };
            digits = digits[skip..];
        }

        if (!TryMagnitude(digits, radix, out ulong magnitude) || (negative && magnitude > 1UL << 63))
            return false;
        value = negative ? JsonValue.Create(unchecked((long)(0 - magnitude))) : JsonValue.Create(magnitude);
        return true;
    }

    private static bool TryMagnitude(ReadOnlySpan<char> digits, int radix, out ulong magnitude)
    {
        magnitude = 0;
        if (digits.IsEmpty)
            return false;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            UInt128 next = ((UInt128)magnitude * (uint)radix) + (uint)digit;
            if (digit >= radix || next > ulong.MaxValue)
                return false;
            magnitude = (ulong)next;
        }

        return true;
    }

    // [-+]? ( '.' digits | digits ( '.' digits? )? ) ( [eE] [-+]? digits )?
    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        if (text[0] is '-' or '+')
            text = text[1..];
        int whole = Digits(ref text);
        int fraction = 0;
        if (!text.IsEmpty && text[0] == '.')
        {
            text = text[1..];
            fraction = Digits(ref text);
        }

        if (whole + fraction == 0)
            return false;
        if (text.IsEmpty)
            return true;
        if (text[0] is not ('e' or 'E'))
            return false;
        text = text[1..];
        if (!text.IsEmpty && text[0] is '-' or '+')
            text = text[1..];
        return Digits(ref text) > 0 && text.IsEmpty;
    }

    private static int Digits(ref ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
            count++;
        text = text[count..];
        return count;
    }
}
