using Margay.Foundation.Primitives;
using Margay.Ipam.Blocks;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Ipam.Allocation;

/// <summary>A pool that may serve a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Layout">Its blocks.</param>
public sealed record UsablePool(string Name, PoolLayout Layout);

/// <summary>
/// Which pools may serve a request, and for each other one why not. Pools asked for by name are taken whatever their
/// selectors say, as upstream does; else the selectors of node and namespace must match and the mode be Automatic. The
/// use must be allowed in any case, and pools that are disabled or being deleted give nothing.
/// </summary>
public sealed class PoolSelection
{
    private PoolSelection(List<UsablePool> pools, List<PoolVerdict> rejected, Refused? refused) =>
        (Pools, Rejected, Refused) = (pools, rejected, refused);

    /// <summary>The pools, in order of name, or in the order asked for.</summary>
    public IReadOnlyList<UsablePool> Pools { get; }

    /// <summary>The others of the family.</summary>
    public IReadOnlyList<PoolVerdict> Rejected { get; }

    /// <summary>Set when no pool is left.</summary>
    public Refused? Refused { get; }

    /// <summary>Chooses.</summary>
    public static PoolSelection Select(IEnumerable<IPPool> all, AddressRequest request, IpFamily family)
    {
        List<IPPool> ofFamily = [.. all.Where(p => FamilyOf(p) == family).OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)];
        var choice = request.PoolsOf(family);
        var usable = new List<UsablePool>();
        var rejected = new List<PoolVerdict>();
        if (choice is { Pools.Count: > 0 })
        {
            var wanted = new List<IPPool>();
            foreach (string nameOrCidr in choice.Pools)
            {
                if (ofFamily.Find(p => p.Metadata.Name == nameOrCidr || p.Spec.Cidr == nameOrCidr) is not { } pool)
                    return new([], [], Refused.Because(RefusalKind.Invalid, $"{choice.Source} asks for pool '{nameOrCidr}': there is no such {Text(family)} pool"));
                wanted.Add(pool);
            }
            foreach (var pool in wanted) Judge(pool, WhyNotAtAll(pool, request.Use));
        }
        else
        {
            foreach (var pool in ofFamily) Judge(pool, WhyNotAtAll(pool, request.Use) ?? WhyNotAutomatically(pool, request));
        }
        return new(usable, rejected, usable.Count > 0 ? null : Explain(rejected, request, family, choice));

        void Judge(IPPool pool, string? whyNot)
        {
            if (whyNot is not null) rejected.Add(new PoolVerdict(pool.Metadata.Name!, false, whyNot));
            else usable.Add(new UsablePool(pool.Metadata.Name!, LayoutOf(pool)!.Value));
        }
    }

    /// <summary>The pool's blocks; null when its prefix or block size makes no sense.</summary>
    public static PoolLayout? LayoutOf(IPPool pool)
    {
        if (!IpPrefix.TryParse(pool.Spec.Cidr, out var cidr)) return null;
        int length = pool.Spec.BlockSize is > 0 and var size ? size : PoolLayout.DefaultBlockLength(cidr.Family);
        return PoolLayout.TryCreate(cidr, length, out var layout) ? layout : null;
    }

    /// <summary>Whether the pool's node selector takes this node; a selector that cannot be read takes none.</summary>
    public static bool SelectsNode(IPPool pool, IReadOnlyDictionary<string, string>? nodeLabels) =>
        Matches(pool.Spec.NodeSelector, nodeLabels) ?? false;

    /// <summary>Why the pool may not be used for this at all; null when it may.</summary>
    internal static string? WhyNotAtAll(IPPool pool, string use)
    {
        if (pool.Spec.Disabled == true) return "is disabled";
        if (pool.Metadata.DeletionTimestamp is not null) return "is being deleted";
        if (pool.Status?.Conditions?.Find(c => c.Type == "Allocatable") is { Status: "False" } condition)
            return $"is not allocatable ({condition.Reason})";
        if (LayoutOf(pool) is null) return $"cannot be cut into blocks: cidr {pool.Spec.Cidr}, blockSize {pool.Spec.BlockSize}";
        IReadOnlyList<string> uses = pool.Spec.AllowedUses is { Count: > 0 } set ? set : ["Workload", "Tunnel"];
        return uses.Contains(use) ? null : $"does not allow use {use} (allowed: {string.Join(", ", uses)})";
    }

    private static string? WhyNotAutomatically(IPPool pool, AddressRequest request)
    {
        if (pool.Spec.AssignmentMode is "Manual") return "is used only on request (assignmentMode Manual)";
        if (Matches(pool.Spec.NodeSelector, request.NodeLabels) is not { } node) return $"has a nodeSelector that cannot be read: {pool.Spec.NodeSelector}";
        if (!node) return $"does not select node {request.Node} ({pool.Spec.NodeSelector})";
        if (Matches(pool.Spec.NamespaceSelector, request.NamespaceLabels) is not { } ns)
            return $"has a namespaceSelector that cannot be read: {pool.Spec.NamespaceSelector}";
        return ns ? null : $"does not select the namespace ({pool.Spec.NamespaceSelector})";
    }

    private static bool? Matches(string? selector, IReadOnlyDictionary<string, string>? labels)
    {
        if (string.IsNullOrEmpty(selector)) return true;
        return Selector.TryParse(selector, out var parsed, out _) ? parsed.Evaluate(labels) : null;
    }

    private static Refused Explain(List<PoolVerdict> rejected, AddressRequest request, IpFamily family, PoolChoice? choice)
    {
        if (rejected.Count == 0) return new(RefusalKind.NoPool, $"there is no {Text(family)} pool", rejected);
        string whose = choice is null ? "" : $" that {choice.Source} asks for";
        bool onlyNode = rejected.TrueForAll(v => v.Reason.StartsWith("does not select node", StringComparison.Ordinal));
        string message = onlyNode && rejected.Count > 1
            ? $"all {rejected.Count} {Text(family)} pools do not select node {request.Node}"
            : $"no {Text(family)} pool{whose} serves the request: {string.Join("; ", rejected.Select(v => $"pool {v.Pool} {v.Reason}"))}";
        return new(RefusalKind.NoPool, message, rejected);
    }

    private static IpFamily FamilyOf(IPPool pool) => IpPrefix.TryParse(pool.Spec.Cidr, out var cidr) ? cidr.Family : IpFamily.None;

    private static string Text(IpFamily family) => family == IpFamily.V4 ? "IPv4" : "IPv6";
}
