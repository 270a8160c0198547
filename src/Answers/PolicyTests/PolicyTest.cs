using System.Collections.Immutable;
using Margay.Answers.Sources;
using Margay.Model.Selectors;

namespace Margay.Answers.PolicyTests;

/// <summary>A file of policy tests.</summary>
/// <param name="File">The file.</param>
/// <param name="Resources">Its sources, paths made relative to where the program runs; empty: those that the command names.</param>
/// <param name="Namespace">The namespace of names without one.</param>
/// <param name="Tests">The tests.</param>
public sealed record PolicyTestFile(string File, ImmutableArray<string> Resources, string Namespace, ImmutableArray<PolicyTest> Tests);

/// <summary>An expectation about connections: every source to every destination.</summary>
/// <param name="Name">What it is called; unique in its file.</param>
/// <param name="From">Who opens them.</param>
/// <param name="To">To whom.</param>
/// <param name="Allowed">Whether they must pass.</param>
/// <param name="By">What must decide: a rule, a policy, <c>end of tier NAME</c>; null for whatever does.</param>
/// <param name="AtSource">For a denial: whether the source must deny it; null for either side.</param>
/// <param name="Place">Where it stands.</param>
public sealed record PolicyTest(
    string Name, ImmutableArray<TestEnd> From, ImmutableArray<TestEnd> To, bool Allowed, string? By, bool? AtSource, SourcePlace Place);

/// <summary>An end of connections: one that is named, or every pod that a selector selects.</summary>
/// <param name="Name">A pod, address or service as <c>margay explain</c> takes it; null for a selector.</param>
/// <param name="Pods">The pods; null for a name.</param>
/// <param name="Ports">For pods as destinations: <c>PORT[/PROTOCOL]</c> of each; empty for sources and names.</param>
public sealed record TestEnd(string? Name, Selector? Pods, ImmutableArray<string> Ports)
{
    /// <inheritdoc/>
    public override string ToString() => Name ?? Pods?.ToString() ?? "";
}
