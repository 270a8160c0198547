using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>A name for a port of a party.</summary>
internal readonly record struct TwinPort(string Name, int Protocol, int Number);

/// <summary>Somebody whom a selector can mean: a pod, a host endpoint, a network set. Made anew for every question.</summary>
internal sealed class TwinParty
{
    private TwinParty(IReadOnlyList<Resource> world, Resource resource, string? @namespace)
    {
        World = world;
        Resource = resource;
        Namespace = @namespace;
    }

    public Resource Resource { get; }

    public string? Namespace { get; }

    /// <summary>The service account that a pod names.</summary>
    public string? Account { get; private init; }

    public List<string> Profiles { get; private init; } = [];

    public List<IpPrefix> Prefixes { get; private init; } = [];

    public List<TwinPort> Ports { get; private init; } = [];

    public bool IsPod => Resource is Pod;

    private IReadOnlyList<Resource> World { get; }

    /// <summary>Null for what cannot be party to anything.</summary>
    public static TwinParty? From(IReadOnlyList<Resource> world, Resource resource) => resource switch
    {
        Pod pod when Counts(pod) => OfPod(world, pod),
        HostEndpoint host => new TwinParty(world, host, null)
        {
            Profiles = host.Spec.Profiles ?? [],
            Prefixes = Readable(host.Spec.ExpectedIPs),
            Ports = [.. (host.Spec.Ports ?? []).Select(p => new TwinPort(p.Name, p.Protocol.Number ?? -1, p.Port))],
        },
        NetworkSet set => new TwinParty(world, set, set.Metadata.Namespace)
        {
            Profiles = [$"kns.{set.Metadata.Namespace}"],
            Prefixes = Readable(set.Spec.Nets),
        },
        GlobalNetworkSet set => new TwinParty(world, set, null) { Prefixes = Readable(set.Spec.Nets) },
        _ => null,
    };

    /// <summary>"A pod counts when it has an address, does not use the host's network, and has not succeeded or failed."</summary>
    private static bool Counts(Pod pod) =>
        pod.Spec.HostNetwork != true && pod.Status?.Phase is not ("Succeeded" or "Failed") && Addresses(pod).Count > 0;

    private static TwinParty OfPod(IReadOnlyList<Resource> world, Pod pod)
    {
        string? account = string.IsNullOrEmpty(pod.Spec.ServiceAccountName) ? null : pod.Spec.ServiceAccountName;
        var profiles = new List<string> { $"kns.{pod.Metadata.Namespace}" };
        if (account is not null) profiles.Add($"ksa.{pod.Metadata.Namespace}.{account}");
        var ports = new List<TwinPort>();
        foreach (var container in pod.Spec.Containers ?? [])
            foreach (var port in container.Ports ?? [])
                if (port.Name is not null) ports.Add(new TwinPort(port.Name, TwinNumbers.Protocol(port.Protocol ?? "TCP"), port.Number));
        return new TwinParty(world, pod, pod.Metadata.Namespace) { Account = account, Profiles = profiles, Prefixes = Addresses(pod), Ports = ports };
    }

    private static List<IpPrefix> Addresses(Pod pod)
    {
        var texts = new List<string?>();
        if (pod.Status?.PodIPs is { Count: > 0 } many)
            foreach (var one in many) texts.Add(one.Ip);
        else
            texts.Add(pod.Status?.PodIP);
        return Readable(texts);
    }

    private static List<IpPrefix> Readable(IEnumerable<string?>? texts)
    {
        var prefixes = new List<IpPrefix>();
        foreach (string? text in texts ?? [])
            if (IpPrefix.TryParse(text, out var prefix)) prefixes.Add(prefix);
        return prefixes;
    }

    public bool IsAt(IpAddr address)
    {
        foreach (var prefix in Prefixes)
            if (prefix.Contains(address)) return true;
        return false;
    }

    /// <summary>A label: what we say of the party, else its own, else that of the first profile that has it.</summary>
    public string? Label(string key)
    {
        switch (key)
        {
            case "projectcalico.org/namespace": return Namespace;
            case "projectcalico.org/serviceaccount": return Account;
            case "projectcalico.org/orchestrator": return IsPod ? "k8s" : null;
        }
        bool foreign = key.StartsWith("pcns.", StringComparison.Ordinal) || key.StartsWith("pcsa.", StringComparison.Ordinal);
        if (!foreign && Resource.Metadata.Labels is { } own && own.TryGetValue(key, out string? value)) return value;
        foreach (string profile in Profiles)
            if (FromProfile(profile, key) is { } inherited) return inherited;
        return null;
    }

    public string? NamespaceLabel(string key) => Label("pcns." + key);

    public string? AccountLabel(string key) => Label("pcsa." + key);

    /// <summary>What a namespace selector says of the party: <c>all()</c> is "has a namespace", <c>global()</c> "has none".</summary>
    public bool IsInNamespaces(string selector) =>
        new TwinSelector(selector, NamespaceLabel, all: Namespace is not null, global: Namespace is null).Answer();

    private string? FromProfile(string profile, string key)
    {
        foreach (var resource in World)
            if (resource is Profile given && given.Metadata.Name == profile)
                return given.Spec.LabelsToApply is { } labels && labels.TryGetValue(key, out string? value) ? value : null;
        foreach (var resource in World)
        {
            string? prefix = resource switch
            {
                Namespace ns when profile == $"kns.{ns.Metadata.Name}" => "pcns.",
                ServiceAccount sa when profile == $"ksa.{sa.Metadata.Namespace}.{sa.Metadata.Name}" => "pcsa.",
                _ => null,
            };
            if (prefix is null || !key.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (key == prefix + "projectcalico.org/name") return resource.Metadata.Name;
            return resource.Metadata.Labels is { } labels && labels.TryGetValue(key[prefix.Length..], out string? value) ? value : null;
        }
        return null;
    }
}
