using System.Reflection;
using System.Text.Json;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>Whatever a policy can say survives being packed. The values are made from the types, so that no field of theirs can be forgotten.</summary>
public sealed class PackedSpecTests
{
    private static readonly (PolicyKind Kind, Type Spec)[] _kinds =
    [
        (PolicyKind.NetworkPolicy, typeof(NetworkPolicySpec)),
        (PolicyKind.GlobalNetworkPolicy, typeof(GlobalNetworkPolicySpec)),
        (PolicyKind.KubernetesNetworkPolicy, typeof(KubeNetworkPolicySpec)),
        (PolicyKind.ClusterNetworkPolicy, typeof(ClusterNetworkPolicySpec)),
        (PolicyKind.StagedNetworkPolicy, typeof(StagedNetworkPolicySpec)),
        (PolicyKind.StagedGlobalNetworkPolicy, typeof(StagedGlobalNetworkPolicySpec)),
        (PolicyKind.StagedKubernetesNetworkPolicy, typeof(StagedKubernetesNetworkPolicySpec)),
    ];

    [Fact]
    public void Every_field_of_every_kind_comes_back()
    {
        foreach (var (kind, type) in _kinds)
        {
            Check(kind, new Dice(1, always: true).Make(type));
            Check(kind, Activator.CreateInstance(type)!);
            for (int seed = 0; seed < 500; seed++) Check(kind, new Dice(seed, always: false).Make(type));
        }
    }

    [Fact]
    public void Equal_specs_are_one_and_a_number_is_used_again_when_nobody_has_it()
    {
        var specs = new PackedSpecs();
        int a = specs.Pack(new NetworkPolicySpec { Selector = "a == 'b'" });
        int b = specs.Pack(new NetworkPolicySpec { Selector = "c == 'd'" });
        Assert.NotEqual(a, b);
        Assert.Equal(a, specs.Pack(new NetworkPolicySpec { Selector = "a == 'b'" }));
        specs.Release(a);
        Assert.Equal("a == 'b'", ((NetworkPolicySpec)specs.Unpack(PolicyKind.NetworkPolicy, a)).Selector);
        specs.Release(a);
        Assert.Equal(a, specs.Pack(new NetworkPolicySpec { Selector = "e == 'f'" }));
        Assert.Equal("c == 'd'", ((NetworkPolicySpec)specs.Unpack(PolicyKind.NetworkPolicy, b)).Selector);
    }

    [Fact]
    public void A_text_longer_than_any_block_and_one_that_is_no_Unicode_come_back()
    {
        foreach (string text in (string[])[new string('x', 100_000), "\ud800 alone", "it\u00fc", new string('\u4e2d', 30_000)])
            Check(PolicyKind.NetworkPolicy, new NetworkPolicySpec { Selector = text, ServiceAccountSelector = text });
    }

    private static void Check(PolicyKind kind, object spec)
    {
        var specs = new PackedSpecs();
        object read = specs.Unpack(kind, specs.Pack(spec));
        Assert.IsType(spec.GetType(), read);
        Assert.Equal(Text(spec), Text(read));
    }

    private static string Text(object spec) => JsonSerializer.Serialize(spec, spec.GetType(), ModelJson.Default);

    /// <summary>Objects with something, or nothing, in each property.</summary>
    private sealed class Dice(int seed, bool always)
    {
        private static readonly string[] _texts = ["", "Allow", "Egress", "app == 'a'", "app == 'a'", "it\u00fc", "10.0.0.0/8", "default", "x", "longer than the common words are"];
        private readonly Random _random = new(seed);

        public object Make(Type type)
        {
            object made = Activator.CreateInstance(type)!;
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                if (always || _random.Next(3) == 0) property.SetValue(made, Value(property.PropertyType));
            return made;
        }

        private object Value(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (type == typeof(string)) return _texts[_random.Next(_texts.Length)];
            if (type == typeof(int)) return _random.Next(4) switch { 0 => 0, 1 => int.MinValue, 2 => int.MaxValue, _ => _random.Next(-300, 70_000) };
            if (type == typeof(double)) return _random.NextDouble() * 1000;
            if (type == typeof(bool)) return _random.Next(2) == 0;
            if (type == typeof(Protocol)) return _random.Next(2) == 0 ? Protocol.FromNumber(_random.Next(256)) : Protocol.Parse(_random.Next(2) == 0 ? "UDP" : "odd");
            if (type == typeof(PolicyPort)) return _random.Next(3) switch { 0 => PolicyPort.Single(80), 1 => PolicyPort.Range(1, 99), _ => PolicyPort.Named("web") };
            if (type == typeof(IntOrString)) return _random.Next(2) == 0 ? new IntOrString(8080) : new IntOrString("http");
            if (type == typeof(Dictionary<string, string>))
                return Enumerable.Range(0, _random.Next(3)).ToDictionary(i => $"key-{i}", _ => _texts[_random.Next(_texts.Length)]);
            if (!type.IsGenericType) return Make(type);
            var list = (System.Collections.IList)Activator.CreateInstance(type)!;
            for (int i = _random.Next(always ? 1 : 0, 4); i > 0; i--) list.Add(Value(type.GetGenericArguments()[0]));
            return list;
        }
    }
}
