using System.CommandLine;

namespace Margay.Cli;

/// <summary>The options that every command takes, under the names that kubectl gave them.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> KubeConfig = new("--kubeconfig") { Description = "The kubeconfig file; default $KUBECONFIG, then ~/.kube/config.", Recursive = true };
    public static readonly Option<string?> Context = new("--context") { Description = "The kubeconfig context.", Recursive = true };
    public static readonly Option<string?> Namespace = new("--namespace", "-n") { Description = "The namespace; default that of the context.", Recursive = true };

    public static readonly Option<string?> Datastore = new("--datastore") { Description = "Where objects of projectcalico.org are: auto, v3, or crd (custom resources); default $MARGAY_DATASTORE, then auto.", Recursive = true };

    /// <summary>Adds them to the root command.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Options.Add(KubeConfig);
        root.Options.Add(Context);
        root.Options.Add(Namespace);
        root.Options.Add(Datastore);
    }
}
