using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>
/// Checks of the annotations with limits of traffic. Upstream narrows what is out of range to the nearest limit and writes a
/// log line; that people would not see, so here it is refused.
/// </summary>
internal static class QosAnnotations
{
    private const string Prefix = "qos.projectcalico.org/";
    private const decimal LargestBurst = uint.MaxValue * 8m;

    /// <summary>All limits of a pod.</summary>
    public static void Check(Findings findings, ObjectMeta metadata)
    {
        if (metadata.Annotations is not { Count: > 0 } annotations)
            return;
        foreach (string direction in (ReadOnlySpan<string>)["ingress", "egress"])
            new Direction(findings, annotations, direction).Check();
        CheckDscp(findings, metadata);
    }

    /// <summary>The code point of packets; host endpoints have it too.</summary>
    public static void CheckDscp(Findings findings, ObjectMeta metadata)
    {
        if (metadata.Annotations?.GetValueOrDefault(Prefix + "dscp") is { } text && !Dscp.IsValid(text))
            findings.Invalid(Path(Prefix + "dscp"), text, Dscp.Form);
    }

    private static FieldPath Path(string key) => FieldPath.Metadata.Child("annotations").Key(key);

    /// <summary>The limits of one direction.</summary>
    private sealed class Direction(Findings findings, Dictionary<string, string> annotations, string name)
    {
        public void Check()
        {
            decimal? bandwidth = Read($"kubernetes.io/{name}-bandwidth", 1_000, 1e15m);
            bandwidth = Read(Key("Bandwidth"), 1_000, 1e15m) ?? bandwidth;
            decimal? peak = Read(Key("Peakrate"), 1_010, 1.01e15m);
            Read(Key("Burst"), 1_000, LargestBurst);
            Read(Key("Minburst"), 1_000, 1e8m);
            Read(Key("PacketRate"), 1, 10_000);
            Read(Key("PacketBurst"), 1, 10_000);
            Read(Key("MaxConnections"), 1, uint.MaxValue);
            Needs("Burst", bandwidth is not null, "Bandwidth");
            Needs("Minburst", peak is not null, "Peakrate");
            Needs("PacketBurst", annotations.ContainsKey(Key("PacketRate")), "PacketRate");
            Needs("Peakrate", bandwidth is not null, "Bandwidth");
            if (peak <= bandwidth)
                findings.Invalid(Path(Key("Peakrate")), annotations[Key("Peakrate")], $"must be greater than the bandwidth of {bandwidth:0} bits per second");
        }

        private string Key(string limit) => Prefix + name + limit;

        private void Needs(string limit, bool isThere, string other)
        {
            if (!isThere && annotations.ContainsKey(Key(limit)))
                findings.Required(Path(Key(other)), $"{Key(other)} must be specified when {Key(limit)} is");
        }

        private decimal? Read(string key, decimal least, decimal most)
        {
            if (annotations.GetValueOrDefault(key) is not { } text)
                return null;
            if (!QuantityText.TryRead(text, out decimal value))
                findings.Invalid(Path(key), text, "must be an amount such as 1500, 10k or 2Mi");
            else if (value < least || value > most)
                findings.Invalid(Path(key), text, $"must be between {least:0} and {most:0}");
            return value;
        }
    }
}
