using Margay.Model.Resources;

namespace Margay.Lab.Tests.Control;

internal static class Make
{
    public static Pod Pod(string name, string? node = null, bool ready = true, params string[] addresses) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "shop", Labels = new() { ["app"] = name.Split('-')[0] } },
        Spec = new PodSpec
        {
            NodeName = node,
            Containers = [new Container { Name = "main", Ports = [new ContainerPort { Name = "http", Number = 8080 }] }],
        },
        Status = new PodStatus
        {
            Phase = "Running",
            PodIPs = [.. addresses.Select(address => new PodIP { Ip = address })],
            Conditions = [new PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };

    public static Model.Resources.Node Node(string name, params (string Key, string Value)[] labels) =>
        new() { Metadata = new ObjectMeta { Name = name, Labels = labels.ToDictionary(label => label.Key, label => label.Value) } };

    public static Service Service(string name, params ServicePort[] ports) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "shop", Uid = "u1" },
        Spec = new ServiceSpec { Selector = new() { ["app"] = name }, Ports = [.. ports] },
    };
}
