namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>Objects that several tests create.</summary>
internal static class Manifests
{
    public static string Pod(string name, string app = "web") => $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          labels: {app: {{app}} }
        spec:
          nodeName: node-1
          containers:
          - name: main
            image: registry.test/main:1
            ports:
            - {name: http, containerPort: 8080}
            env:
            - {name: MODE, value: test}
        """;

    public static string Service(string name) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}} }
        spec:
          selector: {app: web}
          ports:
          - {name: http, port: 80, targetPort: http}
        """;

    public static string NetworkPolicy(string name) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: {{name}} }
        spec:
          podSelector: {matchLabels: {app: web} }
          policyTypes: [Ingress]
          ingress:
          - from:
            - podSelector: {matchLabels: {app: client} }
            ports:
            - {protocol: TCP, port: 8080}
        """;

    public static string CalicoPolicy(string name, string order = "100") => $$"""
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: {{name}} }
        spec:
          order: {{order}}
          selector: app == 'web'
          types: [Ingress]
          ingress:
          - action: Allow
            protocol: TCP
            source: {selector: app == 'client'}
            destination: {ports: [8080, "9000:9100"]}
        """;
}
