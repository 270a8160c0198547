using Margay.Linux.Route;

namespace Margay.Routing.Kernel;

/// <summary>Which routes of the kernel are ours.</summary>
public sealed record RouteOptions
{
    /// <summary>The protocol number that marks our routes, 5 to 255 (<c>RTPROT_*</c> below is the kernel's and the administrator's).</summary>
    public byte Protocol { get; init; } = 80;

    /// <summary>The table that they are in.</summary>
    public uint Table { get; init; } = KernelRoute.MainTable;
}
