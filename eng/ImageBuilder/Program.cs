using System.CommandLine;
using Margay.ImageBuilder;
using Margay.ImageBuilder.Sbom;

// eng/images calls this: everything that needs a network or a compiler has been done before.
var work = new Option<string>("--work") { Description = "The folder with a folder per architecture: programs/ and packages/.", Required = true };
var repository = new Option<string>("--repository") { Description = "The repository: where the lock files are.", Required = true };
var output = new Option<string>("--out") { Description = "Where the archives go.", Required = true };
var architectures = new Option<string[]>("--arch") { Description = "amd64 or arm64; may be repeated.", Required = true };
var version = new Option<string>("--version-tag") { Description = "The version: tag and label.", Required = true };
var revision = new Option<string>("--revision") { Description = "The commit.", Required = true };
var created = new Option<long>("--created") { Description = "Seconds since 1970 that stand for every time in the images.", Required = true };
var names = new Argument<string[]>("images") { Description = "node, cni, server, shop; none: all." };
architectures.AcceptOnlyFromAmong("amd64", "arm64");
names.AcceptOnlyFromAmong([.. Images.All.Select(image => image.Name)]);

var root = new RootCommand("Makes the container images from published programs and Debian's files, byte for byte the same from the same input.")
{
    work, repository, output, architectures, version, revision, created, names,
};
root.SetAction(given =>
{
    var release = new Release(
        given.GetRequiredValue(version), given.GetRequiredValue(revision), DateTimeOffset.FromUnixTimeSeconds(given.GetRequiredValue(created)));
    string[] wanted = given.GetValue(names) is { Length: > 0 } some ? some : [.. Images.All.Select(image => image.Name)];
    var writer = new ImageWriter(given.GetRequiredValue(work), given.GetRequiredValue(output), release, new LockFiles(given.GetRequiredValue(repository)));
    try
    {
        foreach (var image in Images.All.Where(image => wanted.Contains(image.Name)))
            Console.WriteLine(writer.Write(image, given.GetRequiredValue(architectures)));
        Checksums.Write(given.GetRequiredValue(output));
        return 0;
    }
    catch (ImageException cause)
    {
        Console.Error.WriteLine($"images: {cause.Message}");
        return 1;
    }
});
return root.Parse(args).Invoke();
