using Margay.Cni.Installation;
using Margay.Cni.Tests.Harness;
using Xunit;

namespace Margay.Cni.Tests.Installation;

public sealed class CniInstallerTests : IDisposable
{
    private const string Installed = "bin/.margay-placed\nbin/margay-cni\nbin/portmap\nnet.d/.margay-placed\nnet.d/10-margay.conflist\n";
    private readonly InstallScene _scene = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plugins_and_configuration_are_in_place_afterwards()
    {
        await _scene.Installer().InstallAsync(Stop);
        Assert.Equal(Installed, _scene.Node());
        Assert.True(_scene.Installer().IsInPlace());
        Assert.Equal("plugin 1", File.ReadAllText(_scene.InBin("margay-cni")));
        Assert.True(File.GetUnixFileMode(_scene.InBin("margay-cni")).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public async Task Only_root_reads_the_configuration()
    {
        await _scene.Installer().InstallAsync(Stop);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_scene.InConf("10-margay.conflist")));
    }

    [Fact]
    public async Task The_configuration_waits_until_the_node_service_is_ready()
    {
        _scene.NotReady = "it reads the cluster's state";
        using var time = new ManualTime();
        var installing = _scene.Installer(time).InstallAsync(Stop);
        await time.AdvanceWhenWaitedForAsync(Stop);
        await time.AdvanceWhenWaitedForAsync(Stop);
        Assert.True(File.Exists(_scene.InBin("margay-cni")));
        Assert.False(File.Exists(_scene.InConf("10-margay.conflist")));
        Assert.False(installing.IsCompleted);

        _scene.NotReady = null;
        await time.AdvanceWhenWaitedForAsync(Stop);
        await installing;
        Assert.Equal(Installed, _scene.Node());
        Assert.Equal("/run/x.sock", _scene.AskedOn);
        Assert.Single(_scene.Log, line => line.Contains("it reads the cluster's state", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_version_replaces_the_old_one()
    {
        await _scene.Installer().InstallAsync(Stop);
        _scene.Ship("margay-cni", "plugin 2");
        _scene.Ship("portmap", "portmap 2");
        await _scene.Installer().InstallAsync(Stop);
        Assert.Equal(("plugin 2", "portmap 2"), (File.ReadAllText(_scene.InBin("margay-cni")), File.ReadAllText(_scene.InBin("portmap"))));
        Assert.Equal(Installed, _scene.Node());
    }

    [Fact]
    public async Task A_second_installation_writes_nothing()
    {
        await _scene.Installer().InstallAsync(Stop);
        _scene.Log.Clear();
        await _scene.Installer().InstallAsync(Stop);
        Assert.Empty(_scene.Log);
    }

    [Fact]
    public async Task A_plugin_that_the_host_brings_is_left_alone_from_beginning_to_end()
    {
        Directory.CreateDirectory(_scene.Options.BinFolder);
        File.WriteAllText(_scene.InBin("portmap"), "the host's");
        await _scene.Installer().InstallAsync(Stop);
        Assert.Equal("the host's", File.ReadAllText(_scene.InBin("portmap")));
        _scene.Installer().Uninstall();
        Assert.Equal("bin/portmap\n", _scene.Node());
    }

    [Fact]
    public async Task A_plugin_that_somebody_put_in_place_of_ours_stays_when_we_go()
    {
        await _scene.Installer().InstallAsync(Stop);
        File.WriteAllText(_scene.InBin("portmap"), "from the distribution's package");
        await _scene.Installer().InstallAsync(Stop);
        _scene.Installer().Uninstall();
        Assert.Equal("bin/portmap\n", _scene.Node());
    }

    [Fact]
    public async Task Uninstalling_leaves_nothing_of_ours_and_all_of_others()
    {
        Directory.CreateDirectory(_scene.Options.ConfFolder);
        File.WriteAllText(_scene.InConf("99-loopback.conf"), "{}");
        await _scene.Installer().InstallAsync(Stop);
        _scene.Installer().Uninstall();
        Assert.Equal("net.d/99-loopback.conf\n", _scene.Node());
        _scene.Installer().Uninstall();
    }

    [Fact]
    public async Task A_configuration_of_our_name_that_is_not_ours_stays()
    {
        await _scene.Installer().InstallAsync(Stop);
        File.WriteAllText(_scene.InConf("10-margay.conflist"), """{"plugins":[{"type":"bridge"}]}""");
        _scene.Installer().Uninstall();
        Assert.Equal("net.d/10-margay.conflist\n", _scene.Node());
        Assert.Contains(_scene.Log, line => line.StartsWith("Warning", StringComparison.Ordinal));
    }

    /// <summary>The lowest name wins: the earlier one would stay in force, and after an uninstall too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_configuration_of_an_earlier_name_does_not_stay(bool running)
    {
        await _scene.Installer().InstallAsync(Stop);
        _scene.Rename("20-margay.conflist");
        // Not placed by us: somebody chains our plugin in a configuration of theirs.
        File.WriteAllText(_scene.InConf("00-multus.conf"), """{"delegates":[{"plugins":[{"type":"margay-cni"}]}]}""");
        var installer = _scene.Installer();
        Assert.False(installer.IsInPlace());
        if (running) installer.Repair();
        else await installer.InstallAsync(Stop);
        Assert.True(installer.IsInPlace());
        Assert.EndsWith("net.d/.margay-placed\nnet.d/00-multus.conf\nnet.d/20-margay.conflist\n", _scene.Node(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_uninstall_takes_earlier_names_too()
    {
        await _scene.Installer().InstallAsync(Stop);
        _scene.Rename("20-margay.conflist");
        _scene.Installer().Uninstall();
        Assert.Equal("", _scene.Node());
        Directory.Delete(_scene.Options.ConfFolder);
        _scene.Installer().Uninstall();
    }

    [Fact]
    public async Task A_configuration_that_the_runtime_prefers_is_warned_about()
    {
        Directory.CreateDirectory(_scene.Options.ConfFolder);
        File.WriteAllText(_scene.InConf("05-cilium.conflist"), "{}");
        File.WriteAllText(_scene.InConf("00-notes.txt"), "no configuration");
        await _scene.Installer().InstallAsync(Stop);
        Assert.Contains("05-cilium.conflist", Assert.Single(_scene.Log, line => line.StartsWith("Warning", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_removes_is_put_back()
    {
        await _scene.Installer().InstallAsync(Stop);
        File.Delete(_scene.InConf("10-margay.conflist"));
        File.Delete(_scene.InBin("margay-cni"));
        _scene.Installer().Repair();
        Assert.Equal(Installed, _scene.Node());
    }

    [Fact]
    public async Task An_edited_configuration_is_placed_and_a_bad_edit_is_not()
    {
        await _scene.Installer().InstallAsync(Stop);
        _scene.Configure("""{"cniVersion":"1.0.0","name":"margay","plugins":[{"type":"margay-cni","mtu":1400}]}""");
        _scene.Installer().Repair();
        Assert.Contains("1400", File.ReadAllText(_scene.InConf("10-margay.conflist")), StringComparison.Ordinal);

        _scene.Configure("""{"cniVersion":"9.9","name":"margay","plugins":[]}""");
        _scene.Installer().Repair();
        Assert.Contains("1400", File.ReadAllText(_scene.InConf("10-margay.conflist")), StringComparison.Ordinal);
        Assert.Contains(_scene.Log, line => line.Contains("cniVersion is \"9.9\"; use one of 0.3.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "10-margay.conflist: ")]
    [InlineData("""{"cniVersion":"1.0.0","plugins":[]}""", "name is missing")]
    [InlineData("""{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"bridge"}]}""", "plugins has no entry of type \"margay-cni\"")]
    public async Task A_configuration_that_cannot_work_is_refused_before_anything_is_placed(string config, string says)
    {
        _scene.Configure(config);
        var refused = await Assert.ThrowsAsync<InstallException>(() => _scene.Installer().InstallAsync(Stop));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal("", _scene.Node());
    }

    public void Dispose() => _scene.Dispose();
}
