using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability;

/// <summary>What a rule of a program matches between two ends.</summary>
/// <param name="Rule">The rule's number in the program.</param>
/// <param name="Packets">The packets; never none.</param>
internal readonly record struct RuleHit(int Rule, PacketSet Packets);
