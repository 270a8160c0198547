using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Margay.Model.Yaml;

namespace Margay.Answers.Validate;

/// <summary>What came of checking manifests.</summary>
/// <param name="Checks">One for each file.</param>
/// <param name="Objects">How many objects were checked.</param>
/// <param name="Skipped">How many objects are of kinds that Margay does not look at.</param>
public sealed record ValidationAnswer(ImmutableArray<Check> Checks, int Objects, int Skipped)
{
    /// <summary>Whether there is no mistake.</summary>
    public bool IsValid => Checks.All(check => check.Outcome == CheckOutcome.Passed);

    /// <summary>Everything that was found.</summary>
    public IEnumerable<Finding> Findings => Checks.SelectMany(check => check.Findings);
}

/// <summary>
/// Checks manifests: every mistake of every object with file and line, the same object given twice, and pools that overlap.
/// </summary>
/// <param name="fields">What becomes of unknown fields.</param>
public sealed class ManifestValidation(FieldValidation fields)
{
    private readonly Dictionary<ResourceKey, SourcePlace> _seen = [];
    private readonly PoolOverlaps _pools = new();
    private int _objects;
    private int _skipped;

    /// <summary>Checks files, directories (<c>-</c> is standard input).</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="recursive">Whether folders below a directory count.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="AnswerException">A path is not there.</exception>
    public async Task<ValidationAnswer> RunAsync(IEnumerable<string> paths, bool recursive, TextReader input, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var checks = ImmutableArray.CreateBuilder<Check>();
        foreach (string path in paths)
        {
            foreach (var text in await FileSource.ReadAsync(path, recursive, input, stop))
                checks.Add(File(text));
        }

        return new(checks.ToImmutable(), _objects, _skipped);
    }

    /// <summary>Checks one text.</summary>
    public Check File(SourceText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        try
        {
            var documents = YamlReader.ReadAll(text.Text, text.Name);
            for (int i = 0; i < documents.Count; i++)
                Document(documents[i].Root, SourcePlace.In(text, i, -1, documents[i].Line), item => SourcePlace.In(text, i, item, documents[i].Line), findings);
        }
        catch (YamlSyntaxException error)
        {
            findings.Add(new()
            {
                Rule = "unreadable", Level = FindingLevel.Error, Message = $"{error.Problem} (column {error.Column})", File = text.Name, Line = (int)error.Line,
            });
        }

        int errors = findings.Count(f => f.Level == FindingLevel.Error);
        return new(text.Name, errors == 0 ? CheckOutcome.Passed : CheckOutcome.Failed, errors == 0 ? "" : $"{errors} mistake{(errors == 1 ? "" : "s")}", findings.ToImmutable());
    }

    private void Document(JsonNode root, SourcePlace place, Func<int, SourcePlace> item, ImmutableArray<Finding>.Builder findings)
    {
        if (root is JsonObject list && list["kind"] is JsonValue kind && kind.TryGetValue(out string? name) && name.EndsWith("List", StringComparison.Ordinal)
            && list["items"] is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
                Object(items[i], item(i), findings);
        }
        else
        {
            Object(root, place, findings);
        }
    }

    private void Object(JsonNode? node, SourcePlace place, ImmutableArray<Finding>.Builder findings)
    {
        if (node is not JsonObject document)
        {
            findings.Add(new() { Rule = "unreadable", Level = FindingLevel.Error, Message = "expected an object with apiVersion and kind", File = place.File, Line = place.LineOf("") });
            return;
        }

        if (IsOwn(document))
        {
            _skipped++;
            findings.Add(new() { Rule = "unknown-kind", Level = FindingLevel.Note, Message = "for margay test or margay verify; not checked", File = place.File, Line = place.LineOf("") });
            return;
        }

        var result = DocumentValidator.Validate(document, fields);
        string called = Called(document);
        if (result.Kind is null && result.Errors is [{ Reason: CauseReason.UnknownKind } unknown] && IsForeign(document))
        {
            _skipped++;
            findings.Add(FindingOf(unknown, called, place, FindingLevel.Note));
            return;
        }

        _objects++;
        findings.AddRange(result.Errors.Select(error => FindingOf(error, called, place, FindingLevel.Error)));
        findings.AddRange(result.Warnings.Select(error => FindingOf(error, called, place, FindingLevel.Warning)));
        if (result.Errors.Count > 0 || result.Value is not { } value)
            return;
        if (value.Metadata.Name is { Length: > 0 } && document["metadata"]?["name"] is not null && !_seen.TryAdd(value.Key, place))
            findings.Add(FindingOf(new(CauseReason.Duplicate, "metadata.name", value.Metadata.Name, $"the same object is at {_seen[value.Key]}"), called, place, FindingLevel.Error));
        if (value is IPPool pool && _pools.Add(pool, place) is { } overlap)
            findings.Add(FindingOf(overlap, called, place, FindingLevel.Error));
    }

    /// <summary>Kinds of other groups are other programs' business; of our own groups every kind is known.</summary>
    private static bool IsForeign(JsonObject document) =>
        document["apiVersion"]?.ToString() is { } version && !version.StartsWith("projectcalico.org/", StringComparison.Ordinal)
        && !version.StartsWith("policy.networking.k8s.io/", StringComparison.Ordinal);

    /// <summary>Tests and invariants often stand beside the manifests that they are about.</summary>
    private static bool IsOwn(JsonObject document) =>
        !document.ContainsKey("apiVersion") && !document.ContainsKey("kind") && (document["invariants"] is JsonArray || document["tests"] is JsonArray);

    private static string Called(JsonObject document)
    {
        var metadata = document["metadata"] as JsonObject;
        string space = metadata?["namespace"] is { } ns ? ns + "/" : "";
        return $"{document["kind"]} {space}{metadata?["name"] ?? metadata?["generateName"]}".TrimEnd();
    }

    private static Finding FindingOf(ValidationError error, string called, SourcePlace place, FindingLevel level) => new()
    {
        Rule = RuleName(error.Reason),
        Level = level,
        Message = level == FindingLevel.Note ? $"{error.Message}; not checked" : error.Message,
        Object = called,
        Field = error.Field,
        Value = error.Value,
        File = place.File,
        Line = place.LineOf(error.Field),
        Details = level == FindingLevel.Note ? "" : "fix: " + error.Fix,
    };

    /// <summary>The names of findings that <c>docs/validate.md</c> lists.</summary>
    internal static string RuleName(string reason) => reason switch
    {
        CauseReason.Required => "required",
        CauseReason.NotSupported => "not-supported",
        CauseReason.Duplicate => "duplicate",
        CauseReason.Forbidden => "forbidden",
        CauseReason.TooLong => "too-long",
        CauseReason.TooMany => "too-many",
        CauseReason.TypeInvalid => "wrong-type",
        CauseReason.Unknown => "unknown-field",
        CauseReason.UnknownKind => "unknown-kind",
        _ => "invalid",
    };
}
