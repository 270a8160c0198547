namespace Margay.Ipam.Allocation;

/// <summary>So many races were lost in a row that going on is pointless for now. Nothing is left half done by it.</summary>
/// <param name="what">What was tried.</param>
/// <param name="attempts">How often.</param>
public sealed class IpamContentionException(string what, int attempts)
    : Exception($"{what}: lost {attempts} races in a row to other writers");
