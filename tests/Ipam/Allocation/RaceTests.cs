using System.Globalization;
using Margay.Ipam.Tests.Support;
using Xunit;

namespace Margay.Ipam.Tests.Allocation;

public sealed class RaceTests
{
    // More with MARGAY_IPAM_RACES=100000, for a soak; MARGAY_IPAM_SEED is the first, to see one again.
    private static readonly int Runs = Setting("MARGAY_IPAM_RACES", 250);

    [Fact]
    public void Racing_processes_that_die_anywhere_give_nothing_twice_and_lose_nothing()
    {
        int assigned = 0, ready = 0;
        int first = Setting("MARGAY_IPAM_SEED", 1);
        for (int seed = first; seed < first + Runs; seed++)
        {
            var random = new Random(seed);
            var setting = RaceSetting.From(random);
            int oneIn = random.Next(4) == 0 ? int.MaxValue : random.Next(3, 20);
            using var model = new RaceModel(seed, setting)
            {
                Fate = (_, _) => random.Next(oneIn) == 0 ? (Scheduler.Death)random.Next(1, 4) : Scheduler.Death.None,
            };
            Run(model, $"seed {seed}, {setting}");
            assigned += model.Assigned;
            ready += model.TakenReady;
        }
        // A few seeds seen again need not have done everything.
        if (Runs < 100) return;
        Assert.True(assigned > Runs, $"only {assigned} addresses were given: the model does not do its work");
        Assert.True(ready > Runs / 2, $"only {ready} addresses were ready: the model does not do its work");
    }

    [Theory]
    [InlineData(false, false, null)]
    [InlineData(true, false, null)]
    [InlineData(false, true, null)]
    [InlineData(false, false, 2)]
    [InlineData(false, true, 2)]
    public void Each_crash_point_of_each_process_is_survived(bool alwaysRecord, bool dualStack, int? warm)
    {
        var setting = new RaceSetting { Nodes = 2, Steps = 5, BlockSize = warm is null ? 30 : 29, AlwaysRecord = alwaysRecord, DualStack = dualStack, Warm = warm };
        int points = 0;
        for (int seed = 1; seed <= Math.Max(3, Runs / 200); seed++)
        {
            foreach (string victim in (string[])["n0p0", "n1p0", "collector"])
            {
                foreach (var death in Enum.GetValues<Scheduler.Death>().Where(d => d != Scheduler.Death.None))
                {
                    // Until the victim has no further write at which it could die.
                    for (int point = 0, died = 1; died > 0; point++)
                    {
                        died = 0;
                        using var model = new RaceModel(seed, setting);
                        int write = 0;
                        model.Fate = (process, _) =>
                        {
                            if (process != victim || write++ != point) return Scheduler.Death.None;
                            died++;
                            return death;
                        };
                        Run(model, $"seed {seed}, {victim} dies at write {point}: {death}");
                        points += died;
                    }
                }
            }
        }
        Assert.True(points > 60, $"only {points} crash points were tried");
    }

    private static int Setting(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : usual;

    private static void Run(RaceModel model, string what)
    {
        try
        {
            model.Run();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{what}, step {model.Scheduler.Steps}: {error.Message}", error);
        }
    }
}
