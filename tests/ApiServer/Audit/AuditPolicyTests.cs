using Margay.ApiServer.Audit;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Audit;

public sealed class AuditPolicyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_first_rule_about_a_request_decides_and_what_none_is_about_is_not_recorded()
    {
        AuditPolicy policy = Read("""
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: None
              users: ["system:kube-proxy"]
              verbs: [watch]
            - level: None
              nonResourceURLs: ["/healthz*", /version]
            - level: Request
              userGroups: [auditors]
              omitStages: [ResponseStarted]
            - level: RequestResponse
              namespaces: [shop]
              resources:
              - group: ""
                resources: [pods, "services/*", "*/scale"]
            - level: Metadata
              resources:
              - group: projectcalico.org
                resourceNames: [strict]
            """);

        AuditLevel Level(AccessRequest request) => policy.RuleFor(request).Level;
        Assert.Equal(AuditLevel.None, Level(Ask("pods", "watch") with { User = new UserInfo("system:kube-proxy", ["auditors"]) }));
        Assert.Equal(AuditLevel.None, Level(new AccessRequest(new UserInfo("u", ["auditors"]), "get") { Path = "/healthz/etcd" }));
        Assert.Equal(AuditLevel.Request, Level(Ask("nodes") with { User = new UserInfo("u", ["auditors"]) }));
        Assert.Equal(["RequestReceived", "ResponseStarted"], policy.RuleFor(Ask("nodes") with { User = new UserInfo("u", ["auditors"]) }).OmitStages.AsEnumerable());
        Assert.Equal(AuditLevel.RequestResponse, Level(Ask("pods")));
        Assert.Equal(AuditLevel.None, Level(Ask("pods") with { Namespace = "other" }));
        Assert.Equal(AuditLevel.None, Level(Ask("pods") with { Subresource = "log" }));
        Assert.Equal(AuditLevel.RequestResponse, Level(Ask("services") with { Subresource = "status" }));
        Assert.Equal(AuditLevel.None, Level(Ask("services")));
        Assert.Equal(AuditLevel.RequestResponse, Level(Ask("things") with { Subresource = "scale" }));
        Assert.Equal(AuditLevel.Metadata, Level(Ask("tiers") with { Group = "projectcalico.org", Name = "strict" }));
        Assert.Equal(AuditLevel.None, Level(Ask("tiers") with { Group = "projectcalico.org", Name = "other" }));
    }

    [Fact]
    public void Bodies_of_secrets_and_tokens_are_not_recorded_by_any_rule()
    {
        AuditPolicy policy = Read("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: RequestResponse}]\n");
        Assert.Equal(AuditLevel.Metadata, policy.RuleFor(Ask("secrets")).Level);
        Assert.Equal(AuditLevel.Metadata, policy.RuleFor(Ask("serviceaccounts") with { Subresource = "token" }).Level);
        Assert.Equal(AuditLevel.Metadata, policy.RuleFor(Ask("tokenreviews") with { Group = "authentication.k8s.io" }).Level);
        Assert.Equal(AuditLevel.RequestResponse, policy.RuleFor(Ask("serviceaccounts")).Level);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Policy\nrules: [{level: None}]", "apiVersion and kind")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy", "rules")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Everything}]", "rules[0].level")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}, {level: None, user: [a]}]", "rules[1].user")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, omitStages: [Late]}]", "rules[0].omitStages")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, verbs: get}]", "rules[0].verbs")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, resources: [{groups: [x]}]}]", "rules[0].resources[0].groups")]
    [InlineData("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None, namespaces: [a], nonResourceURLs: [/x]}]", "rules[0].nonResourceURLs")]
    [InlineData("[]", "not an object")]
    public void A_mistake_is_named_by_file_and_field(string text, string field)
    {
        string message = Assert.Throws<FormatException>(() => Read(text)).Message;
        Assert.Contains(_file, message, StringComparison.Ordinal);
        Assert.Contains(field, message, StringComparison.Ordinal);
    }

    private AuditPolicy Read(string text)
    {
        File.WriteAllText(_file, text);
        return AuditPolicy.Read(_file);
    }

    private static AccessRequest Ask(string resource, string verb = "get") => new(new UserInfo("u", []), verb) { Resource = resource, Namespace = "shop" };
}
