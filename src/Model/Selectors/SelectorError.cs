namespace Margay.Model.Selectors;

/// <summary>Why a text is no selector.</summary>
/// <param name="Position">Where, in characters from 0; the text's length when it ends too early.</param>
/// <param name="Expected">What would have been right there, for people: <c>a quoted string</c>.</param>
/// <param name="Found">What stands there instead, shortened; empty at the end of the text.</param>
public readonly record struct SelectorError(int Position, string Expected, string Found)
{
    /// <summary>For example <c>at position 5: expected a quoted string, found 'b'</c>.</summary>
    public override string ToString() =>
        $"at position {Position}: expected {Expected}, found {(Found.Length == 0 ? "the end of the selector" : $"'{Found}'")}";
}
