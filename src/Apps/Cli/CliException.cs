namespace Margay.Cli;

/// <summary>A failure that is the user's to mend: printed as one message without a stack, exit code 1.</summary>
internal sealed class CliException(string message) : Exception(message);
