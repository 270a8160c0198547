using Margay.Model.Registry;

namespace Margay.Cli.Output;

/// <summary>How messages name an object: <c>kind.group/name</c>, as kubectl does.</summary>
internal static class Naming
{
    public static string Of(KindInfo kind, string name) =>
        kind.Group.Length == 0 ? $"{kind.Singular}/{name}" : $"{kind.Singular}.{kind.Group}/{name}";
}
