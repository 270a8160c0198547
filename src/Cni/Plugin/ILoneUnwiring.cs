namespace Margay.Cni.Plugin;

/// <summary>What DEL does to the kernel when the node service is away.</summary>
internal interface ILoneUnwiring
{
    /// <summary>Removes the host's interface of the attachment; none is fine.</summary>
    void Remove(string containerId, string ifName);
}
