namespace Margay.Installation;

/// <summary>Something that keeps the installation from being what its specification says.</summary>
/// <param name="Reason">A word for programs, in CamelCase.</param>
/// <param name="Message">What, where, and what to do.</param>
internal sealed record Problem(string Reason, string Message);
