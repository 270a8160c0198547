using Margay.Model.Resources;

namespace Margay.Policy.Conversion;

/// <summary>When a policy counts: from <paramref name="From"/> on, until before <paramref name="Until"/>.</summary>
/// <param name="From">The first instant; null for always.</param>
/// <param name="Until">The first instant at which it counts no longer; null for never.</param>
internal readonly record struct Validity(DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>True when time does not matter.</summary>
    public bool IsAlways => From is null && Until is null;

    /// <summary>Whether the policy counts.</summary>
    public bool Holds(DateTimeOffset now) => !(now < From) && !(now >= Until);

    /// <summary>When <see cref="Holds"/> next changes; null when it never does.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset now) => now < From && !(From >= Until) ? From : now < Until && !(From >= Until) ? Until : null;

    /// <summary>Reads the times of a policy.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal static string? Read(PolicySpec spec, bool extensions, out Validity validity)
    {
        validity = default;
        if (spec.ValidFrom is null && spec.ValidUntil is null) return null;
        if (!extensions) return $"validFrom, validUntil: need the annotation {Extensions.Annotation}: \"{Extensions.Allowed}\"";
        if (Read("validFrom", spec.ValidFrom, out var from) is { } a) return a;
        if (Read("validUntil", spec.ValidUntil, out var until) is { } b) return b;
        validity = new Validity(from, until);
        return null;
    }

    private static string? Read(string field, string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return null;
        if (!Extensions.TryReadTime(text, out var read)) return $"{field}: '{text}' is no instant";
        time = read;
        return null;
    }
}
