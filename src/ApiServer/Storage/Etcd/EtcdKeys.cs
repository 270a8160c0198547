using System.Text;
using Google.Protobuf;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>
/// How keys are named in etcd: the prefix, then our key. What the servers tell each other stands under <c>PREFIX/~/</c>,
/// which no group is called, and is not part of the state.
/// </summary>
internal sealed class EtcdKeys
{
    private const string Internal = "/~/";

    private readonly string _prefix;

    /// <param name="prefix">With or without slashes around it.</param>
    public EtcdKeys(string prefix)
    {
        _prefix = "/" + prefix.Trim('/');
        if (_prefix.Length < 2) throw new FormatException($"--etcd-prefix {prefix}: expected a name, for example /margay");
        All = Bytes("/");
        AllEnd = Bytes("0"); // the character after the slash
        Compaction = Bytes(Internal + "compaction");
        Beat = Bytes($"{Internal}beat/{Guid.NewGuid():N}");
    }

    /// <summary>Everything of ours begins here.</summary>
    public ByteString All { get; }

    /// <summary>Everything of ours is before this.</summary>
    public ByteString AllEnd { get; }

    /// <summary>Says up to which revision history was removed; whoever may change it removes.</summary>
    public ByteString Compaction { get; }

    /// <summary>This server's own key, written when a revision is needed that is certainly one of ours.</summary>
    public ByteString Beat { get; }

    public ByteString Of(string key) => Bytes(key);

    /// <summary>Our key; null for what is not part of the state.</summary>
    public string? Ours(ByteString key)
    {
        string ours = key.ToStringUtf8()[_prefix.Length..];
        return ours.StartsWith(Internal, StringComparison.Ordinal) ? null : ours;
    }

    /// <summary>The plural of the kind that a key is of, for the metrics.</summary>
    public static string TypeOf(string key) => key.Split('/') is [_, _, var plural, ..] ? plural : "";

    private ByteString Bytes(string key) => ByteString.CopyFrom(_prefix + key, Encoding.UTF8);
}
