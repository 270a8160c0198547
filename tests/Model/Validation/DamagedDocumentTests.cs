using System.Text.Json.Nodes;
using CsCheck;
using Margay.Model.Registry;
using Margay.Model.Tests.Resources;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Model.Tests.Validation;

/// <summary>Whatever people write, they get findings, never an exception.</summary>
public sealed class DamagedDocumentTests
{
    private static readonly Func<JsonNode?>[] Junk =
    [
        () => null, () => "", () => "x", () => -1, () => 1.5, () => 1e300, () => 99999999999L, () => true, () => new JsonArray(), () => new JsonArray([null]),
        () => new JsonObject(), () => new JsonObject { ["x"] = null }, () => new JsonArray(new JsonArray()), () => "!!((", () => "0.0.0.0/0", () => "::/0",
        () => "1:2:3", () => new string('a', 2000), () => "\u0000", () => "[", () => ".",
    ];

    [Theory]
    [MemberData(nameof(EveryFieldTests.Kinds), MemberType = typeof(EveryFieldTests))]
    public void Damaged_documents_are_judged(string apiVersion, string kindName)
    {
        var kind = KindRegistry.Find(apiVersion, kindName)!;

        Gen.Select(AnyJson.Of(kind), Gen.UInt).Sample(
            (value, seed) =>
            {
                var random = new Random((int)seed);
                var damaged = (JsonObject)Damage(value, random)!;
                (damaged["apiVersion"], damaged["kind"]) = (apiVersion, kindName);

                var result = DocumentValidator.Validate(damaged);

                Assert.All(result.Errors, error => Assert.NotEmpty(error.Message));
                Assert.All(result.Errors, error => Assert.NotEmpty(error.Fix));
            },
            iter: 60);
    }

    private static JsonNode? Damage(JsonNode? value, Random random)
    {
        switch (value)
        {
            case JsonObject fields:
                var made = new JsonObject();
                foreach (var (name, child) in fields)
                    made[random.Next(40) == 0 ? name + "x" : name] = random.Next(8) == 0 ? Junk[random.Next(Junk.Length)]() : Damage(child, random);
                return made;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => random.Next(8) == 0 ? Junk[random.Next(Junk.Length)]() : Damage(item, random))]);
            default:
                return value?.DeepClone();
        }
    }
}
