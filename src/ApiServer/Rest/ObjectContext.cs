using Margay.ApiServer.Admission;
using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>What every operation on objects works with.</summary>
/// <param name="Storage">Where they are.</param>
/// <param name="Kinds">What they are.</param>
/// <param name="Admission">What they may be.</param>
/// <param name="Tiers">Who may touch them, where that depends on what they are.</param>
/// <param name="Schemas">What they look like.</param>
/// <param name="Time">Stamps them.</param>
internal sealed record ObjectContext(IStorage Storage, KindTable Kinds, AdmissionChain Admission, TierAuthorizer Tiers, Lazy<SchemaCatalog> Schemas, TimeProvider Time)
{
    /// <summary>Attempts of a change that races with others before the client is asked to try again.</summary>
    public const int Attempts = 20;

    /// <summary>The time as Kubernetes writes it.</summary>
    public string Now() => Stamp(Time.GetUtcNow());

    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
