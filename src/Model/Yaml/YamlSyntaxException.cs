namespace Margay.Model.Yaml;

/// <summary>A text that is no YAML, or YAML that has no JSON; says where.</summary>
public sealed class YamlSyntaxException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="source">The file, or what stands for it.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="cause">What the parser said, if it was the parser.</param>
    public YamlSyntaxException(string source, long line, long column, string problem, Exception? cause = null)
        : base($"{source}:{line}:{column}: {problem}", cause)
    {
        Line = line;
        Column = column;
        Problem = problem;
    }

    /// <summary>The line, from 1.</summary>
    public long Line { get; }

    /// <summary>The column, from 1.</summary>
    public long Column { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }
}
