using System.Formats.Tar;
using System.Text.Json.Nodes;
using Margay.ImageBuilder;
using Xunit;

namespace Margay.Install.Tests.Images;

public sealed class ImageTests : IDisposable
{
    private readonly WorkFolder _work = new("amd64", "arm64");

    [Theory]
    [InlineData("node")]
    [InlineData("cni")]
    [InlineData("server")]
    public void Equal_input_gives_equal_bytes(string image)
    {
        _work.Make(image, "amd64");
        byte[] first = File.ReadAllBytes(Path.Combine(_work.Out, $"margay-{image}.tar"));
        _work.Make(image, "amd64");
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(_work.Out, $"margay-{image}.tar")));
    }

    [Fact]
    public void The_archive_says_the_name_that_the_image_gets()
    {
        var manifest = Assert.Single(Make("node", "amd64").Index["manifests"]!.AsArray())!;
        Assert.Equal("margay.io/node:1.2.3", manifest["annotations"]!["io.containerd.image.name"]!.GetValue<string>());
    }

    [Fact]
    public void Two_architectures_are_one_image()
    {
        var archive = Make("node", "arm64", "amd64");
        var index = archive.Blob(Assert.Single(archive.Index["manifests"]!.AsArray())!);
        Assert.Equal(["amd64", "arm64"], index["manifests"]!.AsArray().Select(m => m!["platform"]!["architecture"]!.GetValue<string>()));
    }

    [Fact]
    public void The_server_runs_as_nobody_special()
    {
        var archive = Make("server", "amd64");
        var config = archive.Blob(Manifest(archive)["config"]!)["config"]!;
        Assert.Equal("65532:65532", config["User"]!.GetValue<string>());
        Assert.Equal("1.2.3", config["Labels"]!["org.opencontainers.image.version"]!.GetValue<string>());
    }

    [Fact]
    public void Files_are_sorted_owned_by_root_and_of_one_time()
    {
        var archive = Make("cni", "amd64");
        var files = archive.Files(Manifest(archive)).ToList();
        Assert.Equal(files.Select(file => file.Name).Order(StringComparer.Ordinal), files.Select(file => file.Name));
        Assert.All(files, file => Assert.Equal((0, 0, 1_700_000_000), (file.Uid, file.Gid, file.ModificationTime.ToUnixTimeSeconds())));
    }

    [Fact]
    public void Only_the_wanted_files_of_a_package_are_inside_with_its_licence()
    {
        var archive = Make("node", "amd64");
        var names = archive.Files(Manifest(archive)).Where(file => file.EntryType == TarEntryType.RegularFile).Select(file => file.Name).ToList();
        Assert.Contains("lib/x/libc.so.6", names);
        Assert.Contains("usr/share/doc/libc6/copyright", names);
        Assert.Contains("etc/ssl/certs/ca-certificates.crt", names);
        Assert.Contains("usr/bin/margay-node", names);
        Assert.DoesNotContain("lib/x/gconv/BIG5.so", names);
        Assert.DoesNotContain(names, name => name.Contains("DEBIAN", StringComparison.Ordinal));
    }

    [Fact]
    public void The_list_of_contents_has_packages_of_all_sources()
    {
        _work.Make("server", "amd64");
        var bill = JsonNode.Parse(File.ReadAllText(Path.Combine(_work.Out, "margay-server-amd64.spdx.json")))!;
        Assert.Equal("SPDX-2.3", bill["spdxVersion"]!.GetValue<string>());
        var urls = bill["packages"]!.AsArray().Select(package => package!["externalRefs"]![0]!["referenceLocator"]!.GetValue<string>()).ToList();
        Assert.Contains("pkg:deb/debian/libc6@1.0-1?arch=amd64", urls);
        Assert.Contains("pkg:nuget/Microsoft.NETCore.App@10.0.1", urls);
        Assert.Contains(urls, url => url.StartsWith("pkg:nuget/System.CommandLine@", StringComparison.Ordinal));
        Assert.Distinct(bill["packages"]!.AsArray().Select(package => package!["SPDXID"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Checksums_are_as_sha256sum_wants_them()
    {
        _work.Make("cni", "amd64");
        Checksums.Write(_work.Out);
        var (exit, output, _) = await Shell.RunAsync("sh", "-c", $"cd {_work.Out} && sha256sum -c SHA256SUMS");
        Assert.Equal((0, "margay-cni-amd64.spdx.json: OK\nmargay-cni.tar: OK\n"), (exit, output));
    }

    [Fact]
    public void A_missing_program_is_named_with_what_makes_it()
    {
        _work.Remove("amd64/programs/margay-node");
        Assert.Contains("margay-node is missing; eng/images publishes it", Assert.Throws<ImageException>(() => _work.Make("node", "amd64")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _work.Dispose();

    private Archive Make(string image, params string[] architectures)
    {
        _work.Make(image, architectures);
        return new Archive(Path.Combine(_work.Out, $"margay-{image}.tar"));
    }

    private static JsonObject Manifest(Archive archive) => archive.Blob(Assert.Single(archive.Index["manifests"]!.AsArray())!);
}
