using Margay.Answers.PolicyTests;
using Margay.Answers.Sources;
using Margay.Tests;
using Xunit;

namespace Margay.Answers.Tests.PolicyTests;

/// <summary>The policy tests of the shop and of the examples hold: documentation and demo promise what they do.</summary>
public sealed class ShippedTests
{
    [Theory]
    [InlineData("shop-tests", 12)]
    [InlineData("examples/tenants", 10)]
    [InlineData("examples/pci", 8)]
    public async Task Every_test_that_we_ship_passes(string folder, int tests)
    {
        var suite = new PolicyTestSuite(() => new ResourceSources(() => throw new InvalidOperationException("no cluster"), TextReader.Null) { Recursive = true }, [], AllowInvalid: false);

        var results = await suite.RunAsync(PolicyTestSuite.Find([RepositoryFolder.In("deploy", folder)]), TestContext.Current.CancellationToken);

        var failures = results.SelectMany(file => file.Results).SelectMany(result => result.Failures).ToArray();
        Assert.True(failures.Length == 0, string.Join('\n', failures));
        Assert.Equal(tests, results.Sum(file => file.Results.Length));
    }
}
