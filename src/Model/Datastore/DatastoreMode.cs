namespace Margay.Model.Datastore;

/// <summary>Where a cluster keeps the objects of projectcalico.org.</summary>
public enum DatastoreMode
{
    /// <summary>The server is asked: custom resources where it has them, else version 3.</summary>
    Auto,

    /// <summary>The API server has projectcalico.org/v3 itself, as Margay's own does.</summary>
    V3,

    /// <summary>In custom resources of crd.projectcalico.org/v1, as in a Kubernetes cluster.</summary>
    Crd,
}
