namespace Margay.ApiServer.Schema;

/// <summary>One thing that is wrong with an object, as the causes of a Status list it.</summary>
/// <param name="Reason">The machine-readable cause: <c>FieldValueInvalid</c>, <c>FieldValueRequired</c>, <c>FieldValueNotSupported</c>, <c>FieldValueTypeInvalid</c>.</param>
/// <param name="Field">Where, for example <c>spec.ingress[0].action</c>.</param>
/// <param name="Message">What people read, without the field.</param>
internal readonly record struct FieldError(string Reason, string Field, string Message)
{
    /// <summary>The line that <c>kubectl</c> prints.</summary>
    public override string ToString() => $"{Field}: {Message}";
}
