using System.Text.Json.Nodes;

namespace Margay.ApiServer.Patch;

/// <summary>A change to an object that was read from a request.</summary>
internal abstract class Patch
{
    /// <summary>Whether it makes the object when there is none.</summary>
    public virtual bool MayCreate => false;

    /// <summary>Whether it says itself who set which fields.</summary>
    public virtual bool KeepsBook => false;

    /// <summary>Makes the next state. Called again when somebody else was faster.</summary>
    /// <param name="current">A copy of the current state, which may be changed and returned.</param>
    public abstract JsonObject Apply(JsonObject current);
}
