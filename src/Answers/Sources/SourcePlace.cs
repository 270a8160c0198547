namespace Margay.Answers.Sources;

/// <summary>Where an object comes from: a place in a text, or the cluster.</summary>
public sealed class SourcePlace
{
    private readonly SourceText? _text;
    private readonly int _document;
    private readonly int _item;
    private readonly int _line;
    private readonly string _part;

    private SourcePlace(SourceText? text, int document, int item, int line, string part = "") =>
        (_text, _document, _item, _line, _part) = (text, document, item, line, part);

    /// <summary>The running cluster.</summary>
    public static SourcePlace Cluster { get; } = new(null, 0, -1, 0);

    /// <summary>Not given anywhere: made because a cluster would have made it.</summary>
    public static SourcePlace Implied { get; } = new(null, 0, -1, 0);

    /// <summary>The file; null for the cluster and for what is implied.</summary>
    public string? File => _text?.Name;

    /// <summary>A place in a text.</summary>
    internal static SourcePlace In(SourceText text, int document, int item, long line) => new(text, document, item, (int)line);

    /// <summary>A part of a document.</summary>
    internal static SourcePlace InPart(SourceText text, int document, string part) => new(text, document, -1, 1, part);

    /// <summary>The line of a field of the object, or of what is nearest around it; from 1, null without a file.</summary>
    /// <param name="path">The field's path, for example <c>spec.ingress[0]</c>; empty for the object.</param>
    public int? LineOf(string path) => _text is null ? null : _text.LineOf(_document, _item, _part + path) ?? _line;

    /// <summary><c>file:line</c> of a field, <c>cluster</c>, or <c>implied</c>.</summary>
    /// <param name="path">The field's path; empty for the object.</param>
    public string Describe(string path) =>
        _text is not null ? $"{_text.Name}:{LineOf(path)}" : ReferenceEquals(this, Cluster) ? "cluster" : "implied";

    /// <inheritdoc/>
    public override string ToString() => Describe("");
}
