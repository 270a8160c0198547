namespace Margay.ApiServer.Security.Tokens;

/// <summary>How tokens of service accounts are made and checked.</summary>
/// <param name="Issuer">Who says it: an https URL that stands in every token.</param>
/// <param name="Audiences">Whom this server is: a token for none of them is not for it.</param>
internal sealed record TokenSettings(string Issuer, IReadOnlyList<string> Audiences)
{
    /// <summary>The shortest life of a token, as in Kubernetes.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    /// <summary>The life of a token when nothing is asked for.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>The longest life: who asks for more gets this, and is told.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);
}
