using Margay.ImageBuilder;
using Margay.ImageBuilder.Sbom;
using Margay.Tests;

namespace Margay.Install.Tests.Images;

/// <summary>What eng/images prepares, with small files in place of programs and packages.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("margay-images-").FullName;

    public WorkFolder(params string[] architectures)
    {
        foreach (string architecture in architectures)
        {
            foreach (string program in (string[])["margay-node", "margay-cni", "margay-cni-installer", "server/margay-server", "server/a.dll"])
                Write($"{architecture}/programs/{program}", $"{program} for {architecture}");
            Write($"{architecture}/programs/server/margay-server.runtimeconfig.json", """{"runtimeOptions":{"includedFrameworks":[{"name":"Microsoft.NETCore.App","version":"10.0.1"}]}}""");
            Package(architecture, "libc6", "lib/x/libc.so.6", "lib/x/libm.so.6", "lib/x/ld-linux-y.so.2", "lib/x/gconv/BIG5.so");
            Package(architecture, "libgcc-s1", "lib/x/libgcc_s.so.1");
            Package(architecture, "libstdc++6", "usr/lib/x/libstdc++.so.6");
            Package(architecture, "libssl3", "usr/lib/x/libssl.so.3", "usr/lib/x/libcrypto.so.3");
            Package(architecture, "ca-certificates", "usr/share/ca-certificates/mozilla/A.crt", "usr/share/ca-certificates/mozilla/B.crt");
            Package(architecture, "containernetworking-plugins", "usr/lib/cni/portmap", "usr/lib/cni/bandwidth", "usr/lib/cni/loopback", "usr/lib/cni/bridge");
        }
    }

    public string Out => Path.Combine(_root, "out");

    /// <summary>Makes an image.</summary>
    public void Make(string name, params string[] architectures)
    {
        var release = new Release("1.2.3", "abc", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        new ImageWriter(_root, Out, release, new LockFiles(RepositoryFolder.Path)).Write(ImageBuilder.Images.All.Single(image => image.Name == name), architectures);
    }

    public void Remove(string path) => File.Delete(Path.Combine(_root, path));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Package(string architecture, string name, params string[] files)
    {
        Write($"{architecture}/packages/{name}/DEBIAN/control", $"Package: {name}\nVersion: 1.0-1\nArchitecture: {architecture}\nDescription: x\n more: x\n");
        Write($"{architecture}/packages/{name}/usr/share/doc/{name}/copyright", "licence");
        foreach (string file in files) Write($"{architecture}/packages/{name}/{file}", file + "\n");
    }

    private void Write(string path, string text)
    {
        path = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
