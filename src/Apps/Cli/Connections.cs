using System.CommandLine;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;

namespace Margay.Cli;

/// <summary>Finds the API server that the command line, the environment and the kubeconfig name.</summary>
internal static class Connections
{
    /// <summary>For commands that show what the server says.</summary>
    public static ApiConnection Open(ParseResult parsed)
    {
        var connection = Find(parsed);
        return new ApiConnection(connection.CreateHttpClient(), Namespace(parsed, connection));
    }

    /// <summary>For commands that compute with typed objects.</summary>
    public static (ClusterStore Client, string Namespace) OpenTyped(ParseResult parsed)
    {
        var connection = Find(parsed);
        try
        {
            var mode = parsed.GetValue(GlobalOptions.Datastore) is { } text ? ClusterStore.ModeOf(text) : (DatastoreMode?)null;
            return (ClusterStore.Open(connection, mode), Namespace(parsed, connection));
        }
        catch (KubeConfigException cause)
        {
            throw new CliException(cause.Message);
        }
    }

    /// <summary>The namespace that names without one are in: of the command line, else of the kubeconfig's context.</summary>
    public static string DefaultNamespace(ParseResult parsed) => Namespace(parsed, Find(parsed));

    private static string Namespace(ParseResult parsed, KubeConnection connection) =>
        parsed.GetValue(GlobalOptions.Namespace) ?? connection.Namespace;

    /// <summary>How to reach the server.</summary>
    public static KubeConnection Find(ParseResult parsed)
    {
        try
        {
            return KubeConfig.Connect(parsed.GetValue(GlobalOptions.KubeConfig), parsed.GetValue(GlobalOptions.Context));
        }
        catch (KubeConfigException cause)
        {
            throw new CliException(cause.Message);
        }
    }
}
