using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>The bindings that endpoints have, and their chains.</summary>
internal sealed class Bindings(DesiredTable table, Policies policies, Unions unions)
{
    private readonly Dictionary<string, Binding> _bindings = [];
    private readonly HashSet<string> _dirty = [];
    private readonly Dictionary<string, int> _groupUsers = [];

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
        table.RemoveChain(chain);
        Release(binding.Groups, binding.Unions);
    }

    /// <summary>Everything must be rendered anew: the settings changed.</summary>
    public void MarkAll() => _dirty.UnionWith(_bindings.Keys);

    /// <summary>Renders new bindings and those of policies that look different from outside.</summary>
    public void Render(NodeSettings settings)
    {
        if (policies.Reshaped.Count > 0)
            _dirty.UnionWith(_bindings.Values.Where(binding => binding.Uses(policies.Reshaped)).Select(static binding => binding.Chain));
        if (policies.OtherPorts.Count > 0)
            _dirty.UnionWith(_bindings.Values.Where(binding => binding.ByPorts && binding.Uses(policies.OtherPorts)).Select(static binding => binding.Chain));
        policies.Reshaped.Clear();
        policies.OtherPorts.Clear();
        if (unions.Renamed) _dirty.UnionWith(_bindings.Values.Where(static binding => binding.Unions.Count > 0).Select(static binding => binding.Chain));
        unions.Renamed = false;
        foreach (string chain in _dirty) Render(_bindings[chain], settings);
        _dirty.Clear();
    }

    private void Render(Binding binding, NodeSettings settings)
    {
        var (oldGroups, oldUnions) = (binding.Groups, binding.Unions);
        (binding.Groups, binding.Unions) = ([], []);
        var jumps = new JumpRenderer(binding.Direction, settings, unions.NameOf);
        var renderer = new BindingRenderer(binding, policies.Find, settings, jumps, node => Use(binding, node));
        var rules = renderer.Render();
        binding.ByPorts = renderer.ByPorts;
        foreach (var group in binding.Groups)
        {
            var inner = ImmutableArray.CreateBuilder<NftRule>();
            jumps.Render(inner, group.Children);
            table.PutChain(new NftChain(group.Chain), inner.ToImmutable(), jumps.Sets);
        }
        table.PutChain(new NftChain(binding.Chain), rules, jumps.Sets);
        // What the new form has as well has been taken again by now and stays.
        Release(oldGroups, oldUnions);
    }

    private PolicyNode Use(Binding binding, PolicyNode node)
    {
        if (!node.IsGroup) return node;
        foreach (var child in node.Children) Use(binding, child);
        binding.Groups.Add(node);
        _groupUsers[node.Chain] = _groupUsers.GetValueOrDefault(node.Chain) + 1;
        if (node.Filter.Addresses is { } addresses) binding.Unions.Add(unions.Acquire(addresses));
        return node;
    }

    private void Release(List<PolicyNode> groups, List<string> taken)
    {
        foreach (var group in groups)
        {
            if (--_groupUsers[group.Chain] > 0) continue;
            _groupUsers.Remove(group.Chain);
            table.RemoveChain(group.Chain);
        }
        foreach (string key in taken) unions.Release(key);
    }
}
