using Margay.Model.Resources;
using Margay.Testbed.Dns.Names;

namespace Margay.Testbed.Dns.Tests;

/// <summary>One headless service with hosts of long names.</summary>
internal sealed class WideCluster : IClusterState
{
    private static readonly Service Wide = new()
    {
        Metadata = { Namespace = "shop", Name = "wide" },
        Spec = new() { ClusterIP = "None", Ports = [new() { Port = 1 }] },
    };

    public IEnumerable<Service> Services => [Wide];

    public Service? FindService(string ns, string name) => (ns, name) == ("shop", "wide") ? Wide : null;

    public Endpoints? FindEndpoints(string ns, string name) => new()
    {
        Subsets =
        [
            new()
            {
                Addresses = [.. Enumerable.Range(1, 20).Select(i => new EndpointAddress { Ip = $"10.244.1.{i}", Hostname = new string('h', 60) })],
                Ports = [new() { Port = 1 }],
            },
        ],
    };
}
