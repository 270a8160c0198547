using Margay.Cni.Plugin;
using Microsoft.Win32.SafeHandles;

// A runtime starts this once for each call and reads one JSON document: nothing else may reach standard output. Without the
// framework's console, which starts a thread for signals.
using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
using var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
return new CniPlugin().Run(Environment.GetEnvironmentVariable, input, output);
