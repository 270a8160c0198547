using System.Security.Cryptography;
using System.Text;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>
/// Names of chains and sets. They say what the thing is, are the same after every restart, and are words of nft's
/// language, so that people can type them.
/// </summary>
internal static class Names
{
    internal const string FromWorkload = "from-workload";
    internal const string ToWorkload = "to-workload";
    internal const string Workloads = "workloads";
    internal const string NeighbourTypes = "neighbour-discovery";
    internal const string PortProtocols = "protocols-with-ports";

    // The kernel takes 255 bytes; what is longer than this gets a hash instead of its end.
    private const int MaxName = 200;

    internal static string Sources(IpFamily family) => $"sources{Digit(family)}";

    internal static string AllowedSources(IpFamily family) => $"allowed-sources{Digit(family)}";

    internal static string AllPools(IpFamily family) => $"all-pools{Digit(family)}";

    internal static string NatPools(IpFamily family) => $"nat-pools{Digit(family)}";

    /// <summary>The chain of a policy's rules: <c>in/np/shop/frontend</c>.</summary>
    internal static string Policy(PolicyId id, PolicyDirection direction)
    {
        string text = id.ToString().Replace(':', '/');
        return Fit($"{Prefix(direction)}/{text}");
    }

    /// <summary>The chain that all endpoints share which have the same tiers, policies and profiles in this direction.</summary>
    internal static string Binding(string content, PolicyDirection direction) =>
        $"{(direction == PolicyDirection.Ingress ? "to" : "from")}/{Hash(content)}";

    /// <summary>A chain of jumps to neighbouring policies.</summary>
    internal static string Group(string content, PolicyDirection direction) => $"{Prefix(direction)}/group/{Hash(content)}";

    /// <summary>An IP set's set for one family: single addresses, prefixes, or addresses with protocol and port.</summary>
    internal static string IpSet(char shape, IpFamily family, IpSetId id) => $"{shape}{Digit(family)}/{Word(id.Value)}";

    /// <summary>A set whose name is its content.</summary>
    internal static string Content(string kind, string content) => $"{kind}/{Hash(content)}";

    internal static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 10));

    private static string Prefix(PolicyDirection direction) => direction == PolicyDirection.Ingress ? "in" : "out";

    private static char Digit(IpFamily family) => family == IpFamily.V4 ? '4' : '6';

    private static string Fit(string name) =>
        name.Length <= MaxName && name.All(IsWord) ? name : $"{new string([.. name.Take(MaxName - 21).Where(IsWord)])}.{Hash(name)}";

    private static string Word(string id)
    {
        string name = id.Replace(':', '-');
        return name.Length is > 0 and <= MaxName && name.All(IsWord) && !id.Contains('-', StringComparison.Ordinal) ? name : Hash(id);
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or '_';
}
