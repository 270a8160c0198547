using Margay.Cni.Wiring;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;

namespace Margay.Cni.Plugin;

/// <summary>Finds the interface by its mark; which pod the container belonged to need not be known.</summary>
internal sealed class LoneUnwiring : ILoneUnwiring
{
    public void Remove(string containerId, string ifName)
    {
        string mark = new AttachmentMark(containerId, ifName).ToString();
        using var netlink = RouteNetlink.Open();
        foreach (var link in netlink.ListLinks())
        {
            if (link.Alias != mark) continue;
            foreach (var refused in netlink.TryRun([new DeleteLink(link.Index)]))
                if (refused.Cause.Errno != Errno.ENODEV) throw refused.Cause;
        }
    }
}
