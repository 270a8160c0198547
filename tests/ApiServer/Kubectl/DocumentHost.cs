using Margay.ApiServer.Discovery;
using Margay.ApiServer.OpenApi;
using Margay.ApiServer.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>A server of nothing but discovery and OpenAPI, which is all that some commands of kubectl ask for.</summary>
public sealed class DocumentHost : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("margay-kubectl-").FullName;
    private WebApplication? _app;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapDiscovery(new DiscoveryDocuments(ServedKinds.All));
        _app.MapOpenApi(new OpenApiDocuments(ServedKinds.All, ServedKinds.Catalog, ServerVersion.Git));
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    internal Task<KubectlResult> RunAsync(KubectlProgram program, params string[] arguments) =>
        program.RunAsync(null, Path.Combine(_home, program.Name), ["-s", _address, .. arguments], null, null, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }
}
