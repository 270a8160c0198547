namespace Margay.ApiServer.Schema;

/// <summary>What JSON a field holds.</summary>
internal enum FieldShape
{
    /// <summary>Anything; nothing below it is checked or pruned.</summary>
    Any,

    /// <summary>An object whose fields are known.</summary>
    Object,

    /// <summary>An object with free keys and values of one kind.</summary>
    Map,

    /// <summary>An array.</summary>
    List,

    /// <summary>A string.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number or a string, such as a port or its name.</summary>
    IntOrString,

    /// <summary>A resource amount such as <c>500m</c> or <c>2</c>; a string or a number.</summary>
    Quantity,
}
