using Margay.Kubernetes.Api.Tests;

// One cluster for all, and one test at a time: some take the aggregated server away from it.
[assembly: AssemblyFixture(typeof(ControlPlane))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
