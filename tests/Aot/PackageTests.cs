using Xunit;

namespace Margay.Aot.Tests;

/// <summary>The library as somebody gets it: packed, restored from a feed into a program elsewhere, and run there.</summary>
public sealed class PackageTests : IDisposable
{
    private const string Program = """
        using Margay.Api;

        using var client = MargayClient.InMemory();
        var policy = Policy.ForNamespace("shop", "cart").Selecting("app == 'cart'").Ingress(Rules.Allow().Tcp("8080").From("app == 'web'")).Build();
        await client.NetworkPolicies.CreateAsync(policy);
        var found = await client.NetworkPolicies.InNamespace("shop").GetAsync("cart");
        Console.WriteLine($"{found.Spec.Tier} {found.Spec.Ingress![0].Action} {found.Metadata.ResourceVersion is not null}");
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup><PackageReference Include="Margay.Api" Version="0.1.0" /></ItemGroup>
        </Project>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("margay-package-").FullName;

    [Fact]
    public async Task A_program_elsewhere_restores_it_and_works_with_it()
    {
        string feed = Path.Combine(_folder, "feed"), program = Path.Combine(_folder, "program");
        Directory.CreateDirectory(program);
        await DotnetAsync(Published.Repository, "pack", "src/Api", "-o", feed, "-v", "quiet", "--nologo");
        File.WriteAllText(Path.Combine(program, "Program.cs"), Program);
        File.WriteAllText(Path.Combine(program, "program.csproj"), Project);
        // Packages of their own: the one under test has the version of the last release, which a shared folder may hold.
        await DotnetAsync(program, "restore", $"-p:RestoreAdditionalProjectSources={feed}", "--packages", Path.Combine(_folder, "packages"));

        string output = await DotnetAsync(program, "run", "--no-restore");

        Assert.Equal("default Allow True", output.Trim());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var (exit, output) = await Published.RunInAsync(folder, "dotnet", arguments);
        Assert.True(exit == 0, $"dotnet {string.Join(' ', arguments)}: exit {exit}\n{output}");
        return output;
    }
}
