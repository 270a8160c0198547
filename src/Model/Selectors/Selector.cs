using System.Diagnostics.CodeAnalysis;

namespace Margay.Model.Selectors;

/// <summary>
/// A selector of the <c>projectcalico.org/v3</c> API, parsed. Two selectors are equal when their canonical texts are:
/// blanks, quotes, order and repetition in sets, and superfluous parentheses make no difference.
/// </summary>
public sealed class Selector : IEquatable<Selector>
{
    private string? _text;
    private SelectorNode? _evaluated;

    /// <summary>A selector from its parts. Labels and values must be such as a text can express.</summary>
    public Selector(SelectorNode root) => Root = root;

    /// <summary><c>all()</c>.</summary>
    public static Selector All { get; } = new(new SelectAll());

    /// <summary>The parsed form.</summary>
    public SelectorNode Root { get; }

    /// <summary>True when the selector is <c>all()</c> as it stands (not merely equivalent to it).</summary>
    public bool IsAll => Root is SelectAll;

    /// <summary>Parses a selector. An empty text selects everything.</summary>
    /// <param name="text">The text; null is as empty.</param>
    /// <param name="selector">The selector, when the text is one.</param>
    /// <param name="error">What is wrong and where, otherwise.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Selector? selector, out SelectorError error)
    {
        selector = SelectorParser.TryParse(text, out var root, out error) ? new Selector(root) : null;
        return selector is not null;
    }

    /// <summary>Parses a selector.</summary>
    /// <exception cref="FormatException">The text is no selector.</exception>
    public static Selector Parse(string? text) =>
        TryParse(text, out var selector, out var error)
            ? selector
            : throw new FormatException($"Not a selector, {error}: {text}");

    /// <summary><c>key == 'value'</c>. The value must not hold both kinds of quote, the key must be a label's name.</summary>
    public static Selector LabelIs(string key, string value) => new(new LabelEquals(key, value));

    /// <summary><c>has(key)</c>.</summary>
    public static Selector HasLabel(string key) => new(new LabelExists(key));

    /// <summary>Both must match. <c>all()</c> on either side is left out.</summary>
    public static Selector And(Selector left, Selector right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.IsAll) return right;
        return right.IsAll ? left : new Selector(new SelectorAnd([left.Root, right.Root]));
    }

    /// <summary>The opposite.</summary>
    public static Selector Not(Selector selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new Selector(selector.Root is SelectorNot not ? not.Operand : new SelectorNot(selector.Root));
    }

    /// <summary>True when text can name the label: letters, digits, <c>_ . / -</c>, 1 to 512 of them.</summary>
    public static bool IsLabelName(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > SelectorLexer.MaxLabelLength) return false;
        foreach (char c in name)
            if (!SelectorLexer.IsLabelCharacter(c)) return false;
        return true;
    }

    /// <summary>True when text can express the value: it does not hold both kinds of quote, for there are no escapes.</summary>
    public static bool IsValue(string? value) =>
        value is not null && !(value.Contains('"', StringComparison.Ordinal) && value.Contains('\'', StringComparison.Ordinal));

    /// <summary>The same selector over labels whose names have a prefix in front, such as <c>pcns.</c>.</summary>
    public Selector WithPrefix(string prefix) =>
        new(SelectorRewriting.Rewrite(Root, leaf => SelectorRewriting.WithPrefix(leaf, prefix)));

    /// <summary>The same selector with other meanings for <c>all()</c> and <c>global()</c>, wherever they stand.</summary>
    public Selector WithScopes(Selector all, Selector global)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(global);
        return new Selector(SelectorRewriting.Rewrite(Root, leaf => leaf switch
        {
            SelectAll => all.Root,
            SelectGlobal => global.Root,
            _ => leaf,
        }));
    }

    /// <summary>Whether the labels match. Allocates nothing, after the first time, when the labels are a struct.</summary>
    public bool Evaluate<TLabels>(in TLabels labels) where TLabels : ILabels, allows ref struct =>
        SelectorEvaluation.Matches(_evaluated ??= SelectorSimplification.Simplify(Root), labels);

    /// <summary>Whether the labels match; null is no labels.</summary>
    public bool Evaluate(IReadOnlyDictionary<string, string>? labels) => Evaluate(new DictionaryLabels(labels));

    /// <inheritdoc/>
    public bool Equals(Selector? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Selector);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text, which parses to an equal selector.</summary>
    public override string ToString() => _text ??= SelectorText.Write(Root);
}
