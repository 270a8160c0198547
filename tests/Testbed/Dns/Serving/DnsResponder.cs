using Margay.Testbed.Dns.Names;
using Margay.Testbed.Dns.Wire;

namespace Margay.Testbed.Dns.Serving;

/// <summary>Message in, message out, whatever carried it.</summary>
internal sealed class DnsResponder(ClusterNames names)
{
    /// <summary>The answer, or null to what deserves none.</summary>
    /// <param name="message">What was received.</param>
    /// <param name="datagram">Whether the answer must fit into what the client takes as a datagram.</param>
    public byte[]? Answer(ReadOnlySpan<byte> message, bool datagram)
    {
        if (!DnsRequest.TryRead(message, out var request, out var refusal))
            return null;
        if (request is null)
            return DnsResponse.Refuse(message, refusal);
        int limit = datagram ? request.DatagramSize ?? 512 : ushort.MaxValue;
        return DnsResponse.Write(request, names.Answer(request.Name, request.Type), limit);
    }
}
