namespace Margay.ImageBuilder.Sbom;

/// <summary>Debian packages as <c>dpkg-deb -R</c> unpacks them.</summary>
internal sealed class DebianPackages(string folder)
{
    /// <summary>A package by its control file.</summary>
    public Component Of(string name)
    {
        string control = Path.Combine(folder, name, "DEBIAN/control");
        if (!File.Exists(control)) throw new ImageException($"{control} is missing; eng/images unpacks Debian's {name} there");
        var fields = File.ReadLines(control)
            .Where(line => line.Length > 0 && line[0] != ' ')
            .Select(line => line.Split(": ", 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new(name, fields["Version"], $"pkg:deb/debian/{name}@{Uri.EscapeDataString(fields["Version"])}?arch={fields["Architecture"]}", "NOASSERTION");
    }
}
