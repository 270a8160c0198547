using Margay.Model.Resources;
using Margay.Model.Validation;

namespace Margay.Api;

/// <summary>The server's defaults and checks, without a server.</summary>
public static class ResourceChecks
{
    /// <summary>Fills in what the server would fill in.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="value">The object, changed in place.</param>
    /// <returns>The object.</returns>
    public static T WithDefaults<T>(this T value) where T : Resource
    {
        ArgumentNullException.ThrowIfNull(value);
        ResourceDefaults.Apply(value);
        return value;
    }

    /// <summary>
    /// Everything that the server would refuse about the object alone; empty when it would take it. What depends on other
    /// objects (does the tier exist, do pools overlap) only the server knows.
    /// </summary>
    /// <param name="value">The object, with defaults.</param>
    /// <param name="old">The object that it replaces; null when it is new.</param>
    public static IReadOnlyList<ValidationError> Check(this Resource value, Resource? old = null) => ResourceValidator.Validate(value, old);

    /// <summary>The object, if nothing is wrong with it.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="value">The object, with defaults.</param>
    /// <exception cref="InvalidResourceException">Something is; the exception has all of it.</exception>
    public static T Checked<T>(this T value) where T : Resource
    {
        var errors = value.Check();
        return errors.Count == 0 ? value : throw new InvalidResourceException(value, errors);
    }
}

/// <summary>An object that no server would take.</summary>
/// <param name="value">The object.</param>
/// <param name="errors">Everything that is wrong with it.</param>
public sealed class InvalidResourceException(Resource value, IReadOnlyList<ValidationError> errors)
    : Exception($"{value?.Kind} \"{value?.Metadata.Name}\" is invalid: {string.Join("; ", errors ?? [])}")
{
    /// <summary>Everything that is wrong with it, each with field, value and reason.</summary>
    public IReadOnlyList<ValidationError> Errors { get; } = errors ?? [];
}
