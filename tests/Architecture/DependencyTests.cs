using System.Reflection;
using Xunit;

namespace Margay.Architecture.Tests;

/// <summary>The arrows of ARCHITECTURE.md: what may use what.</summary>
public sealed class DependencyTests
{
    /// <summary>Assembly → the assemblies of ours that it may use. A new arrow is a decision: change the picture first.</summary>
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["Margay.Foundation"] = [],
        ["Margay.Linux"] = ["Margay.Foundation"],
        ["Margay.Model"] = ["Margay.Foundation"],
        ["Margay.Dataplane.Contract"] = ["Margay.Foundation"],
        ["Margay.Policy"] = ["Margay.Foundation", "Margay.Model", "Margay.Dataplane.Contract"],
        ["Margay.Answers"] = ["Margay.Foundation", "Margay.Model", "Margay.Policy", "Margay.Dataplane.Contract"],
        ["Margay.Ipam"] = ["Margay.Foundation", "Margay.Model"],
        ["Margay.Controllers"] = ["Margay.Foundation", "Margay.Model", "Margay.Ipam"],
        ["Margay.Installation"] = ["Margay.Foundation", "Margay.Model"],
        ["Margay.Dataplane.Nftables"] = ["Margay.Foundation", "Margay.Linux", "Margay.Dataplane.Contract"],
        ["Margay.Routing"] = ["Margay.Foundation", "Margay.Linux", "Margay.Model", "Margay.Dataplane.Contract"],
        ["Margay.Cni"] = ["Margay.Foundation", "Margay.Linux"],
        ["Margay.ApiServer"] = ["Margay.Foundation", "Margay.Model"],
        ["Margay.Lab"] = ["Margay.Foundation", "Margay.Linux", "Margay.Model", "Margay.Policy", "Margay.Dataplane.Contract"],
        ["Margay.Node"] =
        [
            "Margay.Foundation", "Margay.Linux", "Margay.Model", "Margay.Policy", "Margay.Ipam", "Margay.Routing", "Margay.Cni",
            "Margay.Dataplane.Contract", "Margay.Dataplane.Nftables",
        ],
    };

    public static TheoryData<string> Assemblies => [.. _allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Uses_only_what_the_picture_allows(string name)
    {
        var used = Assembly.Load(name).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("Margay.", StringComparison.Ordinal));
        Assert.Empty(used.Except(_allowed[name]));
    }

    [Theory]
    [InlineData("Margay.Policy", "System.Net.Sockets")]
    [InlineData("Margay.Policy", "System.Net.Http")]
    [InlineData("Margay.Policy", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Margay.Dataplane.Contract", "System.Net.Sockets")]
    [InlineData("Margay.Cni", "System.Net.Http")]
    [InlineData("Margay.Cni", "System.Net.Security")]
    public void Stays_away_from(string name, string forbidden) =>
        Assert.DoesNotContain(Assembly.Load(name).GetReferencedAssemblies(), reference => reference.Name == forbidden);

    [Fact]
    public void Native_functions_are_declared_in_the_kernel_edge_only()
    {
        foreach (var name in _allowed.Keys.Where(name => name != "Margay.Linux"))
        {
            var native = Assembly.Load(name).GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
                .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
                .Select(method => $"{method.DeclaringType}.{method.Name}");
            Assert.Empty(native);
        }
    }
}
