namespace Margay.Dataplane.Contract;

/// <summary>Bits of the connection mark that belong to us; every other bit is left as it is.</summary>
public static class ConnectionMark
{
    /// <summary>
    /// Policy has come to forbid the connection: a data plane that tracks connections drops its packets, both ways, before
    /// it lets established ones pass. Forgetting the connection instead would make the next packet of the *other*
    /// side a first packet, judged by that side's policy, and the connection would come back.
    /// </summary>
    public const uint Forbidden = 0x0800_0000;
}
