using Margay.Dataplane.Contract;

namespace Margay.Policy.Graph;

/// <summary>Something in a policy in use that could not be understood and is therefore closed. See docs/design/policy.md.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Text">What and where, for people.</param>
public readonly record struct PolicyProblem(PolicyId Policy, string Text);
