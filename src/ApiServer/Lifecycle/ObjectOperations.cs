using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Lifecycle;

/// <summary>What the server's own controllers do to objects: the same as any client's requests, under the same rules.</summary>
/// <param name="Context">Where and what.</param>
/// <param name="Lists">Reads collections.</param>
/// <param name="Creation">Makes objects.</param>
/// <param name="Update">Changes objects.</param>
/// <param name="Deletion">Deletes objects.</param>
internal sealed record ObjectOperations(
    ObjectContext Context, ListReader Lists, ObjectCreation Creation, ObjectUpdate Update, ObjectDeletion Deletion);
