using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Margay.Apps.Shop.Hosting;

/// <summary>Named counters, shown in Prometheus' text format.</summary>
internal sealed class Counters
{
    private readonly ConcurrentDictionary<string, long> _values = new(StringComparer.Ordinal);

    public long this[string name] => _values.GetValueOrDefault(name);

    public void Add(string name) => _values.AddOrUpdate(name, 1, static (_, value) => value + 1);

    public string Render(string role)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"shop_{name}_total{{role=\"{role}\"}} {value}\n");
        return text.ToString();
    }
}
