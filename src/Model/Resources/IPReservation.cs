namespace Margay.Model.Resources;

/// <summary>Addresses that are never given out; those already in use stay (projectcalico.org/v3).</summary>
public sealed class IPReservation() : Resource(ApiVersions.ProjectCalico, "IPReservation")
{
    /// <summary>The addresses.</summary>
    public IPReservationSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>Addresses that are never given out.</summary>
public sealed class IPReservationSpec
{
    /// <summary>Networks in CIDR notation. Meant for few addresses: a search goes round each of them.</summary>
    public List<string>? ReservedCIDRs { get; set; }
}
