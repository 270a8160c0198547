using Margay.ApiServer.Admission;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Lifecycle;
using Margay.ApiServer.Patch;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Watch;

namespace Margay.ApiServer.Hosting;

/// <summary>The parts of a server, put together: the one place that knows all of them.</summary>
internal sealed class Composition
{
    public Composition(
        IStorage storage, WatchSettings watches, RoleAuthorizer? roles, TimeProvider time, KindTable? served = null, Lazy<SchemaCatalog>? schemas = null,
        IAuthorizer? rights = null)
    {
        KindTable kinds = served ?? new KindTable(ServedKinds.Stored);
        Lazy<SchemaCatalog> catalog = schemas ?? ServedKinds.Catalog;
        var admission = new AdmissionChain(
            [new NamespaceRule(storage, kinds), new TierRule(storage, kinds), new PodRule(), new DefaultsRule(), new PoolRule(storage, kinds), new PeerRule(storage, kinds),
                .. roles is null ? Array.Empty<IAdmissionRule>() : [new EscalationRule(roles)]],
            new MeaningValidator(new SchemaValidator(catalog)));
        Authorizer = new TierAuthorizer(rights ?? (roles is null ? new AlwaysAllow() : roles), new StoredTiers(storage, kinds));
        var context = new ObjectContext(storage, kinds, admission, Authorizer, catalog, time);
        var lists = new ListReader(storage);
        Operations = new ObjectOperations(
            context, lists, new ObjectCreation(context), new ObjectUpdate(context), new ObjectDeletion(context));
        Resources = new ResourceEndpoint(
            kinds,
            new ReadEndpoint(context, lists, new WatchEndpoint(context, lists, watches)),
            new WriteEndpoint(context, Operations.Creation, Operations.Update, new Patches(catalog),
                new FieldValidation(catalog)),
            new DeleteEndpoint(context, Operations.Deletion, lists));
    }

    /// <summary>Says who may do what.</summary>
    public TierAuthorizer Authorizer { get; }

    public ObjectOperations Operations { get; }

    public ResourceEndpoint Resources { get; }
}
