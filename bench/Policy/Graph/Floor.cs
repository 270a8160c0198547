using System.Runtime.InteropServices;
using Margay.Bench.Policy.Inputs;
using Margay.Foundation.Primitives;

namespace Margay.Bench.Policy.Graph;

/// <summary>
/// The least that any calculation has to do: give every label name and value a number, append every endpoint to the list of
/// each of its labels, and read the prefixes of network sets. No policy, no selector, no output, nothing can change.
/// </summary>
internal static class Floor
{
    public static object Run(Workload input)
    {
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var postings = new Dictionary<long, List<int>>();
        var prefixes = new List<IpPrefix>();
        int next = 0;
        foreach (var profile in input.Profiles)
            foreach (var (key, value) in profile.Spec.LabelsToApply!) Append(key, value, next);
        foreach (ref readonly var endpoint in input.Remote.AsSpan())
        {
            foreach (var (key, value) in endpoint.Labels) Append(key, value, next);
            prefixes.Add(endpoint.Address.ToPrefix());
            next++;
        }
        foreach (ref readonly var endpoint in input.Local.AsSpan())
        {
            foreach (var (key, value) in endpoint.Labels) Append(key, value, next);
            prefixes.Add(endpoint.Address.ToPrefix());
            next++;
        }
        foreach (var (set, _) in input.NetworkSets)
        {
            foreach (var (key, value) in set.Labels) Append(key, value, next);
            foreach (var prefix in set.Prefixes) prefixes.Add(prefix);
            next++;
        }
        return (texts, postings, prefixes);

        void Append(string key, string value, int item)
        {
            long label = ((long)Intern(key) << 32) | (uint)Intern(value);
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(postings, label, out _);
            (list ??= []).Add(item);
        }

        int Intern(string text)
        {
            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(texts, text, out bool exists);
            if (!exists) id = texts.Count - 1;
            return id;
        }
    }
}
