using Margay.Policy.Conversion;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>However a path is spelled, it is one path; and what servers read differently is none.</summary>
public sealed class HttpPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b/", "/a/b")]
    [InlineData("//a///b", "/a/b")]
    [InlineData("/a/./b/../c", "/a/c")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/%61/b", "/a/b")]
    [InlineData("/public/%2e%2e/admin", "/admin")]
    [InlineData("/public\\..\\admin", "/admin")]
    [InlineData("/public/..;x=1/admin;y", "/admin")]
    [InlineData("/a?b=/c", "/a")]
    [InlineData("/a#b", "/a")]
    public void Spellings_of_a_path(string target, string path)
    {
        Assert.True(HttpPath.TryNormalize(target, out string normal));
        Assert.Equal(path, normal);
        Assert.True(HttpPath.TryNormalize(normal, out string again));
        Assert.Equal(normal, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("http://host/a")]
    [InlineData("*")]
    [InlineData("/a%")]
    [InlineData("/a%2")]
    [InlineData("/a%zz")]
    [InlineData("/a%00b")]
    [InlineData("/%252e%252e/a")]
    [InlineData("/a%252Fb")]
    [InlineData("/a%255cb")]
    public void What_is_no_path(string target) => Assert.False(HttpPath.TryNormalize(target, out _));
}
