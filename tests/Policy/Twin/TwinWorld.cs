using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>
/// A small random cluster without mistakes, made from a seed, and random questions about it. Small, so that things meet; with
/// labels, addresses and names that collide.
/// </summary>
internal sealed class TwinWorld
{
    private readonly TwinDice _dice;
    private readonly TwinRuleDice _rules;
    private readonly TwinKubernetesDice _kubernetes;

    public TwinWorld(int seed)
    {
        _dice = new TwinDice(seed);
        _rules = new TwinRuleDice(_dice);
        _kubernetes = new TwinKubernetesDice(_dice);
        AddTopology();
        AddPolicies();
    }

    /// <summary>When questions are asked.</summary>
    public static DateTimeOffset Now { get; } = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public List<Resource> Resources { get; } = [];

    public List<Pod> Pods { get; } = [];

    private string Ns() => _dice.Pick("red", "red", "blue", "green");

    private string PodLabels() => _dice.Pick("", "app=a", "app=b", "app=a,tier=front", "tier=back", "app=c,tier=front,role=net", "app=b,pcns.env=prod", "app=a,projectcalico.org/namespace=blue", "projectcalico.org/orchestrator=k8s,projectcalico.org/serviceaccount=sa1");

    private void AddTopology()
    {
        foreach (string ns in (string[])["red", "blue", "green"])
        {
            if (!_dice.OnceIn(12))
                Resources.Add(Make.Namespace(ns, _dice.Pick("env=prod", "env=dev,team=x", "team=x", "env=prod,team=y") + $",kubernetes.io/metadata.name={ns}"));
            foreach (string account in (string[])["sa1", "sa2"])
                if (_dice.OnceIn(2)) Resources.Add(Make.Account(ns, account, _dice.Pick("", "role=r", "role=s")));
        }
        int pods = 3 + _dice.Next(4);
        for (int i = 1; i <= pods; i++) AddPod(i);
        for (int i = _dice.Next(3); i > 0; i--)
            Resources.Add(Make.Set(Ns(), $"set{i}", PodLabels(), _dice.Pick("10.0.0.2", "10.0.0.0/30", "192.0.2.0/24"), _dice.Pick("fd00::/126", "192.0.2.3", "198.51.100.1/32")));
        for (int i = _dice.Next(3); i > 0; i--)
            Resources.Add(Make.GlobalSet($"gset{i}", _dice.Pick("app=a", "role=net", "app=b,role=net", "", "app=a,projectcalico.org/namespace=red,pcsa.role=r"), _dice.Pick("192.0.2.0/24", "10.0.0.1", "2001:db8::/32"), "fd00::1"));
        for (int i = _dice.Next(3); i > 0; i--)
            Resources.Add(Make.Host($"hep{i}", _dice.Pick("n1", "n2"), "*", _dice.Pick("192.0.2.3", "198.51.100.1,2001:db8::1", ""), _dice.Pick("host=edge", "app=a", "", "app=a,pcns.env=prod,projectcalico.org/namespace=red"), _dice.Pick("", "kns.red", "shared")));
        if (_dice.OnceIn(3)) Resources.Add(Profile("shared", "tier=front"));
        if (_dice.OnceIn(8)) Resources.Add(Profile("kns.red", "pcns.env=dev"));
        if (_dice.OnceIn(8)) Resources.Add(Profile("ksa.red.sa1", "pcsa.role=r,x=y"));
        foreach (string slice in (string[])["s1", "s2"])
        {
            if (_dice.OnceIn(2)) continue;
            var made = Make.Slice(
                _dice.Pick("red", "blue"), slice, _dice.Pick("svc", "db"), [_dice.Pick("10.0.0.1", "10.0.0.2", "198.51.100.1"), _dice.Pick("10.0.0.3", "10.0.0.4")],
                (_dice.Maybe(60, "TCP", "UDP"), _dice.OnceIn(5) ? null : _dice.Pick(80, 53, 8080)), ("TCP", 443));
            if (_dice.OnceIn(3)) made.Endpoints[0].Conditions = new() { Ready = false };
            if (_dice.OnceIn(8)) made.Ports = _dice.Pick<List<EndpointPort>?>(null, []);
            Resources.Add(made);
        }
        if (_dice.OnceIn(3))
        {
            Resources.Add(Make.Named(new Endpoints { Subsets = [new() { NotReadyAddresses = [new() { Ip = "10.0.0.2" }], Addresses = [new() { Ip = "10.0.0.5" }], Ports = [new() { Port = 80 }] }] },
                "red", _dice.Pick("svc", "db")));
        }
        if (_dice.OnceIn(2))
            Resources.Add(Make.Named(new Node { Status = new() { Addresses = [new() { Type = "InternalIP", Address = "192.0.2.3" }, new() { Type = "InternalIP", Address = "2001:db8::1" }] } }, "", "n1", _dice.Pick("zone=a", "zone=b")));
    }

    private void AddPod(int number)
    {
        string v4 = _dice.OnceIn(15) ? "10.0.0.1" : $"10.0.0.{number}";
        string addresses = _dice.Next(6) switch { 0 => $"fd00::{number}", 1 or 2 => $"{v4},fd00::{number}", _ => v4 };
        var pod = Make.Pod(
            Ns(), $"p{number}", addresses, PodLabels(), _dice.Pick("", "sa1", "sa2"),
            _dice.Pick("", "http:80", "http:8080,dns:53/UDP", "http:80,api:443", "dns:53", "api:53/SCTP"));
        switch (_dice.Next(25))
        {
            case 0: pod.Spec.HostNetwork = true; break;
            case 1: pod.Status!.Phase = _dice.Pick("Succeeded", "Failed"); break;
            case 2: pod.Status!.Phase = "Pending"; break;
            case 3: pod.Status!.PodIPs = null; pod.Status.PodIP = v4; break;
        }
        Pods.Add(pod);
        Resources.Add(pod);
    }

    private Profile Profile(string name, string labels) => Make.Named(
        new Profile
        {
            Spec = new ProfileSpec
            {
                Ingress = _dice.Many(2, () => _rules.Rule(true, namespaced: false, profile: true)),
                Egress = _dice.Many(2, () => _rules.Rule(false, namespaced: false, profile: true)),
                LabelsToApply = Make.Labels(labels),
            },
        },
        "", name);

    private void AddPolicies()
    {
        Resources.Add(Make.Tier("kube-admin", 1000, "Pass"));
        Resources.Add(Make.Tier("default", 1_000_000, _dice.OnceIn(8) ? "Pass" : "Deny"));
        Resources.Add(Make.Tier("kube-baseline", 10_000_000, "Pass"));
        if (!_dice.OnceIn(3)) Resources.Add(Make.Tier("security", _dice.Next(4) switch { 0 => null, 1 => 1_000_000, 2 => 1000, _ => 5 }, _dice.Pick("Deny", "Pass", "Deny")));
        if (!_dice.OnceIn(3)) Resources.Add(Make.Tier("late", _dice.Next(3) switch { 0 => null, 1 => 1_000_000, _ => 2_000_000 }, _dice.Pick("Deny", "Pass")));
        if (Resources.Find(r => r is Tier && r.Metadata.Name == "security") is Tier rejecting && _dice.OnceIn(5))
        {
            rejecting.Spec.DefaultAction = "Reject";
            rejecting.Metadata.Annotations = new() { [Extensions.Annotation] = Extensions.Allowed };
        }
        string Name() => _dice.Pick("a", "b", "c", "a.b", "a-b", "A");
        int wanted = 4 + _dice.Next(14);
        for (int i = 0; i < wanted; i++)
        {
            switch (_dice.Next(12))
            {
                case 0 or 1 or 2: AddOnce(Make.Policy(Ns(), Name(), _rules.Fill(new NetworkPolicySpec(), namespaced: true))); break;
                case 3 or 4 or 5: AddGlobal(Name()); break;
                case 6 or 7: AddOnce(Make.Kube(Ns(), Name(), _kubernetes.Fill(new KubeNetworkPolicySpec()))); break;
                case 8: AddOnce(Make.Named(new StagedGlobalNetworkPolicy { Spec = _rules.Fill(new StagedGlobalNetworkPolicySpec(), namespaced: false) }, "", Name())); break;
                case 9: AddOnce(Make.Named(new StagedKubernetesNetworkPolicy { Spec = _kubernetes.Fill(new StagedKubernetesNetworkPolicySpec()) }, Ns(), Name())); break;
                default: AddOnce(Make.Named(new ClusterNetworkPolicy { Spec = _kubernetes.Cluster() }, "", Name())); break;
            }
        }
    }

    private void AddGlobal(string name)
    {
        var spec = _rules.Fill(new GlobalNetworkPolicySpec(), namespaced: false);
        spec.NamespaceSelector = _rules.NamespaceSelector(30);
        switch (_dice.Next(12))
        {
            case 0: (spec.DoNotTrack, spec.ApplyOnForward) = (true, true); break;
            case 1: (spec.PreDNAT, spec.ApplyOnForward, spec.Egress, spec.Types) = (true, true, null, null); break;
            case 2: spec.ApplyOnForward = true; break;
        }
        AddOnce(Make.Global(name, spec));
    }

    /// <summary>Names collide on purpose; the same object must not be there twice.</summary>
    private void AddOnce(Resource resource)
    {
        if (resource is NetworkPolicy policy) _rules.Extend(policy, policy.Spec);
        if (resource is GlobalNetworkPolicy global) _rules.Extend(global, global.Spec);
        if (!Resources.Exists(r => r.Key == resource.Key)) Resources.Insert(_dice.Next(Resources.Count + 1), resource);
    }

    private static readonly string[] _v4 = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "192.0.2.3", "192.0.2.9", "198.51.100.1", "203.0.113.5"];
    private static readonly string[] _v6 = ["fd00::1", "fd00::2", "fd00::3", "2001:db8::1", "fd00:1::1", "fd00::5"];

    /// <summary>A packet to or from a pod.</summary>
    public (Pod Pod, bool Ingress, TwinPacket Packet) Question()
    {
        var pod = _dice.Pick<Pod>(Pods.ToArray());
        var addresses = pod.Status!.PodIPs?.ConvertAll(a => a.Ip) ?? [pod.Status.PodIP!];
        var own = IpAddr.Parse(_dice.Pick<string>(addresses.ToArray()));
        var other = IpAddr.Parse(_dice.Pick<string>(own.Family == IpFamily.V4 ? _v4 : _v6));
        bool ingress = _dice.OnceIn(2);
        int protocol = _dice.Pick(6, 6, 6, 17, 17, 132, 1, 58, 47, 136);
        bool ports = protocol is 6 or 17 or 132 or 136;
        var packet = new TwinPacket(
            ingress ? other : own, ingress ? own : other, protocol,
            ports ? _dice.Pick(49152, 53, 80, 8080) : 0, ports ? _dice.Pick(80, 53, 8080, 443, 79, 90, 91, 78, 1, 65535, 22) : 0,
            protocol is 1 or 58 ? _dice.Pick(8, 0, 128, 3) : 0, protocol is 1 or 58 ? _dice.Next(3) : 0);
        return (pod, ingress, packet);
    }
}
