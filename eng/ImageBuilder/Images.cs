namespace Margay.ImageBuilder;

/// <summary>
/// The images. There is no base image: a container of ours needs a C library, OpenSSL, certificates and its program, and
/// no shell, no package manager, nobody to log in as.
/// </summary>
internal static class Images
{
    private const UnixFileMode Sticky = UnixFileMode.StickyBit | (UnixFileMode)0b111_111_111;

    private static readonly Layer _base = new()
    {
        Packages =
        [
            new("libc6", "ld-linux*.so.*", "libc.so.*", "libm.so.*", "libdl.so.*", "libpthread.so.*", "librt.so.*", "libresolv.so.*"),
            new("libgcc-s1", "libgcc_s.so.*"),
            new("libstdc++6", "libstdc++.so.*"),
            new("libssl3", "libssl.so.*", "libcrypto.so.*"),
            new("ca-certificates", "*.crt") { Bundle = "etc/ssl/certs/ca-certificates.crt" },
        ],
        Texts =
        [
            ("etc/passwd", "root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n"),
            ("etc/group", "root:x:0:\nnonroot:x:65532:\n"),
            ("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
        ],
        Folders = [("tmp", Sticky)],
    };

    // No diagnostic socket: it would be a file in /tmp, and the root may be read-only.
    private static readonly string[] _environment =
        ["SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt", "DOTNET_EnableDiagnostics=0", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Image> All { get; } =
    [
        new()
        {
            Name = "node",
            Description = "The Margay node service: policy, routes and addresses of a node",
            Entrypoint = "/usr/bin/margay-node",
            Environment = _environment,
            Layers = [_base, new() { Programs = [("margay-node", "usr/bin/margay-node")] }],
            Apps = ["Node"],
        },
        new()
        {
            Name = "cni",
            Description = "Puts the Margay CNI plugin and its configuration on a node",
            Entrypoint = "/margay-cni-installer",
            Layers =
            [
                new()
                {
                    Packages = [new("containernetworking-plugins", "portmap", "bandwidth", "loopback") { Into = "plugins" }],
                    Programs = [("margay-cni-installer", "margay-cni-installer"), ("margay-cni", "plugins/margay-cni")],
                    Folders = [("tmp", Sticky)],
                },
            ],
            Apps = ["CniInstaller", "Cni"],
        },
        new()
        {
            Name = "server",
            Description = "The Margay API server and controllers",
            Entrypoint = "/usr/lib/margay/margay-server",
            User = "65532:65532",
            Environment = _environment,
            Layers = [_base, new() { Programs = [("server", "usr/lib/margay")] }],
            Apps = ["Server"],
        },
        new()
        {
            Name = "shop",
            Description = "The demo shop: every service of it, by the first argument",
            Entrypoint = "/usr/bin/margay-shop",
            User = "65532:65532",
            Environment = _environment,
            Layers = [_base, new() { Programs = [("margay-shop", "usr/bin/margay-shop")] }],
            Apps = ["Shop"],
        },
    ];

    /// <summary>The Debian packages that files are taken of.</summary>
    public static IEnumerable<string> Packages => All.SelectMany(image => image.Layers).SelectMany(layer => layer.Packages).Select(package => package.Name).Distinct();
}
