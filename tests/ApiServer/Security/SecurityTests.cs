using System.Net;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Security;

public sealed class SecurityTests(TestServer server)
{
    [Fact]
    public async Task Without_credentials_only_health_and_version_are_told()
    {
        using var anonymous = new ApiClient(server.Host.Address, server.Authority, null);
        foreach (string open in (string[])["/healthz", "/livez", "/readyz", "/version"]) Assert.Equal(200, (await anonymous.GetAsync(open)).Code);
        foreach (string closed in (string[])["/api", "/apis", "/api/v1/namespaces", "/metrics", "/openapi/v2", "/nothing"])
            (await anonymous.GetAsync(closed)).Expect(401, "Unauthorized");
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_nobody()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-ca-");
        try
        {
            using X509Certificate2 foreign = CertificateAuthority.Open(folder.FullName, TimeProvider.System).Client("root", ["system:masters"]);
            using var client = new ApiClient(server.Host.Address, server.Authority, foreign);
            (await client.GetAsync("/api/v1/namespaces")).Expect(401);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_servers_own_certificate_does_not_make_a_client()
    {
        using X509Certificate2 serving = X509Certificate2.CreateFromPemFile(Path.Combine(server.Pki, "server.crt"), Path.Combine(server.Pki, "server.key"));
        using var client = new ApiClient(server.Host.Address, server.Authority, serving);
        (await client.GetAsync("/api/v1/namespaces")).Expect(401);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_even_beside_a_good_certificate()
    {
        using X509Certificate2 admin = X509Certificate2.CreateFromPemFile(Path.Combine(server.Pki, "admin.crt"), Path.Combine(server.Pki, "admin.key"));
        using var client = new ApiClient(server.Host.Address, server.Authority, admin, token: "wrong");
        (await client.GetAsync("/api/v1/namespaces")).Expect(401);
    }

    [Theory]
    [InlineData("X-Remote-User", "margay-admin")]
    [InlineData("X-Remote-Group", "system:masters")]
    [InlineData("X-Remote-Extra-Scopes", "all")]
    [InlineData("X-Forwarded-User", "margay-admin")]
    public async Task Headers_of_a_proxy_make_nobody_somebody(string header, string value)
    {
        var authority = CertificateAuthority.Open(server.Pki, TimeProvider.System);
        using X509Certificate2 mine = authority.Client("somebody", []);
        using var anonymous = new ApiClient(server.Host.Address, server.Authority, null);
        using var somebody = new ApiClient(server.Host.Address, server.Authority, mine);
        IEnumerable<(string, string)> forged = [("X-Remote-User", "margay-admin"), ("X-Remote-Group", "system:masters"), (header, value)];

        (await anonymous.SendAsync(HttpMethod.Get, "/api/v1/namespaces", null, headers: forged)).Expect(401);
        (await somebody.SendAsync(HttpMethod.Get, "/api/v1/namespaces", null, headers: forged)).Expect(403);
    }

    [Fact]
    public void A_certificate_names_its_user_and_all_groups()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-ca-");
        try
        {
            var authority = CertificateAuthority.Open(folder.FullName, TimeProvider.System);
            using X509Certificate2 certificate = authority.Client("system:node:n1", ["system:nodes", "b"]);
            UserInfo? user = new ClientCertificates([authority.Certificate], TimeProvider.System).Read(certificate);
            Assert.Equal("system:node:n1", user?.Name);
            Assert.Equal(["b", "system:authenticated", "system:nodes"], user!.Groups.Order(StringComparer.Ordinal));
            foreach (string key in Directory.GetFiles(folder.FullName, "*.key"))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_servers_certificate_is_kept_until_it_has_to_name_something_else()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-ca-");
        try
        {
            using X509Certificate2 first = CertificateAuthority.Open(folder.FullName, TimeProvider.System).Server(folder.FullName, ["a.example", "10.0.0.1"]);
            using X509Certificate2 second = CertificateAuthority.Open(folder.FullName, TimeProvider.System).Server(folder.FullName, ["10.0.0.1", "a.example"]);
            using X509Certificate2 third = CertificateAuthority.Open(folder.FullName, TimeProvider.System).Server(folder.FullName, ["10.0.0.1", "b.example"]);
            Assert.Equal(first.Thumbprint, second.Thumbprint);
            Assert.NotEqual(first.Thumbprint, third.Thumbprint);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_token_file_is_read_and_its_mistakes_are_named_by_line()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# people\nsecret,alice,1,\"dev,ops\"\nother,bob,2\n");
            TokenFile tokens = TokenFile.Read(path);
            Assert.Equal(["dev", "ops", "system:authenticated"], tokens.Find("secret")!.Groups);
            Assert.Equal("bob", tokens.Find("other")!.Name);
            Assert.Null(tokens.Find("secre"));
            File.WriteAllText(path, "good,alice,1\nbad\n");
            Assert.Contains("line 2", Assert.Throws<FormatException>(() => TokenFile.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_does_not_start()
    {
        string data = Path.GetDirectoryName(server.Pki)!;
        var options = new ApiServerOptions { DataDirectory = data, Listen = [new IPEndPoint(IPAddress.Loopback, 0)] };
        var refused = await Assert.ThrowsAsync<StartException>(() => ApiServerHost.StartAsync(options, CancellationToken.None));
        Assert.Contains("in use by another server", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_listen_says_where()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-start-");
        try
        {
            foreach (string place in (string[])["203.0.113.9:1", new Uri(server.Host.Address).Authority])
            {
                var options = new ApiServerOptions { DataDirectory = folder.FullName, Listen = [IPEndPoint.Parse(place)] };
                var refused = await Assert.ThrowsAsync<StartException>(() => ApiServerHost.StartAsync(options, CancellationToken.None));
                Assert.Contains($"cannot listen at {place}", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Metrics_count_requests_and_commits()
    {
        (await server.Client.GetAsync("/api/v1/namespaces")).Expect(200);
        Answer metrics = await server.Client.GetAsync("/metrics");
        Assert.Contains("apiserver_request_total{verb=\"LIST\",group=\"\",version=\"v1\",resource=\"namespaces\",code=\"200\"}", metrics.Text, StringComparison.Ordinal);
        Assert.Contains("margay_storage_commit_duration_seconds_count", metrics.Text, StringComparison.Ordinal);
    }
}
