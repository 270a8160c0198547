using System.Globalization;

namespace Margay.Model.Validation;

/// <summary>Where in an object a check stands; becomes text only when something is wrong there.</summary>
internal sealed class FieldPath
{
    private readonly FieldPath? _parent;
    private readonly string _step;

    private FieldPath(FieldPath? parent, string step) => (_parent, _step) = (parent, step);

    public static FieldPath Metadata { get; } = new(null, "metadata");

    public static FieldPath Spec { get; } = new(null, "spec");

    public static FieldPath Of(string field) => new(null, field);

    public FieldPath Child(string field) => new(this, "." + field);

    public FieldPath Index(int index) => new(this, string.Create(CultureInfo.InvariantCulture, $"[{index}]"));

    public FieldPath Key(string key) => new(this, "[" + key + "]");

    public override string ToString() => _parent is null ? _step : _parent + _step;
}
