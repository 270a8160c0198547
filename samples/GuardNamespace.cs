using Margay.Api;

namespace Margay.Samples;

/// <summary>Closes a namespace and opens one door: the smallest useful program.</summary>
public static class GuardNamespace
{
    public static async Task RunAsync(MargayClient client, string @namespace, CancellationToken stop)
    {
        var policies = client.NetworkPolicies.InNamespace(@namespace);

        var closed = Policy.ForNamespace(@namespace, "closed").Order(1000).IsolateIngress().Build();
        var door = Policy.ForNamespace(@namespace, "door")
            .Order(100).Selecting("app == 'web'")
            .Ingress(Rules.Allow().Tcp("8080").From("app == 'proxy'"))
            .Build();

        foreach (var policy in new[] { closed, door })
        {
            // Repeatable: what is there is brought to what should be there.
            if (await policies.FindAsync(policy.Metadata.Name!, stop) is null) await policies.CreateAsync(policy, stop);
            else await policies.EditAsync(policy.Metadata.Name!, current => current.Spec = policy.Spec, stop);
        }
    }
}
