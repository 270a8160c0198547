using Margay.ApiServer.Tests;

[assembly: AssemblyFixture(typeof(TestServer))]
