using Margay.Kubernetes.Api.Tests;
using Xunit.Sdk;
using Xunit.v3;

// One cluster for all, and one test at a time: some take the aggregated server away from it.
[assembly: AssemblyFixture(typeof(ControlPlane))]
[assembly: Parallelization(Mode = ParallelMode.None)]
