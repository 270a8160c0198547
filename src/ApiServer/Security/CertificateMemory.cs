using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Margay.ApiServer.Security;

/// <summary>
/// What was found out about the certificates of connections, each of which is one object as long as its connection lives. The first requests of a
/// connection come at the same time: what the connection itself keeps (its items) is not made for several at once, and breaks under them.
/// </summary>
/// <typeparam name="T">What is found out.</typeparam>
internal sealed class CertificateMemory<T>
    where T : class
{
    private readonly ConditionalWeakTable<X509Certificate2, T> _known = [];

    /// <summary>What is known and still holds; else it is looked into again, by several at once perhaps.</summary>
    public T Get(X509Certificate2 certificate, Func<T, bool> holds, Func<X509Certificate2, T> look)
    {
        if (_known.TryGetValue(certificate, out T? known) && holds(known)) return known;
        T fresh = look(certificate);
        _known.AddOrUpdate(certificate, fresh);
        return fresh;
    }
}
