namespace Margay.Model.Resources;

/// <summary>Something that happened to an object (core v1), for people who look at it. Times are RFC 3339.</summary>
public sealed class Event() : RawResource(ApiVersions.Core, "Event")
{
    /// <summary>The object that it is about.</summary>
    public ObjectReference? InvolvedObject { get; set; }

    /// <summary>A word for programs that says why, in CamelCase.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Who reports it.</summary>
    public EventSource? Source { get; set; }

    /// <summary>When it happened first.</summary>
    public string? FirstTimestamp { get; set; }

    /// <summary>When it happened last.</summary>
    public string? LastTimestamp { get; set; }

    /// <summary>How often it happened.</summary>
    public int? Count { get; set; }
}

/// <summary>Who reports an event.</summary>
public sealed class EventSource
{
    /// <summary>The program.</summary>
    public string? Component { get; set; }

    /// <summary>The node it runs on.</summary>
    public string? Host { get; set; }
}
