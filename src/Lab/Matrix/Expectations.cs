using System.Net.Sockets;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Lab.Matrix;

/// <summary>What policy says about a probe: the evaluator's answer, computed from the state of the API.</summary>
internal sealed class Expectations
{
    private const byte Tcp = 6;
    private readonly Lock _lock = new();
    private readonly ClusterPolicy _policy = new();

    public Expectations(IEnumerable<Resource> state) => _policy.Apply(state);

    /// <summary>Whether the connection is allowed, and the rule that says so.</summary>
    public (bool Allowed, string Rule) Of(ProbeSource source, ProbeTarget target)
    {
        var destination = target.Pod is var (@namespace, name) ? FlowEnd.Pod(@namespace, name) : FlowEnd.At(IpAddr.Parse(target.Address.ToString()));
        var family = target.Address.AddressFamily == AddressFamily.InterNetwork ? IpFamily.V4 : IpFamily.V6;

        // The policy calculates when it is asked, and rows ask at the same time.
        lock (_lock)
        {
            var verdict = _policy.Evaluate(FlowEnd.Pod(source.Namespace, source.Name), destination, Tcp, (ushort)target.Port, family);
            return (verdict.Allowed, verdict.Decisive?.Decider?.ToString() ?? "");
        }
    }
}
