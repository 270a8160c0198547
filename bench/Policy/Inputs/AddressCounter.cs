using Margay.Foundation.Primitives;

namespace Margay.Bench.Policy.Inputs;

/// <summary>
/// The peer's addresses: a counter from 10.0.0.1 written over the first four bytes of ::ffff:0.0.0.0, which makes them
/// IPv6 addresses such as a00:1::ffff:0:0.
/// </summary>
internal sealed class AddressCounter
{
    private uint _next = 0x0a000001;

    public IpAddr Next() => Of(_next++);

    /// <summary>The address that comes after so many others.</summary>
    public static IpAddr At(int count) => Of(0x0a000001 + (uint)count);

    private static IpAddr Of(uint number) => new((ulong)number << 32, 0x0000_ffff_0000_0000, IpFamily.V6);
}
