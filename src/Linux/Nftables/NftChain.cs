namespace Margay.Linux.Nftables;

/// <summary>Where packets pass (<c>enum nf_inet_hooks</c>).</summary>
public enum NftHookPoint
{
    /// <summary>Everything that comes in, before routing.</summary>
    Prerouting = 0,

    /// <summary>For this host.</summary>
    Input = 1,

    /// <summary>Through this host.</summary>
    Forward = 2,

    /// <summary>From this host.</summary>
    Output = 3,

    /// <summary>Everything that goes out, after routing.</summary>
    Postrouting = 4,
}

/// <summary>A base chain's place.</summary>
/// <param name="Type"><c>filter</c> or <c>nat</c>.</param>
/// <param name="Point">The hook.</param>
/// <param name="Priority">Lower comes first: raw -300, filter 0, source NAT 100.</param>
/// <param name="Drops">Its policy: whether packets that no rule decides are dropped. Margay's own base chains accept.</param>
public sealed record NftHook(string Type, NftHookPoint Point, int Priority, bool Drops = false);

/// <summary>A chain, without its rules. </summary>
/// <param name="Name">At most 255 bytes.</param>
/// <param name="Hook">The place of a base chain; null for other chains.</param>
/// <param name="Comment">For people; null for none.</param>
public sealed record NftChain(string Name, NftHook? Hook = null, string? Comment = null)
{
    /// <summary>As nft writes it.</summary>
    public override string ToString()
    {
        string hook = Hook is null ? "" : $"type {Hook.Type} hook {Hook.Point.ToString().ToLowerInvariant()} priority {Hook.Priority}; policy {(Hook.Drops ? "drop" : "accept")}; ";
        string comment = Comment is null ? "" : $"comment \"{Comment}\"; ";
        return hook.Length + comment.Length == 0 ? Name : $"{Name} {{ {hook}{comment}}}";
    }
}
