using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Datastore.Kube;
using Margay.Model.Resources;

namespace Margay.Api;

/// <summary>
/// A typed client for a cluster's API server, or for a store in memory that behaves like one. What the server refuses is an
/// <see cref="ApiException"/> with every cause; what keeps it from being reached is an <see cref="HttpRequestException"/>
/// or <see cref="IOException"/>. Safe for concurrent use.
/// </summary>
public sealed class MargayClient : IDisposable
{
    private readonly IDisposable? _owned;

    private MargayClient(IResourceStore store, IDisposable? owned) => (Store, _owned) = (store, owned);

    /// <summary>Uses a store that somebody else owns.</summary>
    /// <param name="store">The store.</param>
    public MargayClient(IResourceStore store)
        : this(store, null)
    {
    }

    /// <summary>Connects as kubectl would.</summary>
    /// <param name="path">The kubeconfig; null: <c>$KUBECONFIG</c>, then <c>~/.kube/config</c>.</param>
    /// <param name="context">The context; null: the current one.</param>
    /// <exception cref="KubeConfigException">There is no usable kubeconfig; the message says what is wrong with it.</exception>
    public static MargayClient FromKubeConfig(string? path = null, string? context = null)
    {
        var client = new KubeClient(KubeConfig.Connect(path, context));
        return new MargayClient(client, client);
    }

    /// <summary>A client over an empty store in memory with the rules of an API server: for tests.</summary>
    /// <param name="time">Where creation timestamps come from; null: the system's clock.</param>
    public static MargayClient InMemory(TimeProvider? time = null) => new(new InMemoryDatastore(time));

    /// <summary>The store underneath, for kinds that are known at run time only.</summary>
    public IResourceStore Store { get; }

    /// <summary>The tiers.</summary>
    public ResourceClient<Tier> Tiers => Resources<Tier>();

    /// <summary>The policies of namespaces (projectcalico.org/v3).</summary>
    public ResourceClient<NetworkPolicy> NetworkPolicies => Resources<NetworkPolicy>();

    /// <summary>The policies of the cluster.</summary>
    public ResourceClient<GlobalNetworkPolicy> GlobalNetworkPolicies => Resources<GlobalNetworkPolicy>();

    /// <summary>Kubernetes' own policies (networking.k8s.io/v1).</summary>
    public ResourceClient<KubeNetworkPolicy> KubeNetworkPolicies => Resources<KubeNetworkPolicy>();

    /// <summary>The network sets of namespaces.</summary>
    public ResourceClient<NetworkSet> NetworkSets => Resources<NetworkSet>();

    /// <summary>The network sets of the cluster.</summary>
    public ResourceClient<GlobalNetworkSet> GlobalNetworkSets => Resources<GlobalNetworkSet>();

    /// <summary>The address pools.</summary>
    public ResourceClient<IPPool> IPPools => Resources<IPPool>();

    /// <summary>The objects of a kind, in every namespace; <see cref="ResourceClient{T}.InNamespace"/> narrows them.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    public ResourceClient<T> Resources<T>() where T : Resource => new(Store, null);

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();
}
