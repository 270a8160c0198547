using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Kubernetes;

/// <summary>
/// Profiles of a cluster that keeps custom resources: they are no objects there. Each namespace is one (<c>kns.NAMESPACE</c>, everything
/// allowed, its labels inherited), each service account is one (<c>ksa.NAMESPACE.NAME</c>, labels alone), and one more is always there.
/// They are read, and changed by changing those. Names, labels and uids are upstream's.
/// </summary>
/// <param name="cluster">The cluster.</param>
internal sealed class DerivedProfiles(IResourceStore cluster)
{
    private const string OfNamespace = "kns.";
    private const string OfAccount = "ksa.";
    private const string AllowAll = "projectcalico-default-allow";
    private const string NameLabel = "projectcalico.org/name";

    /// <summary>The kind.</summary>
    public static KindInfo Kind { get; } = KindRegistry.Of<Profile>();

    /// <summary>What they follow from, and how.</summary>
    public static IReadOnlyList<(KindInfo Kind, Func<Resource, Resource> Profile)> Sources { get; } =
    [
        (KindRegistry.Of<Namespace>(), value => Of((Namespace)value)),
        (KindRegistry.Of<ServiceAccount>(), value => Of((ServiceAccount)value)),
    ];

    /// <summary>The profile of a namespace.</summary>
    public static Profile Of(Namespace source) =>
        Make(source, OfNamespace + source.Metadata.Name, Open(Labels("pcns.", source)));

    /// <summary>The profile of a service account.</summary>
    public static Profile Of(ServiceAccount source) =>
        Make(source, $"{OfAccount}{source.Metadata.Namespace}.{source.Metadata.Name}", new ProfileSpec { LabelsToApply = Labels("pcsa.", source) });

    /// <summary>Reads one.</summary>
    /// <exception cref="ApiException">There is none of that name.</exception>
    public async Task<Resource> GetAsync(string name, CancellationToken stop)
    {
        if (name == AllowAll) return Always();
        try
        {
            if (name.StartsWith(OfNamespace, StringComparison.Ordinal)) return Of(await cluster.GetAsync<Namespace>(null, name[OfNamespace.Length..], stop));
            // A namespace's name has no dot, an account's may.
            if (name.StartsWith(OfAccount, StringComparison.Ordinal) && name[OfAccount.Length..].Split('.', 2) is [{ Length: > 0 } space, { Length: > 0 } account])
                return Of(await cluster.GetAsync<ServiceAccount>(space, account, stop));
        }
        catch (ApiException missing) when (missing.IsNotFound)
        {
            // In the words of what was asked for.
        }
        throw new ApiException(404, StatusReason.NotFound, $"{Kind.QualifiedPlural} \"{name}\" not found");
    }

    /// <summary>Reads all. The version is one that nothing after it is missing of: some changes after it may be in the list.</summary>
    public async Task<Listing> ListAsync(CancellationToken stop)
    {
        var all = new List<Resource> { Always() };
        long from = long.MaxValue;
        foreach (var (kind, profile) in Sources)
        {
            Listing list = await cluster.ListAsync(kind, default, stop);
            all.AddRange(list.Items.Select(profile));
            from = Math.Min(from, ResourceForm.Revision(list.ResourceVersion));
        }
        return new Listing(all, ResourceForm.Text(from));
    }

    private static Profile Always() => new() { Metadata = { Name = AllowAll, ResourceVersion = "1" }, Spec = Open(null) };

    private static Profile Make(Resource source, string name, ProfileSpec spec) => new()
    {
        Metadata =
        {
            Name = name, CreationTimestamp = source.Metadata.CreationTimestamp, ResourceVersion = source.Metadata.ResourceVersion,
            Uid = source.Metadata.Uid is { } uid ? CrdUid.Convert(uid) : null,
        },
        Spec = spec,
    };

    private static ProfileSpec Open(Dictionary<string, string>? labels) =>
        new() { Ingress = [new Rule { Action = PolicyAction.Allow }], Egress = [new Rule { Action = PolicyAction.Allow }], LabelsToApply = labels };

    private static Dictionary<string, string> Labels(string prefix, Resource source)
    {
        var labels = (source.Metadata.Labels ?? []).ToDictionary(label => prefix + label.Key, label => label.Value);
        labels[prefix + NameLabel] = source.Metadata.Name ?? "";
        return labels;
    }
}
