namespace Margay.Policy.Conversion.Packing;

/// <summary>How a text stands in a packed policy.</summary>
internal enum PackedTextForm
{
    Ascii,
    Utf16,
    Earlier,
    Common,
}

/// <summary>What writer and reader of texts agree on.</summary>
internal static class PackedText
{
    /// <summary>How many texts of a policy can be told by their numbers: its first ones.</summary>
    internal const int Remembered = 16;

    // Nothing packed outlives the process: the order is free.
    private static readonly string[] _common =
        ["Allow", "Deny", "Pass", "Log", "Ingress", "Egress", "TCP", "UDP", "default", "In", "Exists", "all()", "ICMP", "SCTP", ""];

    /// <summary>The text of a place.</summary>
    internal static string Common(int place) => _common[place];

    /// <summary>The place of a text that policies often have; -1 when it is none.</summary>
    internal static int CommonPlace(string text)
    {
        if (text.Length > 7) return -1;
        for (int i = 0; i < _common.Length; i++)
            if (_common[i] == text) return i;
        return -1;
    }
}
