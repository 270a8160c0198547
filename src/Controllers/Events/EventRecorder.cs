using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Margay.Controllers.Hosting;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Events;

/// <summary>
/// Records events, which <c>kubectl describe</c> shows beside the object. For each object and reason there is one, which
/// counts up and holds the last message. An event is a courtesy: that it could not be recorded is logged and hinders nothing.
/// </summary>
internal sealed class EventRecorder(IResourceStore store, TimeProvider time, ILogger logger)
{
    private const string Component = "margay-controllers";

    /// <summary>Records that something is wrong with an object of a namespace.</summary>
    /// <param name="about">The object.</param>
    /// <param name="reason">A word for programs.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async Task WarnAsync(Resource about, string reason, string message, CancellationToken stop)
    {
        string name = NameOf(about, reason);
        string now = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        try
        {
            if (await store.FindAsync<Event>(about.Metadata.Namespace, name, stop) is { } known)
            {
                (known.Count, known.LastTimestamp, known.Message) = ((known.Count ?? 1) + 1, now, Short(message));
                await store.UpdateAsync(known, stop);
                return;
            }
            await store.CreateAsync(New(about, name, reason, message, now), stop);
        }
        catch (Exception cause) when (cause is ApiException or HttpRequestException or IOException)
        {
            logger.EventLost(about.Key.ToString(), cause);
        }
    }

    private static Event New(Resource about, string name, string reason, string message, string now) => new()
    {
        Metadata = { Namespace = about.Metadata.Namespace, Name = name },
        InvolvedObject = new()
        {
            ApiVersion = about.ApiVersion,
            Kind = about.Kind,
            Namespace = about.Metadata.Namespace,
            Name = about.Metadata.Name,
            Uid = about.Metadata.Uid,
            ResourceVersion = about.Metadata.ResourceVersion,
        },
        Reason = reason,
        Message = Short(message),
        Type = "Warning",
        Source = new() { Component = Component },
        FirstTimestamp = now,
        LastTimestamp = now,
        Count = 1,
    };

    // Kubernetes takes no longer ones.
    private static string Short(string message) => message.Length <= 1024 ? message : message[..1021] + "...";

    // The same thing about the same object has the same name, whichever process tells it.
    private static string NameOf(Resource about, string reason)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{about.Metadata.Uid}\n{reason}"));
        string name = about.Metadata.Name ?? "";
        return $"{(name.Length <= 230 ? name : name[..230]).TrimEnd('-', '.')}.{Convert.ToHexStringLower(hash)[..16]}";
    }
}
