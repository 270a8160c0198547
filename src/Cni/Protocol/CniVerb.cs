namespace Margay.Cni.Protocol;

/// <summary>What a runtime asks for with <c>CNI_COMMAND</c>.</summary>
public enum CniVerb
{
    /// <summary>Attach a container.</summary>
    Add,

    /// <summary>Detach a container. Must succeed when there is nothing left.</summary>
    Del,

    /// <summary>Is the attachment as ADD left it? Since 0.4.0.</summary>
    Check,

    /// <summary>Which versions are spoken?</summary>
    Version,

    /// <summary>Remove every attachment that is not in the list of valid ones. Since 1.1.0.</summary>
    Gc,

    /// <summary>Could an ADD be served now? Since 1.1.0.</summary>
    Status,
}

/// <summary>The spelling of verbs.</summary>
public static class CniVerbs
{
    /// <summary>The word in <c>CNI_COMMAND</c>.</summary>
    public static string ToWord(this CniVerb verb) => verb switch
    {
        CniVerb.Add => "ADD",
        CniVerb.Del => "DEL",
        CniVerb.Check => "CHECK",
        CniVerb.Version => "VERSION",
        CniVerb.Gc => "GC",
        CniVerb.Status => "STATUS",
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, null),
    };

    /// <summary>Reads the word; case matters.</summary>
    public static bool TryParse(string? word, out CniVerb verb)
    {
        (bool known, verb) = word switch
        {
            "ADD" => (true, CniVerb.Add),
            "DEL" => (true, CniVerb.Del),
            "CHECK" => (true, CniVerb.Check),
            "VERSION" => (true, CniVerb.Version),
            "GC" => (true, CniVerb.Gc),
            "STATUS" => (true, CniVerb.Status),
            _ => (false, CniVerb.Version),
        };
        return known;
    }

    /// <summary>True for the verbs about one attachment, which need a container id and an interface name.</summary>
    public static bool IsAboutAttachment(this CniVerb verb) => verb is CniVerb.Add or CniVerb.Del or CniVerb.Check;
}
