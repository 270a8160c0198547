namespace Margay.Cni.Protocol;

/// <summary>A version of the Container Network Interface specification, and what changed with it.</summary>
public readonly record struct CniVersion(int Major, int Minor, int Patch) : IComparable<CniVersion>
{
    /// <summary>The newest version that we speak.</summary>
    public static readonly CniVersion Newest = new(1, 1, 0);

    /// <summary>The version assumed when a configuration names none: before 0.2.0 the key did not exist.</summary>
    public static readonly CniVersion Unnamed = new(0, 1, 0);

    /// <summary>The versions that we speak, oldest first.</summary>
    public static IReadOnlyList<CniVersion> Supported { get; } = [new(0, 3, 1), new(0, 4, 0), new(1, 0, 0), Newest];

    /// <summary>True when we speak it.</summary>
    public bool IsSupported => Supported.Contains(this);

    /// <summary>Addresses in a result carry <c>version</c> "4" or "6"; dropped by 1.0.0.</summary>
    public bool HasAddressVersion => this < new CniVersion(1, 0, 0);

    /// <summary>CHECK came with 0.4.0.</summary>
    public bool HasCheck => this >= new CniVersion(0, 4, 0);

    /// <summary>GC, STATUS and the extended interface and route fields came with 1.1.0.</summary>
    public bool HasGcAndStatus => this >= Newest;

    /// <summary>Parses "major.minor.patch" of decimal numbers.</summary>
    public static bool TryParse(string? text, out CniVersion version)
    {
        version = default;
        if (text is null) return false;
        Span<int> parts = stackalloc int[3];
        int count = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            if (count == 3) return false;
            if (!int.TryParse(text.AsSpan()[range], System.Globalization.NumberStyles.None, null, out parts[count++])) return false;
        }
        version = new CniVersion(parts[0], parts[1], parts[2]);
        return count == 3;
    }

    /// <inheritdoc/>
    public int CompareTo(CniVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Older than.</summary>
    public static bool operator <(CniVersion left, CniVersion right) => left.CompareTo(right) < 0;

    /// <summary>Newer than.</summary>
    public static bool operator >(CniVersion left, CniVersion right) => left.CompareTo(right) > 0;

    /// <summary>Not newer than.</summary>
    public static bool operator <=(CniVersion left, CniVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Not older than.</summary>
    public static bool operator >=(CniVersion left, CniVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
