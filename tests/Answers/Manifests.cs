using Margay.Answers.Completion;
using Margay.Answers.Sources;
using Margay.Answers.Worlds;

namespace Margay.Answers.Tests;

/// <summary>Worlds from texts.</summary>
internal static class Manifests
{
    /// <summary>Two namespaces (env=dev and env=prod), a pod <c>a</c> and <c>b</c> in each, labels app=NAME, port http.</summary>
    public const string Pods = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: dev, labels: { env: dev } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: prod, labels: { env: prod } }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: a, namespace: dev, labels: { app: a } }
        spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 8080 } ] } ] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: b, namespace: dev, labels: { app: b } }
        spec: { containers: [ { name: c, image: i } ] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: a, namespace: prod, labels: { app: a } }
        spec: { containers: [ { name: c, image: i, ports: [ { name: http, containerPort: 8080 } ] } ] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: b, namespace: prod, labels: { app: b } }
        spec: { containers: [ { name: c, image: i } ] }
        ---

        """;

    public static ResourceSet Read(string text, string name = "test.yaml")
    {
        var set = new ResourceSet();
        new ManifestParser("default").Read(new SourceText(name, text), set);
        return set;
    }

    public static PolicyWorld World(string policies, string pods = Pods)
    {
        var set = Read(pods + policies);
        if (set.Problems.Count > 0) throw new InvalidOperationException(string.Join('\n', set.Problems));
        WorldCompletion.Complete(set);
        return new PolicyWorld(set);
    }
}
