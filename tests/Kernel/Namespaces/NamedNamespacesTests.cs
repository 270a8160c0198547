using Margay.Kernel.Tests.Harness;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Xunit;

namespace Margay.Kernel.Tests.Namespaces;

public sealed class NamedNamespacesTests : IDisposable
{
    private readonly string _name = $"mt-wire-{Environment.ProcessId}-{Guid.NewGuid():N}"[..30];

    [Fact]
    public void A_namespace_is_made_used_and_deleted_as_ip_netns_does_it()
    {
        string path = NamedNamespaces.Create(_name);
        Assert.Contains(_name, Command.Run("ip", "netns", "list"), StringComparison.Ordinal);
        using (var netlink = RouteNetlink.OpenIn(path))
            Assert.Equal(["lo"], netlink.ListLinks().Select(l => l.Name));

        NamedNamespaces.Delete(_name);
        NamedNamespaces.Delete(_name);
        Assert.False(NamedNamespaces.Exists(_name));
        Assert.DoesNotContain(_name, Command.Run("ip", "netns", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_taken_name_is_refused()
    {
        NamedNamespaces.Create(_name);
        Assert.Throws<IOException>(() => NamedNamespaces.Create(_name));
        Assert.True(NamedNamespaces.Exists(_name));
    }

    [Fact]
    public void A_setting_belongs_to_the_namespace_of_the_thread()
    {
        string path = NamedNamespaces.Create(_name);
        string? here = Sysctl.Read("ipv4/ip_default_ttl");
        NetworkNamespace.Run(path, () =>
        {
            Assert.True(Sysctl.Write("ipv4/ip_default_ttl", "33"));
            Assert.False(Sysctl.Write("ipv4/ip_default_ttl", "33"));
            Assert.False(Sysctl.Write("ipv4/no_such_setting", "1"));
        });
        Assert.Equal(here, Sysctl.Read("ipv4/ip_default_ttl"));
    }

    public void Dispose() => NamedNamespaces.Delete(_name);
}
