using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>Renders lists: the items are bytes that are already there.</summary>
internal static class ListForm
{
    public static byte[] Render(ServedKind kind, ListResult list)
    {
        string head = $"{{\"kind\":\"{kind.Gvk.Kind}List\",\"apiVersion\":\"{kind.Gvk.ApiVersion}\",\"metadata\":{Metadata(list).ToJsonString()},\"items\":[";
        int size = head.Length + 2 + list.Items.Sum(i => i.Wire.Length + 1);
        var buffer = new ArrayBufferWriter<byte>(size);
        Encoding.UTF8.GetBytes(head, buffer);
        for (int i = 0; i < list.Items.Count; i++)
        {
            if (i > 0) buffer.Write(","u8);
            buffer.Write(list.Items[i].Wire);
        }
        buffer.Write("]}"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The metadata of a list (meta/v1 ListMeta).</summary>
    public static JsonObject Metadata(ListResult list)
    {
        var metadata = new JsonObject { ["resourceVersion"] = list.Revision.ToString(CultureInfo.InvariantCulture) };
        if (list.Continue.Length > 0) metadata["continue"] = list.Continue;
        if (list.Remaining is { } remaining) metadata["remainingItemCount"] = remaining;
        return metadata;
    }
}
