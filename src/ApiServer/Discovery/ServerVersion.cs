using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Discovery;

/// <summary>
/// What the server says it is. The Kubernetes version is the newest whose API behaviour is offered here; kubectl compares its own
/// version with it and warns when they are far apart.
/// </summary>
internal static class ServerVersion
{
    private const string Major = "1";
    private const string Minor = "31";

    /// <summary>The version as Kubernetes writes it.</summary>
    public static string Git { get; } = $"v{Major}.{Minor}.0+margay-{Own()}";

    /// <summary>The document at <c>/version</c>.</summary>
    public static byte[] Document() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["major"] = Major,
        ["minor"] = Minor,
        ["gitVersion"] = Git,
        ["gitCommit"] = "",
        ["gitTreeState"] = "",
        ["buildDate"] = "",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = $"linux/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}",
    });

    private static string Own() => typeof(ServerVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
