using Margay.Foundation.Primitives;

namespace Margay.Ipam.Warm;

/// <summary>An address that is given on this machine; its block still says that the node keeps it ready.</summary>
/// <param name="Address">The address.</param>
/// <param name="Handle">Whose it is.</param>
/// <param name="Attributes">The owner, as it will be stored.</param>
public sealed record WarmGift(IpAddr Address, string Handle, IReadOnlyDictionary<string, string> Attributes);
