using System.Text;
using Margay.Model.Resources;

namespace Margay.Lab.Control;

/// <summary>
/// The name server's hosts file: every service's names with the addresses of its ready pods. There is no virtual
/// service address; every service answers as a headless one does.
/// </summary>
internal static class DnsHosts
{
    /// <summary>The cluster's domain.</summary>
    public const string Domain = "cluster.local";

    /// <summary>The file's text; equal states give equal text.</summary>
    public static string Render(IEnumerable<Service> services, IReadOnlyCollection<Pod> pods)
    {
        var text = new StringBuilder();
        foreach (var service in services.OrderBy(service => $"{service.Metadata.Namespace}/{service.Metadata.Name}", StringComparer.Ordinal))
        {
            bool all = service.Spec.PublishNotReadyAddresses == true;
            var addresses = ServicePorts.Backends(service, pods)
                .Where(backend => all || PodFacts.IsReady(backend.Pod))
                .SelectMany(backend => PodFacts.Addresses(backend.Pod));
            foreach (string address in addresses)
                text.Append($"{address} {service.Metadata.Name}.{service.Metadata.Namespace}.svc.{Domain}\n");
        }

        return text.ToString();
    }

    /// <summary>The resolv.conf of a pod (resolv.conf(5)), with the search list and the option that Kubernetes gives.</summary>
    public static string ResolvConf(IEnumerable<string> servers, string @namespace)
    {
        var text = new StringBuilder();
        foreach (string server in servers.Take(3)) text.Append($"nameserver {server}\n");
        return text.Append($"search {@namespace}.svc.{Domain} svc.{Domain} {Domain}\noptions ndots:5 timeout:1 attempts:3\n").ToString();
    }
}
