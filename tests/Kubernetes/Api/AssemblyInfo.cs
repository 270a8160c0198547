using Margay.Kubernetes.Api.Tests;

// One cluster for all.
[assembly: AssemblyFixture(typeof(ControlPlane))]
