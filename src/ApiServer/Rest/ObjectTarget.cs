using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>The part of an object that a request is about.</summary>
internal enum ObjectPart
{
    /// <summary>All of it except the status, when that has a path of its own.</summary>
    Main,

    /// <summary>The status alone.</summary>
    Status,

    /// <summary>The <c>spec.finalizers</c> of a namespace alone.</summary>
    Finalize,
}

/// <summary>The object a request is about.</summary>
internal readonly record struct ObjectTarget(ServedKind Kind, string Namespace, string Name, ObjectPart Part = ObjectPart.Main)
{
    public string Key => KeySpace.Of(Kind, Namespace, Name);
}
