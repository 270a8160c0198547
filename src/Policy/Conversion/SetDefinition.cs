using System.Security.Cryptography;
using System.Text;
using Margay.Dataplane.Contract;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>What an IP set means. Its id is a hash of that, so the same meaning has one set, on every node and for ever.</summary>
internal abstract record SetDefinition(IpSetKind Kind, IpSetId Id)
{
    /// <summary>24 hexadecimal digits of the SHA-256 of the meaning: short enough for the kernel's names, too long to meet by chance.</summary>
    protected static IpSetId Hash(char prefix, string meaning) =>
        new($"{prefix}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(meaning)).AsSpan(0, 12))}");
}

/// <summary>The addresses of the endpoints and network sets that a selector matches.</summary>
internal sealed record SelectorSet(Selector Selector) : SetDefinition(IpSetKind.Net, Hash('s', Selector.ToString()));

/// <summary>Address, protocol and port of every endpoint that a selector matches and that declares a port of this name and protocol.</summary>
internal sealed record NamedPortSet(Selector Selector, string Port, byte Protocol)
    : SetDefinition(IpSetKind.AddressAndPort, Hash('n', $"{Protocol}/{Port}/{Selector}"));

/// <summary>The backends of a service: with their ports, or as addresses alone.</summary>
internal sealed record ServiceSet(string Namespace, string Name, bool WithPorts)
    : SetDefinition(
        WithPorts ? IpSetKind.AddressAndPort : IpSetKind.Net,
        Hash('v', $"{(WithPorts ? "ports" : "addresses")}/{Namespace}/{Name}"));

/// <summary>The addresses of the nodes whose labels a selector matches.</summary>
internal sealed record NodeSet(Selector Selector) : SetDefinition(IpSetKind.Net, Hash('m', Selector.ToString()));
