using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Lifecycle;

/// <summary>Gives every namespace its <c>default</c> service account, and gives it back when somebody deletes it.</summary>
internal sealed class ServiceAccounts : IController
{
    private const string Default = "default";

    private readonly ObjectOperations _objects;
    private readonly ServedKind? _kind;
    private readonly string _namespaces;
    private readonly string _accounts;
    private readonly HashSet<string> _pending = [];

    public ServiceAccounts(ObjectOperations objects)
    {
        _objects = objects;
        _kind = objects.Context.Kinds.Find("v1", "ServiceAccount");
        _namespaces = KeySpace.Collection(objects.Context.Kinds.Namespaces, "");
        _accounts = _kind is null ? "" : KeySpace.Collection(_kind, "");
    }

    public void Restart() => _pending.Clear();

    public void Observe(StorageEvent change)
    {
        if (_kind is null) return;
        if (change.Current is not null && change.Key.StartsWith(_namespaces, StringComparison.Ordinal))
        {
            _pending.Add(change.Key[_namespaces.Length..]);
        }
        else if (change.Current is null && change.Key.StartsWith(_accounts, StringComparison.Ordinal))
        {
            var (space, name) = KeySpace.Split(_kind, change.Key);
            if (name == Default) _pending.Add(space);
        }
    }

    public async Task SettleAsync(CancellationToken stop)
    {
        foreach (string space in _pending)
        {
            if (await _objects.Context.Storage.GetAsync(KeySpace.Of(_kind!, space, Default), stop) is not null) continue;
            try
            {
                var account = new JsonObject { ["metadata"] = new JsonObject { ["name"] = Default } };
                await _objects.Creation.CreateAsync(_kind!, space, account, WriteOptions.Default, stop);
            }
            catch (ApiException e) when (e.Code is 403 or 404 or 409)
            {
                // The namespace is gone or going, or somebody was faster: nothing is left to do.
                continue;
            }
        }
        _pending.Clear();
    }
}
