using Margay.Model.Selectors;

namespace Margay.Model.Validation;

/// <summary>Checks of selectors.</summary>
internal static class SelectorCheck
{
    private const int MaxLength = 1024;

    /// <summary>A selector in which <c>global()</c> has no meaning.</summary>
    public static void Plain(Findings findings, FieldPath field, string? text, int most = MaxLength)
    {
        if (TryParse(findings, field, text, most) is { } selector && HasGlobal(selector.Root))
            findings.Invalid(field, text!, "global() can only be used in the namespaceSelector of a rule", "remove global()");
    }

    /// <summary>The namespace selector of a rule, which may be <c>global()</c> and nothing else with it.</summary>
    public static void Namespace(Findings findings, FieldPath field, string? text)
    {
        if (TryParse(findings, field, text, MaxLength) is { } selector && selector.Root is not SelectGlobal && HasGlobal(selector.Root))
            findings.Invalid(field, text!, "global() must stand alone", "write global() only, or leave it out");
    }

    private static Selector? TryParse(Findings findings, FieldPath field, string? text, int most)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        findings.MaxLength(field, text, most);
        if (text.Length > most)
            return null;
        if (Selector.TryParse(text, out var selector, out var error))
            return selector;
        findings.Invalid(field, text, $"is no selector: {error}", "write a selector such as app == 'web' && !has(canary)");
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
