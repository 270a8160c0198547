using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>The bindings that endpoints have, and their chains.</summary>
internal sealed class Bindings(DesiredTable table, Policies policies)
{
    private readonly Dictionary<string, Binding> _bindings = [];
    private readonly HashSet<string> _dirty = [];

    /// <summary>Takes a binding for an endpoint and returns its chain.</summary>
    public string Acquire(PolicyDirection direction, ImmutableArray<TierBinding> tiers, ImmutableArray<PolicyId> profiles)
    {
        var binding = new Binding(direction, tiers, profiles);
        if (_bindings.TryGetValue(binding.Chain, out var known)) binding = known;
        else
        {
            _bindings[binding.Chain] = binding;
            _dirty.Add(binding.Chain);
        }
        binding.Users++;
        return binding.Chain;
    }

    /// <summary>Gives it back.</summary>
    public void Release(string chain)
    {
        if (!_bindings.TryGetValue(chain, out var binding) || --binding.Users > 0) return;
        _bindings.Remove(chain);
        _dirty.Remove(chain);
        foreach (string name in binding.Chains) table.RemoveChain(name);
    }

    /// <summary>Everything must be rendered anew: the settings changed.</summary>
    public void MarkAll() => _dirty.UnionWith(_bindings.Keys);

    /// <summary>Renders new bindings and those of policies that look different from outside.</summary>
    public void Render(NodeSettings settings)
    {
        if (policies.Reshaped.Count > 0)
            _dirty.UnionWith(_bindings.Values.Where(binding => binding.Uses(policies.Reshaped)).Select(static binding => binding.Chain));
        policies.Reshaped.Clear();
        foreach (string chain in _dirty)
        {
            var binding = _bindings[chain];
            binding.Chains.Add(chain);
            table.PutChain(new NftChain(chain), new BindingRenderer(binding, policies.Find, settings).Render());
        }
        _dirty.Clear();
    }
}
