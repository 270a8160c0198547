using System.Text;
using System.Text.Json;
using Margay.Cni.Wire;

namespace Margay.Cni.Plugin;

/// <summary>Looks through a network configuration for the few keys that the plugin itself needs.</summary>
internal static class DirectConfig
{
    /// <summary>The node service's socket; null when the document is none, or has what the short way does not do.</summary>
    public static string? TryFindSocket(ReadOnlySpan<byte> document)
    {
        string socket = "", runDirectory = "";
        try
        {
            var reader = new Utf8JsonReader(document);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueIsEscaped) return null;
                var name = reader.ValueSpan;
                // A log of its own and a time limit of its own.
                if (Is(name, "log_file_path"u8) || Is(name, "policy_setup_timeout_seconds"u8)) return null;
                bool isSocket = Is(name, "socket"u8), isRunDirectory = Is(name, "run_dir"u8);
                reader.Read();
                if ((isSocket || isRunDirectory) && (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)) return null;
                if (isSocket) socket = Encoding.UTF8.GetString(reader.ValueSpan);
                if (isRunDirectory) runDirectory = Encoding.UTF8.GetString(reader.ValueSpan);
                reader.Skip();
            }
            // Read to the end: what follows the object makes it another document.
            if (reader.Read()) return null;
        }
        catch (JsonException)
        {
            return null;
        }
        return socket.Length > 0 ? socket : runDirectory.Length > 0 ? Path.Combine(runDirectory, CniPaths.SocketName) : CniPaths.Default.Socket;
    }

    // The long way ignores case, too.
    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> key) => Ascii.EqualsIgnoreCase(name, key);
}
