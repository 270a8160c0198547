using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Controllers.LoadBalancers;

/// <summary>Edits of a service's status. Pure; each says whether it changed anything.</summary>
internal static class ServiceStatusEdit
{
    /// <summary>The condition that says whether the service has the addresses it should have.</summary>
    public const string ConditionType = "LoadBalancerAddressAssigned";

    /// <summary>The addresses that the status shows.</summary>
    public static HashSet<IpAddr> AddressesOf(Service service)
    {
        var shown = new HashSet<IpAddr>();
        foreach (var entrance in service.Status?.LoadBalancer?.Ingress ?? [])
        {
            if (IpAddr.TryParse(entrance.Ip, out var address)) shown.Add(address);
        }
        return shown;
    }

    /// <summary>The condition, or null.</summary>
    public static Condition? ConditionOf(Service service) => service.Status?.Conditions?.Find(c => c.Type == ConditionType);

    /// <summary>Shows exactly these addresses, in this order. What was known of one that stays is kept.</summary>
    public static bool Show(Service service, IReadOnlyList<IpAddr> addresses)
    {
        var before = service.Status?.LoadBalancer?.Ingress ?? [];
        if (before.Select(e => e.Ip ?? e.Hostname).SequenceEqual(addresses.Select(a => a.ToString()))) return false;
        service.Status ??= new();
        service.Status.LoadBalancer = new()
        {
            Ingress = [.. addresses.Select(a => before.Find(e => IpAddr.TryParse(e.Ip, out var known) && known == a) ?? new LoadBalancerIngress { Ip = a.ToString() })],
        };
        return true;
    }

    /// <summary>Shows these addresses no longer; others, whoever gave them, stay.</summary>
    public static bool Hide(Service service, IReadOnlyCollection<IpAddr> addresses) =>
        service.Status?.LoadBalancer?.Ingress is { } entrances
        && entrances.RemoveAll(e => IpAddr.TryParse(e.Ip, out var address) && addresses.Contains(address)) > 0;

    /// <summary>Sets the condition.</summary>
    public static bool SetCondition(Service service, bool met, string reason, string message, DateTimeOffset now)
    {
        service.Status ??= new();
        var conditions = service.Status.Conditions ??= [];
        string status = met ? "True" : "False";
        if (ConditionOf(service) is not { } condition) conditions.Add(condition = new() { Type = ConditionType });
        else if (condition.Status == status && condition.Reason == reason && condition.Message == message) return false;
        if (condition.Status != status) condition.LastTransitionTime = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        (condition.Status, condition.Reason, condition.Message) = (status, reason, message);
        return true;
    }

    /// <summary>Takes the condition away.</summary>
    public static bool DropCondition(Service service)
    {
        if (service.Status?.Conditions is not { } conditions || conditions.RemoveAll(c => c.Type == ConditionType) == 0) return false;
        if (conditions.Count == 0) service.Status.Conditions = null;
        return true;
    }
}
