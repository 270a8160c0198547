namespace Margay.Answers.Tests;

/// <summary>A host for tests to write policy for.</summary>
internal static class HostYaml
{
    /// <summary>Node n1 at 192.0.2.1, all interfaces, labelled host: a; another document may follow.</summary>
    public const string Everywhere = """
        apiVersion: projectcalico.org/v3
        kind: HostEndpoint
        metadata: { name: n1-auto, labels: { host: a } }
        spec: { node: n1, interfaceName: "*", expectedIPs: [192.0.2.1] }
        ---

        """;
}
