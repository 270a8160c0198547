using Margay.Cni.Protocol;
using Xunit;

namespace Margay.Cni.Tests.Protocol;

public sealed class CniVersionTests
{
    [Theory]
    [InlineData("0.3.1", true, false, false)]
    [InlineData("0.4.0", true, true, false)]
    [InlineData("1.0.0", false, true, false)]
    [InlineData("1.1.0", false, true, true)]
    public void Each_version_brings_what_the_specification_says(string text, bool addressVersion, bool check, bool gc)
    {
        Assert.True(CniVersion.TryParse(text, out var version));
        Assert.True(version.IsSupported);
        Assert.Equal((addressVersion, check, gc), (version.HasAddressVersion, version.HasCheck, version.HasGcAndStatus));
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("1.0.0.0")]
    [InlineData("1.0.x")]
    [InlineData("-1.0.0")]
    [InlineData(" 1.0.0")]
    [InlineData(null)]
    public void Other_texts_are_no_versions(string? text) => Assert.False(CniVersion.TryParse(text, out _));

    [Theory]
    [InlineData("0.2.0")]
    [InlineData("1.2.0")]
    public void Other_versions_are_not_supported(string text)
    {
        Assert.True(CniVersion.TryParse(text, out var version));
        Assert.False(version.IsSupported);
    }
}
