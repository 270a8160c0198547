namespace Margay.Cni.Wiring;

/// <summary>
/// Whose a host interface is, kept in the kernel as the interface's alias. Unlike a file beside it, it cannot disagree
/// with the interface, needs no write order, and goes when the interface goes. A pod that gets a new sandbox has the same
/// interface name with another container, so that the name alone does not say whether a late DEL may remove it.
/// </summary>
/// <param name="ContainerId">The container.</param>
/// <param name="IfName">The interface's name in it.</param>
public readonly record struct AttachmentMark(string ContainerId, string IfName)
{
    // Neither a container id nor an interface name can hold a slash.
    private const string Prefix = "margay/";

    /// <summary>The alias.</summary>
    public override string ToString() => $"{Prefix}{IfName}/{ContainerId}";

    /// <summary>Reads an alias; false when it is not one of ours.</summary>
    public static bool TryParse(string alias, out AttachmentMark mark)
    {
        ArgumentNullException.ThrowIfNull(alias);
        mark = default;
        if (!alias.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        int slash = alias.IndexOf('/', Prefix.Length);
        if (slash < 0) return false;
        mark = new AttachmentMark(alias[(slash + 1)..], alias[Prefix.Length..slash]);
        return mark.ContainerId.Length > 0 && mark.IfName.Length > 0;
    }
}
