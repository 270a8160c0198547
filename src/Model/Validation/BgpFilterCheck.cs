using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of BGP filters.</summary>
internal sealed class BgpFilterCheck(Findings findings, IpFamily family)
{
    private const int HighestMetric = 2147483646;

    public static void Check(Findings findings, BGPFilter filter)
    {
        var (spec, path) = (filter.Spec, FieldPath.Spec);
        var (v4, v6) = (new BgpFilterCheck(findings, IpFamily.V4), new BgpFilterCheck(findings, IpFamily.V6));
        findings.Each(path.Child("exportV4"), spec.ExportV4, v4.Rule);
        findings.Each(path.Child("importV4"), spec.ImportV4, v4.Rule);
        findings.Each(path.Child("exportV6"), spec.ExportV6, v6.Rule);
        findings.Each(path.Child("importV6"), spec.ImportV6, v6.Rule);
    }

    private void Rule(FieldPath path, BGPFilterRule rule)
    {
        if (string.IsNullOrEmpty(rule.Action))
            findings.Required(path.Child("action"), "");
        else
            findings.OneOf(path.Child("action"), rule.Action, "Accept", "Reject");
        Prefix(path, rule);
        Texts.Word(findings, path.Child("source"), rule.Source, "RemotePeers");
        Texts.Word(findings, path.Child("peerType"), rule.PeerType, "eBGP", "iBGP");
        Texts.Name(findings, path.Child("interface"), rule.Interface, Names.InterfacePattern);
        findings.Range(path.Child("priority"), rule.Priority, 1, HighestMetric);
        findings.Each(path.Child("asPathPrefix"), rule.AsPathPrefix, (at, number) => AsNumbers.Check(findings, at, number));
        if (rule.Communities is { } communities)
        {
            var at = path.Child("communities").Child("values");
            if (communities.Values?.Count != 1)
                findings.Invalid(at, communities.Values?.Count ?? 0, "must have exactly one value");
            findings.Each(at, communities.Values, Community);
        }

        Operations(path.Child("operations"), rule);
    }

    private void Prefix(FieldPath path, BGPFilterRule rule)
    {
        bool hasCidr = !string.IsNullOrEmpty(rule.Cidr);
        bool hasOperator = !string.IsNullOrEmpty(rule.MatchOperator);
        Networks.StrictOrAddress(findings, path.Child("cidr"), rule.Cidr, family);
        Texts.Word(findings, path.Child("matchOperator"), rule.MatchOperator, "Equal", "NotEqual", "In", "NotIn");
        if (hasCidr != hasOperator)
            findings.Required(path.Child(hasCidr ? "matchOperator" : "cidr"), "cidr and matchOperator must both be set or both be empty");
        if (rule.PrefixLength is not { } length)
            return;
        if (!hasCidr)
            findings.Required(path.Child("cidr"), "cidr is required when prefixLength is set");
        int most = family == IpFamily.V4 ? 32 : 128;
        findings.Range(path.Child("prefixLength").Child("min"), length.Min, 0, most);
        findings.Range(path.Child("prefixLength").Child("max"), length.Max, 0, most);
    }

    private void Operations(FieldPath path, BGPFilterRule rule)
    {
        if (rule.Operations is { Count: 0 })
            findings.Invalid(path, 0, "must have at least 1 item", "leave it out");
        findings.MaxItems(path, rule.Operations, 10);
        if (rule.Operations is { Count: > 0 } && rule.Action != "Accept")
            findings.Forbidden(path, "operations may only be used with action Accept");
        findings.Each(path, rule.Operations, (at, operation) =>
        {
            int fields = (operation.AddCommunity is null ? 0 : 1) + (operation.PrependASPath is null ? 0 : 1) + (operation.SetPriority is null ? 0 : 1);
            if (fields != 1)
                findings.Invalid(at, "", "must have exactly one of addCommunity, prependASPath and setPriority");
            if (operation.AddCommunity is { } add)
                AddCommunity(at.Child("addCommunity").Child("value"), add.Value);
            if (operation.SetPriority is { } set)
            {
                if (set.Value is null)
                    findings.Required(at.Child("setPriority").Child("value"), "");
                findings.Range(at.Child("setPriority").Child("value"), set.Value, 1, HighestMetric);
            }

            if (operation.PrependASPath is { } prepend)
                Prepend(at.Child("prependASPath").Child("prefix"), prepend.Prefix);
        });
    }

    private void AddCommunity(FieldPath path, string? value)
    {
        if (string.IsNullOrEmpty(value))
            findings.Required(path, "");
        else
            Community(path, value);
    }

    private void Community(FieldPath path, string value)
    {
        if (!CommunityValue.IsCanonical(value))
            findings.Invalid(path, value, CommunityValue.Form);
    }

    private void Prepend(FieldPath path, List<AsNumber>? numbers)
    {
        if (numbers is not { Count: > 0 })
            findings.Required(path, "must have 1 to 10 AS numbers");
        findings.MaxItems(path, numbers, 10);
        findings.Each(path, numbers, (at, number) => AsNumbers.Check(findings, at, number));
    }
}
