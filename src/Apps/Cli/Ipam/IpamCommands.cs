using System.CommandLine;
using System.Text.Json.Nodes;
using Margay.Cli.Output;
using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Ipam.Collection;

namespace Margay.Cli.Ipam;

/// <summary><c>margay ipam show|check|release</c>.</summary>
internal static class IpamCommands
{
    private static readonly Option<string> _output = Output();

    public static Command Build() => new("ipam", "Look at addresses, and release them.") { Show(), Check(), Release() };

    private static Command Show()
    {
        var blocks = new Option<bool>("--show-blocks") { Description = "Also the blocks of each pool." };
        var borrowed = new Option<bool>("--show-borrowed") { Description = "Addresses that are used on a node which does not own their block." };
        var address = new Option<string?>("--ip") { Description = "Who has this address." };
        var command = new Command("show", "Print how full pools and blocks are.") { blocks, borrowed, address, _output };
        command.SetAction((parsed, stop) => Invocation.RunAsync(
            () => WithSnapshotAsync(parsed, (snapshot, _) =>
            {
                if (parsed.GetValue(address) is { } text) ShowAddress(snapshot, text);
                else if (parsed.GetValue(borrowed)) ShowBorrowed(snapshot);
                else if (parsed.GetValue(_output) == "json") Console.Out.WriteLine(JsonText.Indented(UsageJson(snapshot)));
                else ShowUsage(snapshot, parsed.GetValue(blocks));
                return Task.FromResult(0);
            }, stop),
            stop));
        return command;
    }

    private static Command Check()
    {
        var command = new Command("check", "Look for leaked, doubled and contradictory addresses. Exit code 1 when there is a problem.") { _output };
        command.SetAction((parsed, stop) => Invocation.RunAsync(
            () => WithSnapshotAsync(parsed, (snapshot, _) =>
            {
                var report = IpamAudit.Examine(snapshot);
                if (parsed.GetValue(_output) == "json") Console.Out.WriteLine(JsonText.Indented(ReportJson(report)));
                else PrintReport(report);
                return Task.FromResult(report.Problems == 0 ? 0 : 1);
            }, stop),
            stop));
        return command;
    }

    private static Command Release()
    {
        var addresses = new Argument<string[]>("address") { Description = "The addresses.", Arity = ArgumentArity.OneOrMore };
        var force = new Option<bool>("--force") { Description = "Also addresses that a pod uses; it goes on using them." };
        var command = new Command("release", "Release addresses that nobody uses.") { addresses, force };
        command.SetAction((parsed, stop) => Invocation.RunAsync(
            () => WithSnapshotAsync(parsed, async (_, store) =>
            {
                var wanted = parsed.GetValue(addresses)!.Select(ParseAddress).ToArray();
                using var metrics = new IpamMetrics();
                var client = new IpamClient(store, new IpamClientOptions(), metrics, TimeProvider.System);
                var outcomes = await IpamRelease.ExecuteAsync(store, client, wanted, parsed.GetValue(force), stop);
                foreach (var outcome in outcomes)
                    Console.Out.WriteLine($"{outcome.Address}: {(outcome.Released ? "released" : "left as it is")}; {outcome.Explanation}");
                return outcomes.All(outcome => outcome.Released) ? 0 : 1;
            }, stop),
            stop));
        return command;
    }

    private static async Task<int> WithSnapshotAsync(ParseResult parsed, Func<IpamSnapshot, IIpamStore, Task<int>> work, CancellationToken stop)
    {
        var (client, _) = Connections.OpenTyped(parsed);
        using (client)
        {
            var store = new IpamStore(client);
            return await work(await IpamSnapshot.ReadAsync(store, stop), store);
        }
    }

    private static void ShowUsage(IpamSnapshot snapshot, bool blocks)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var pool in IpamUsage.Of(snapshot))
        {
            rows.Add(["IP Pool", .. Cells(pool.Pool)]);
            if (blocks) rows.AddRange(pool.Blocks.Select(block => (IReadOnlyList<string>)["Block", .. Cells(block)]));
        }
        new TablePrinter(Console.Out).Print(["Grouping", "Cidr", "Name", "Total", "In use", "Free", "Reserved", "Borrowed"], rows);
    }

    private static string[] Cells(UsageFigures figures) =>
    [
        figures.Cidr.ToString(), figures.Name, $"{figures.Capacity}", $"{figures.InUse} ({Percent(figures.InUse, figures.Capacity)}%)",
        $"{figures.Available} ({Percent(figures.Available, figures.Capacity)}%)", $"{figures.Reserved}", $"{figures.Borrowed}",
    ];

    private static string Percent(UInt128 part, UInt128 whole) => whole == 0 ? "0" : $"{(double)part / (double)whole * 100:0}";

    private static void ShowBorrowed(IpamSnapshot snapshot) =>
        new TablePrinter(Console.Out).Print(
            ["Ip", "Borrowing node", "Block", "Block owner", "Used by"],
            [.. IpamUsage.Borrowed(snapshot).Select(b => (IReadOnlyList<string>)[b.Address.ToString(), b.Borrower, b.Block.ToString(), b.Owner, b.User])]);

    private static void ShowAddress(IpamSnapshot snapshot, string text)
    {
        var address = ParseAddress(text);
        foreach (var block in snapshot.Blocks.Select(Readable).OfType<Block>())
        {
            if (block.Find(address) is not { } allocation) continue;
            Console.Out.WriteLine($"IP {address} is in use by {IpamUsage.UserOf(allocation.Owner)}");
            foreach (var (name, value) in allocation.Owner.Attributes) Console.Out.WriteLine($"  {name}: {value}");
            return;
        }
        Console.Out.WriteLine($"IP {address} is not assigned");
    }

    private static Block? Readable(Model.Resources.IPAMBlock record) => BlockRecord.TryRead(record, out var block, out _) ? block : null;

    private static void PrintReport(AuditReport report)
    {
        Console.Out.WriteLine($"{report.Allocations} addresses in {report.Blocks} blocks: {report.Problems} problems.");
        foreach (var finding in report.Findings)
            Console.Out.WriteLine($"  {(finding.IsNote ? "note" : "problem")} {finding.Kind} {finding.Subject}: {finding.Explanation}");
        if (report.Leaks.Count > 0) Console.Out.WriteLine($"Release leaked addresses with: margay ipam release {string.Join(' ', report.Leaks.Select(leak => leak.Address))}");
    }

    private static JsonArray UsageJson(IpamSnapshot snapshot)
    {
        var pools = new JsonArray();
        foreach (var pool in IpamUsage.Of(snapshot))
        {
            var figures = FiguresJson(pool.Pool);
            var blocks = new JsonArray();
            foreach (var block in pool.Blocks) blocks.Add((JsonNode)FiguresJson(block));
            figures["blocks"] = blocks;
            pools.Add((JsonNode)figures);
        }
        return pools;
    }

    private static JsonObject FiguresJson(UsageFigures figures) => new()
    {
        ["name"] = figures.Name,
        ["cidr"] = figures.Cidr.ToString(),
        ["total"] = figures.Capacity.ToString(),
        ["inUse"] = figures.InUse.ToString(),
        ["free"] = figures.Available.ToString(),
        ["reserved"] = figures.Reserved.ToString(),
        ["borrowed"] = figures.Borrowed.ToString(),
    };

    private static JsonObject ReportJson(AuditReport report)
    {
        var findings = new JsonArray();
        foreach (var finding in report.Findings)
        {
            findings.Add((JsonNode)new JsonObject
            {
                ["kind"] = finding.Kind.ToString(), ["subject"] = finding.Subject, ["explanation"] = finding.Explanation, ["problem"] = !finding.IsNote,
            });
        }
        return new JsonObject { ["blocks"] = report.Blocks, ["addresses"] = report.Allocations, ["problems"] = report.Problems, ["findings"] = findings };
    }

    private static IpAddr ParseAddress(string text) =>
        IpAddr.TryParse(text, out var address) ? address : throw new CliException($"'{text}' is not an IP address.");

    private static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o") { Description = "ps or json.", DefaultValueFactory = _ => "ps" };
        option.AcceptOnlyFromAmong("ps", "json");
        return option;
    }
}
