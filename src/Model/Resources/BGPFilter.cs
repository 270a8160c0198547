namespace Margay.Model.Resources;

/// <summary>Which routes are taken from peers and told to them (projectcalico.org/v3).</summary>
public sealed class BGPFilter() : Resource(ApiVersions.ProjectCalico, "BGPFilter")
{
    /// <summary>The rules.</summary>
    public BGPFilterSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>The rules of a filter, each list in order.</summary>
public sealed class BGPFilterSpec
{
    /// <summary>Rules for IPv4 routes that are told to the peer.</summary>
    public List<BGPFilterRule>? ExportV4 { get; set; }

    /// <summary>Rules for IPv4 routes that the peer tells.</summary>
    public List<BGPFilterRule>? ImportV4 { get; set; }

    /// <summary>Rules for IPv6 routes that are told to the peer.</summary>
    public List<BGPFilterRule>? ExportV6 { get; set; }

    /// <summary>Rules for IPv6 routes that the peer tells.</summary>
    public List<BGPFilterRule>? ImportV6 { get; set; }
}

/// <summary>A rule: a route that fits all that is given gets the action.</summary>
public sealed class BGPFilterRule
{
    /// <summary>A network of the list's version of IP; together with <see cref="MatchOperator"/>.</summary>
    public string? Cidr { get; set; }

    /// <summary>How long the route's prefix may be; only with <see cref="Cidr"/>.</summary>
    public BGPFilterPrefixLength? PrefixLength { get; set; }

    /// <summary><c>RemotePeers</c>: the route was learnt from a peer.</summary>
    public string? Source { get; set; }

    /// <summary>The route's interface; <c>*</c> stands for any characters.</summary>
    public string? Interface { get; set; }

    /// <summary>How the prefix relates to <see cref="Cidr"/>: <c>Equal</c>, <c>NotEqual</c>, <c>In</c> or <c>NotIn</c>.</summary>
    public string? MatchOperator { get; set; }

    /// <summary><c>eBGP</c> or <c>iBGP</c>: the kind of session.</summary>
    public string? PeerType { get; set; }

    /// <summary>A community that the route carries.</summary>
    public BGPFilterCommunityMatch? Communities { get; set; }

    /// <summary>AS numbers that the route's path begins with.</summary>
    public List<AsNumber>? AsPathPrefix { get; set; }

    /// <summary>The route's metric, 1 to 2147483646.</summary>
    public int? Priority { get; set; }

    /// <summary><c>Accept</c> or <c>Reject</c>. Needed.</summary>
    public string? Action { get; set; }

    /// <summary>What is done to the route first, 1 to 10 steps in order; only with <c>Accept</c>.</summary>
    public List<BGPFilterOperation>? Operations { get; set; }
}

/// <summary>Prefix lengths, both ends included: to 32 for IPv4, to 128 for IPv6.</summary>
public sealed class BGPFilterPrefixLength
{
    /// <summary>The shortest; absent for that of the rule's network.</summary>
    public int? Min { get; set; }

    /// <summary>The longest; absent for all.</summary>
    public int? Max { get; set; }
}

/// <summary>Communities a route carries.</summary>
public sealed class BGPFilterCommunityMatch
{
    /// <summary>Exactly one value, <c>aa:nn</c> or <c>aa:nn:mm</c>.</summary>
    public List<string>? Values { get; set; }
}

/// <summary>A step; exactly one field.</summary>
public sealed class BGPFilterOperation
{
    /// <summary>Adds a community.</summary>
    public BGPFilterAddCommunity? AddCommunity { get; set; }

    /// <summary>Puts AS numbers in front of the path.</summary>
    public BGPFilterPrependASPath? PrependASPath { get; set; }

    /// <summary>Sets the metric.</summary>
    public BGPFilterSetPriority? SetPriority { get; set; }
}

/// <summary>A community to add.</summary>
public sealed class BGPFilterAddCommunity
{
    /// <summary><c>aa:nn</c> or <c>aa:nn:mm</c>. Needed.</summary>
    public string? Value { get; set; }
}

/// <summary>AS numbers to put in front.</summary>
public sealed class BGPFilterPrependASPath
{
    /// <summary>The numbers as they will stand in the path, 1 to 10.</summary>
    public List<AsNumber>? Prefix { get; set; }
}

/// <summary>A metric to set.</summary>
public sealed class BGPFilterSetPriority
{
    /// <summary>The metric, 1 to 2147483646. Needed.</summary>
    public int? Value { get; set; }
}
