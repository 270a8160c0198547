using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>HTTP requests, rejecting, times, hints.</summary>
public sealed class ExtensionTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly ClusterPolicy _cluster = new();

    public ExtensionTests() => _cluster.Apply([Make.Namespace("red"), Make.Pod("red", "b", "10.0.0.2", "app=b")]);

    private static T Extended<T>(T resource) where T : Resource
    {
        resource.Metadata.Annotations = new() { ["margay.io/extensions"] = "true" };
        return resource;
    }

    private static NetworkPolicy Policy(string name, params Rule[] rules) => Make.Policy("red", name, new() { Selector = "app == 'b'", Ingress = [.. rules] });

    private Verdict Ask(HttpRequest? http = null, ushort port = 80) => new Evaluator(_cluster.State).Evaluate(
        new EndpointId("red", "b", "eth0"), PolicyDirection.Ingress, new Packet(IpAddr.Parse("192.0.2.1"), IpAddr.Parse("10.0.0.2"), 6) { DestinationPort = port, Http = http });

    private static string Show(Verdict verdict) => $"{verdict.Allowed} {verdict.Decider}";

    [Fact]
    public void A_rule_about_requests_matches_those_requests_and_without_any_nothing()
    {
        _cluster.Apply([Policy("p", new Rule { Action = "Allow", Http = new() { Methods = ["GET", "HEAD"], Paths = [new() { Exact = "/a" }, new() { Prefix = "/pub/" }] } })]);
        Assert.True(Ask(new("GET", "/a")).Allowed);
        Assert.True(Ask(new("HEAD", "/a/?x=y")).Allowed);
        Assert.True(Ask(new("GET", "/pub")).Allowed);
        Assert.True(Ask(new("GET", "/pub/x/y")).Allowed);
        Assert.False(Ask(new("GET", "/public")).Allowed);
        Assert.False(Ask(new("GET", "/pub/../admin")).Allowed);
        Assert.False(Ask(new("GET", "/a/b")).Allowed);
        Assert.False(Ask(new("POST", "/a")).Allowed);
        Assert.False(Ask(new("get", "/a")).Allowed);
        Assert.False(Ask(new("GET", "/%252e%252e")).Allowed);
        Assert.False(Ask().Allowed);
        Assert.Empty(_cluster.Problems);
    }

    [Fact]
    public void Empty_lists_and_the_star_fit_every_request_that_somebody_has_seen()
    {
        _cluster.Apply([Policy("p", new Rule { Action = "Allow", Http = new() })]);
        Assert.True(Ask(new("BREW", "*")).Allowed);
        Assert.False(Ask().Allowed);
        _cluster.Apply([Policy("p", new Rule { Action = "Allow", Http = new() { Methods = ["*"], Paths = [new() { Prefix = "/" }] } })]);
        Assert.True(Ask(new("BREW", "/x")).Allowed);
        Assert.False(Ask(new("BREW", "*")).Allowed);
    }

    [Theory]
    [InlineData("Deny", "http: only an Allow rule can name requests")]
    [InlineData("Log", "http: only an Allow rule can name requests")]
    public void Only_allow_rules_name_requests(string action, string problem)
    {
        _cluster.Apply([Policy("p", new Rule { Action = action, Http = new() }, Make.Allow())]);
        Assert.Equal(action == "Log", Ask().Allowed);
        Assert.Equal($"Ingress rule 0: {problem}", Assert.Single(_cluster.Problems).Text);
    }

    [Fact]
    public void To_reject_is_to_deny_and_to_say_so_where_the_object_allows_it()
    {
        _cluster.Apply([Extended(Policy("p", Make.Rule("Reject", null, new() { Ports = [PolicyPort.Single(80)] }, Protocol.Tcp)))]);
        Assert.True(Ask() is { Allowed: false, Rejected: true, Reason: VerdictReason.Rule });
        Assert.True(Ask(port: 81) is { Allowed: false, Rejected: false, Reason: VerdictReason.EndOfTier });
        _cluster.Apply([Extended(Make.Tier("default", 1e6, "Reject"))]);
        Assert.True(Ask(port: 81) is { Allowed: false, Rejected: true });
        // Without the annotation the word is not known: denied, and silently.
        _cluster.Apply([Make.Tier("default", 1e6, "Reject"), Policy("p", Make.Rule("Reject"))]);
        Assert.True(Ask() is { Allowed: false, Rejected: false });
        Assert.Equal("Ingress rule 0: action: 'Reject' is unknown", Assert.Single(_cluster.Problems).Text);
    }

    [Fact]
    public void A_policy_counts_from_its_first_instant_until_before_its_last()
    {
        var policy = Extended(Policy("p", Make.Deny()));
        policy.Spec.ValidFrom = "2030-01-31T13:00:00+01:00";
        policy.Spec.ValidUntil = "2030-01-31T14:00:00Z";
        _cluster.Apply([policy]);
        foreach (var (minutes, allowed) in ((int, bool)[])[(-1, true), (0, false), (119, false), (120, true), (60, false), (-60, true)])
        {
            _cluster.SetTime(Noon.AddMinutes(minutes));
            Assert.Equal(allowed, Ask().Allowed);
        }
    }

    [Fact]
    public void While_the_time_is_not_known_a_timed_policy_denies()
    {
        var policy = Extended(Policy("glass", Make.Allow()));
        policy.Spec.ValidUntil = "2030-01-31T12:00:00Z";
        _cluster.Apply([policy]);
        Assert.False(Ask().Allowed);
        Assert.Equal("validFrom, validUntil: nobody has said what time it is", Assert.Single(_cluster.Problems).Text);
        _cluster.SetTime(Noon.AddSeconds(-1));
        Assert.Equal("True default/np:red/glass/ingress/0", Show(Ask()));
        Assert.Empty(_cluster.Problems);
    }

    [Theory]
    [InlineData("yesterday", true, "validUntil: 'yesterday' is no instant")]
    [InlineData("2031-01-31T12:00:00", true, "validUntil: '2031-01-31T12:00:00' is no instant")]
    [InlineData("2031-01-31T12:00:00Z", false, "validFrom, validUntil: need the annotation margay.io/extensions: \"true\"")]
    public void A_policy_of_which_it_cannot_be_known_when_it_counts_denies(string until, bool extended, string problem)
    {
        var policy = Policy("glass", Make.Allow());
        if (extended) Extended(policy);
        policy.Spec.ValidUntil = until;
        _cluster.SetTime(Noon);
        _cluster.Apply([policy]);
        Assert.Equal("False default/np:red/glass/ingress/0", Show(Ask()));
        Assert.Equal(problem, Assert.Single(_cluster.Problems).Text);
    }

    [Fact]
    public void The_graph_says_when_it_wants_to_be_told_the_time()
    {
        var graph = new PolicyGraph("n1");
        Assert.Null(graph.NextTime);
        NetworkPolicy Timed(string name, string? from, string? until)
        {
            var policy = Extended(Policy(name, Make.Allow()));
            (policy.Spec.ValidFrom, policy.Spec.ValidUntil) = (from, until);
            return policy;
        }

        graph.SetTime(Noon);
        graph.Apply(Make.Update(Timed("a", "2030-01-31T13:00:00Z", null)));
        graph.Apply(Make.Update(Timed("b", null, "2030-01-31T12:30:00Z")));
        graph.Apply(Make.Update(Timed("never", "2030-01-31T12:20:00Z", "2030-01-31T12:10:00Z")));
        Assert.Equal(Noon.AddMinutes(30), graph.NextTime);
        graph.SetTime(Noon.AddMinutes(30));
        Assert.Equal(Noon.AddMinutes(60), graph.NextTime);
        graph.SetTime(Noon.AddMinutes(60));
        Assert.Null(graph.NextTime);
        graph.SetTime(Noon);
        Assert.Equal(Noon.AddMinutes(30), graph.NextTime);
        graph.Apply(Make.Gone(Timed("b", null, null)));
        Assert.Equal(Noon.AddMinutes(60), graph.NextTime);
    }

    [Fact]
    public void A_hint_keeps_a_policy_ready_where_it_selects_nothing()
    {
        var graph = new PolicyGraph("n1");
        graph.MarkInSync();
        graph.Drain();
        var policy = Make.Global("g", new() { Selector = "nobody == 'here'", PerformanceHints = ["AssumeNeededOnEveryNode"], Ingress = [Make.Allow(new() { Selector = "x == 'y'" })] });
        graph.Apply(Make.Update(policy));
        Assert.Equal(["IpSetUpdate", "PolicyUpdate"], graph.Drain().Select(u => u.GetType().Name));
        policy.Spec.PerformanceHints = null;
        graph.Apply(Make.Update(policy));
        Assert.Equal(["PolicyRemove", "IpSetRemove"], graph.Drain().Select(u => u.GetType().Name));
    }
}
