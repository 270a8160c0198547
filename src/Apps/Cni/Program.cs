using Margay.Cni.Plugin;

// A runtime starts this once for each call and reads one JSON document: nothing else may reach standard output.
using var input = Console.OpenStandardInput();
using var output = Console.OpenStandardOutput();
return new CniPlugin().Run(Environment.GetEnvironmentVariable, input, output);
