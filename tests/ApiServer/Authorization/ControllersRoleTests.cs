using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Authorization;

/// <summary>What the controllers may do: their work, and no more.</summary>
public sealed class ControllersRoleTests(TestServer server)
{
    [Fact]
    public async Task Controllers_may_do_their_work_and_nothing_else()
    {
        string space = await server.NamespaceAsync();
        var authority = CertificateAuthority.Open(server.Pki, TimeProvider.System);
        using var user = new ApiClient(server.Host.Address, server.Authority, authority.Client("margay-controllers", ["margay:controllers"]));
        string services = $"/api/v1/namespaces/{space}/services", leases = $"/apis/coordination.k8s.io/v1/namespaces/{space}/leases";
        const string Calico = "/apis/projectcalico.org/v3";
        (await server.Client.PostAsync(services, """{"metadata":{"name":"web"},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""")).Expect(201);
        (await server.Client.PostAsync(leases, """{"metadata":{"name":"someone-elses"}}""")).Expect(201);

        (await user.GetAsync("/api/v1/services")).Expect(200);
        (await user.PutAsync($"{services}/web/status", """{"metadata":{"name":"web"},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""")).Expect(200);
        (await user.PostAsync(leases, """{"metadata":{"name":"margay-controllers"},"spec":{"holderIdentity":"a","leaseDurationSeconds":15}}""")).Expect(201);
        (await user.PutAsync($"{leases}/margay-controllers", """{"metadata":{"name":"margay-controllers"},"spec":{"holderIdentity":"b"}}""")).Expect(200);
        (await user.PostAsync($"/api/v1/namespaces/{space}/events", $$$"""{"metadata":{"name":"e"},"involvedObject":{"kind":"Service","namespace":"{{{space}}}","name":"web"}}""")).Expect(201);
        (await user.GetAsync($"{Calico}/hostendpoints")).Expect(200);

        (await user.PutAsync($"{services}/web", """{"metadata":{"name":"web"},"spec":{"ports":[{"port":81}]}}""")).Expect(403);
        (await user.PutAsync($"{leases}/someone-elses", """{"metadata":{"name":"someone-elses"},"spec":{"holderIdentity":"b"}}""")).Expect(403);
        (await user.DeleteAsync($"{leases}/margay-controllers")).Expect(403);
        (await user.PostAsync($"{Calico}/ippools", """{"metadata":{"name":"p"},"spec":{"cidr":"10.0.0.0/24"}}""")).Expect(403);
        (await user.GetAsync("/api/v1/secrets")).Expect(403);
        (await user.GetAsync("/api/v1/serviceaccounts")).Expect(403);
        (await user.PostAsync($"/api/v1/namespaces/{space}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(403);
    }
}
