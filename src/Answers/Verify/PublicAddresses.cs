using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Answers.Verify;

/// <summary>
/// What the word <c>internet</c> means: every address that is no pod's and is not set aside for private, local or group use.
/// Ranges for documentation count as internet: manifests use them for partners outside.
/// </summary>
internal static class PublicAddresses
{
    /// <summary>Not the internet: RFC 6890 and its like, as far as they are about private, local or group use.</summary>
    internal static ImmutableArray<IpPrefix> Private { get; } =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "::ffff:0:0/96", "fc00::/7", "fe80::/10", "ff00::/8",
        }.Select(IpPrefix.Parse),
    ];
}
