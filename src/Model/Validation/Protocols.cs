using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>What the API lets people say about protocols.</summary>
internal static class Protocols
{
    /// <summary>Whether ports can be given beside it. UDP-Lite has ports, and upstream takes none with it.</summary>
    public static bool HavePorts(Protocol protocol) => protocol.Number is 6 or 17 or 132;
}
