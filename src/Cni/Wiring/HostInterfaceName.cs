using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Margay.Cni.Wiring;

/// <summary>
/// The names of host interfaces: the convention that people's tools and other policy engines know, "cali" and 11
/// characters. It depends on the pod alone, so that policy can be in place before the interface is.
/// </summary>
public static class HostInterfaceName
{
    /// <summary>What every name starts with.</summary>
    public const string Prefix = "cali";

    private const int Digits = 11;

    /// <summary>The interface of a pod: the first hexadecimal digits of SHA-1 of "namespace.name".</summary>
    /// <param name="podNamespace">The pod's namespace.</param>
    /// <param name="podName">The pod's name.</param>
    /// <param name="prefix">What the name starts with; other plugins have other ones.</param>
    [SuppressMessage("Security", "CA5350", Justification = "A convention for names; nothing is secured by it.")]
    public static string ForPod(string podNamespace, string podName, string prefix = Prefix)
    {
        byte[] hash = SHA1.HashData(Encoding.UTF8.GetBytes($"{podNamespace}.{podName}"));
        return string.Concat(prefix, Convert.ToHexStringLower(hash).AsSpan(0, Digits));
    }

    /// <summary>The interface of a container that is of no pod: the start of its id.</summary>
    public static string ForContainer(string containerId)
    {
        ArgumentException.ThrowIfNullOrEmpty(containerId);
        return string.Concat(Prefix, containerId.AsSpan(0, Math.Min(Digits, containerId.Length)));
    }
}
