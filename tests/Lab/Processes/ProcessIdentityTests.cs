using Margay.Lab.Processes;

namespace Margay.Lab.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void A_name_with_spaces_and_parentheses_does_not_shift_the_fields()
    {
        const string Stat = "42 (a ) S (b) S 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 2";

        Assert.Equal(new ProcessIdentity(42, 987654), ProcessIdentity.Parse(42, Stat));
    }

    [Fact]
    public void A_zombie_is_not_alive() =>
        Assert.Null(ProcessIdentity.Parse(42, "42 (sh) Z 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 2"));

    [Fact]
    public void This_process_is_alive_and_one_with_another_start_time_is_not()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId);

        Assert.True(self?.IsAlive);
        Assert.False((self!.Value with { StartTime = 1 }).IsAlive);
    }

    [Fact]
    public void What_is_saved_is_loaded_and_rubbish_is_nothing()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("margay-lab-").FullName, "pid");
        new ProcessIdentity(7, 8).Save(path);
        Assert.Equal(new ProcessIdentity(7, 8), ProcessIdentity.Load(path));

        File.WriteAllText(path, "seven");
        Assert.Null(ProcessIdentity.Load(path));
        Assert.Null(ProcessIdentity.Load(path + "x"));
    }
}
