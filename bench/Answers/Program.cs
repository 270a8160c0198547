using System.Diagnostics;
using System.Globalization;
using Margay.Answers.Completion;
using Margay.Answers.Plan;
using Margay.Answers.Verify;
using Margay.Answers.Worlds;
using Margay.Bench.Answers;

// 500 services with 20 pods and 2 policies each: 10,000 pods, 1,000 policies. Objects are made outside the clock.
// "wide" instead: 1,000 cluster-wide policies that all select every pod. "hosts" beside them: 1,000 nodes with automatic host endpoints.
bool wide = args is [_, "wide"];
int nodes = args is [_, "hosts"] ? 1000 : 0;
int services = 500;
switch (args)
{
    case ["plan", ..]:
        Plan();
        return 0;
    case ["verify", ..]:
        Verify();
        return 0;
    default:
        Console.Error.WriteLine("usage: Margay.Bench.Answers plan [wide|hosts] | verify [wide|hosts]");
        return 1;
}

void Plan()
{
    var before = wide ? Microservices.MakeWide(services, 20, 2 * services, -1) : Microservices.Make(services, 20, _ => 8080);
    // Ten services move to another port.
    var after = wide ? Microservices.MakeWide(services, 20, 2 * services, 999) : Microservices.Make(services, 20, service => service % (services / 10) == 0 ? 9090 : 8080);
    if (nodes > 0) Microservices.AddHosts(before, nodes, 9100);
    if (nodes > 0) Microservices.AddHosts(after, nodes, 9101);
    var clock = Stopwatch.StartNew();
    WorldCompletion.Complete(before, after);
    Say(clock, "completed");
    var (old, now) = PolicyWorld.Both(before, after);
    Say(clock, "calculated both policies");
    var answer = Planning.Run(old, now, what => Say(clock, what), CancellationToken.None);
    Say(clock, $"{answer.Lines.Length} lines, {answer.Lines.Sum(l => l.Pairs)} pairs");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"plan: {services * 20} pods, {services * 2} policies: {clock.Elapsed.TotalSeconds:F2} s"));
}

void Verify()
{
    var objects = wide ? Microservices.MakeWide(services, 20, 2 * services, -1) : Microservices.Make(services, 20, _ => 8080);
    if (nodes > 0) Microservices.AddHosts(objects, nodes, 9100);
    var invariants = InvariantReader.Read("bench", """
        invariants:
          - { name: dev never reaches prod's data, mayBeEmpty: true, deny: { from: { namespaceSelector: env == 'dev' }, to: { namespaceSelector: env == 'prod', selector: tier == 'data' }, ports: [5432] } }
          - { name: nothing from the internet, deny: { from: { internet: true } } }
          - { name: DNS for all, allow: { to: { cidr: 192.0.2.53 }, ports: [53/udp] } }
          - { name: no pod reaches another one, deny: { from: { selector: all() }, to: { selector: all() } } }
        """);
    var clock = Stopwatch.StartNew();
    WorldCompletion.Complete(objects);
    var world = new PolicyWorld(objects);
    Say(clock, "calculated the policy");
    var answer = Verification.Run(world, invariants, true, what => Say(clock, what), CancellationToken.None);
    foreach (var result in answer.Invariants) Console.WriteLine($"  {result.Invariant.Name}: {result.Outcome}, {result.Pairs} pairs, {result.Breaches.Length} breaches");
    Console.WriteLine($"  {answer.Hygiene.Length} findings, {answer.Classes} classes");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"verify: {answer.Pods} pods, {answer.Policies} policies: {clock.Elapsed.TotalSeconds:F2} s"));
}

static void Say(Stopwatch clock, string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {clock.Elapsed.TotalSeconds:F2} s (processor {Environment.CpuUsage.TotalTime.TotalSeconds:F2} s) {what}"));
