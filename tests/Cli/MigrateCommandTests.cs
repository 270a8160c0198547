using Margay.Cli.Migrate;
using Xunit;

namespace Margay.Cli.Tests;

public sealed class MigrateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-migrate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_stands_in_the_way_is_exit_code_2()
    {
        var (code, output, _) = await Commands.RunAsync(MigrateCommand.Build, "migrate", "check", "-f", Pool("Always"));
        Assert.Equal(2, code);
        Assert.Contains("error: IPPool pool: spec.ipipMode: ", output, StringComparison.Ordinal);
        Assert.EndsWith("1 objects: 1 in the way, 0 to know", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_in_the_way_is_exit_code_0()
    {
        var (code, output, _) = await Commands.RunAsync(MigrateCommand.Build, "migrate", "check", "-f", Pool("Never"), "-o", "json");
        Assert.Equal(0, code);
        Assert.StartsWith("{", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_no_answer()
    {
        var (code, _, error) = await Commands.RunAsync(MigrateCommand.Build, "migrate", "check", "-f", Path.Combine(_folder.FullName, "none"));
        Assert.Equal(1, code);
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    private string Pool(string mode)
    {
        string file = Path.Combine(_folder.FullName, "pool.yaml");
        File.WriteAllText(file, $$"""
            apiVersion: crd.projectcalico.org/v1
            kind: IPPool
            metadata:
              name: pool
            spec:
              cidr: 10.0.0.0/16
              ipipMode: {{mode}}
            """);
        return file;
    }
}
