using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CsCheck;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Tests.Resources;

/// <summary>
/// Makes objects of any kind in which every field is at times absent, empty or full: driven by what the kind's JSON has, so
/// that a new field takes part without anybody thinking of it.
/// </summary>
internal sealed class AnyJson
{
    /// <summary>How many values an object has before the rest of its fields stays absent.</summary>
    private const int Most = 150;

    private readonly Random _random;
    private int _left = Most;

    private AnyJson(int seed) => _random = new Random(seed);

    /// <summary>Objects of a kind, which say what they are.</summary>
    public static Gen<JsonObject> Of(KindInfo kind) => Gen.UInt.Select(seed =>
    {
        var made = new AnyJson((int)seed).Object(kind.TypeInfo);
        (made["apiVersion"], made["kind"]) = (kind.ApiVersion, kind.Kind);
        return made;
    });

    private JsonObject Object(JsonTypeInfo type)
    {
        var made = new JsonObject();
        // In another order each time, so that what comes late is not always absent.
        foreach (var property in type.Properties.Where(p => !p.IsExtensionData && p.Get is not null).OrderBy(_ => _random.Next()))
        {
            bool mayBeAbsent = property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null;
            if (!mayBeAbsent || (_left > 0 && _random.Next(5) > 0))
                made[property.Name] = Value(type.Options.GetTypeInfo(property.PropertyType));
        }

        return made;
    }

    private JsonNode? Value(JsonTypeInfo type)
    {
        _left--;
        var plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => Object(type),
            JsonTypeInfoKind.Enumerable => List(type.Options.GetTypeInfo(plain.GetGenericArguments()[0])),
            JsonTypeInfoKind.Dictionary => Map(type.Options.GetTypeInfo(plain.GetGenericArguments()[1])),
            _ => Plain(plain, _random),
        };
    }

    private JsonArray List(JsonTypeInfo item)
    {
        var list = new JsonArray();
        for (int i = _left > 0 ? _random.Next(3) : 0; i > 0; i--)
            list.Add(Value(item));
        return list;
    }

    private JsonObject Map(JsonTypeInfo item)
    {
        var map = new JsonObject();
        for (int i = _random.Next(3); i > 0; i--)
            map["k" + i] = Value(item);
        return map;
    }

    private static JsonNode? Plain(Type type, Random random) => type switch
    {
        _ when type == typeof(string) => Texts[random.Next(Texts.Length)],
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(int) => random.Next(-3, 70000),
        _ when type == typeof(long) => random.NextInt64(0, 1L << 40),
        _ when type == typeof(ulong) => (ulong)random.NextInt64(),
        _ when type == typeof(double) => random.Next(2) == 0 ? random.Next(100) : random.Next(100) + 0.5,
        _ when type == typeof(Protocol) => Pick(random, "TCP", "ICMPv6", "nonsense", 132),
        _ when type == typeof(PolicyPort) => Pick(random, "http", "1:2", 80),
        _ when type == typeof(IntOrString) => Pick(random, "http", "80", 80),
        _ when type == typeof(AsNumber) => Pick(random, "64512", "1.10", 4294967295L),
        _ when type == typeof(Quantity) => Pick(random, "500m", "2Gi"),
        _ when type == typeof(JsonArray) => new JsonArray(new JsonObject { ["manager"] = "m" }),
        _ when type == typeof(JsonNode) || type == typeof(JsonElement) => new JsonObject { ["any"] = Pick(random, 1, "x") },
        _ => throw new InvalidOperationException($"No values for {type}."),
    };

    private static readonly string[] Texts = ["", "a", "yes", "012", "10.0.0.0/8", "app == 'x'", "null", "line\nbreak", "ü: #", " blank "];

    private static JsonNode? Pick(Random random, params object[] values) => values[random.Next(values.Length)] switch
    {
        string text => text,
        int number => number,
        long number => number,
        _ => null,
    };
}
