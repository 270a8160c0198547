using Margay.Foundation.Primitives;

namespace Margay.Ipam.Warm;

/// <summary>A handle whose addresses are to be freed. Whoever writes the blocks next frees those of all that wait.</summary>
internal sealed class WarmLeaver(string handle)
{
    /// <summary>The handle.</summary>
    public string Handle => handle;

    /// <summary>What was freed so far.</summary>
    public List<IpAddr> Freed { get; } = [];

    /// <summary>True when every block has been gone through.</summary>
    public bool IsDone { get; set; }
}
