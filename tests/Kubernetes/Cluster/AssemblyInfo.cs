using Margay.Kubernetes.Cluster.Tests;

// One cluster for all.
[assembly: AssemblyFixture(typeof(Testbed))]
