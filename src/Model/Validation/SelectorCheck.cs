using Margay.Model.Selectors;

namespace Margay.Model.Validation;

/// <summary>Checks of selectors.</summary>
internal static class SelectorCheck
{
    private const int MaxLength = 1024;

    /// <summary>A selector in which <c>global()</c> has no meaning.</summary>
    public static void Plain(Findings findings, FieldPath field, string? text)
    {
        if (TryParse(findings, field, text) is { } selector && HasGlobal(selector.Root))
            findings.Invalid(field, text!, "global() can only be used in the namespaceSelector of a rule");
    }

    /// <summary>The namespace selector of a rule, which may be <c>global()</c> and nothing else with it.</summary>
    public static void Namespace(Findings findings, FieldPath field, string? text)
    {
        if (TryParse(findings, field, text) is { } selector && selector.Root is not SelectGlobal && HasGlobal(selector.Root))
            findings.Invalid(field, text!, "global() must stand alone");
    }

    private static Selector? TryParse(Findings findings, FieldPath field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        findings.MaxLength(field, text, MaxLength);
        if (text.Length > MaxLength)
            return null;
        if (Selector.TryParse(text, out var selector, out var error))
            return selector;
        findings.Invalid(field, text, $"is no selector: {error}");
        return null;
    }

    private static bool HasGlobal(SelectorNode node) => node switch
    {
        SelectGlobal => true,
        SelectorNot not => HasGlobal(not.Operand),
        SelectorAnd and => and.Operands.Any(HasGlobal),
        SelectorOr or => or.Operands.Any(HasGlobal),
        _ => false,
    };
}
