using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz;
using SharpFuzz.Common;

namespace Margay.Fuzz.Tests;

/// <summary>Puts probes at the branches of the libraries under test, in the output folder of these tests, before they are loaded.</summary>
internal static class Instrumentation
{
    [ModuleInitializer]
    internal static unsafe void Prepare()
    {
        // The probes write there, whether anybody reads it or not; 64 KiB are the library's format.
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(1 << 16);
        // The library's only way to say that it should call us at every branch.
        Environment.SetEnvironmentVariable("SHARPFUZZ_ENABLE_ON_BRANCH_CALLBACK", "1");
        foreach (string library in (string[])["Margay.Model.dll", "Margay.Foundation.dll", "YamlDotNet.dll"])
        {
            string path = Path.Combine(AppContext.BaseDirectory, library);
            // A build copies the library anew when it has changed; the mark says whether this is still the one with probes.
            string mark = path + ".probed";
            string stamp = $"{new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}";
            if (File.Exists(mark) && File.ReadAllText(mark) == stamp) continue;
            Fuzzer.Instrument(path, static name => !name.Contains("Json", StringComparison.Ordinal) || name.Contains("Converter", StringComparison.Ordinal), Options.Value);
            File.WriteAllText(mark, $"{new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}");
        }
    }
}
