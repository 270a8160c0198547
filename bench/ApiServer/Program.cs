using Margay.Bench.ApiServer;

// storage SERVER [KUBE-APISERVER]: API requests as ratios to etcd's own puts and gets, all in one run.
// fanout SERVER [CLIENTS]: one change to many watches, at the API server and through a relay.
// load KUBECONFIG WORKERS CREATES GETS: requests to a server that runs already, for a profiler.
// SERVER is the program margay-server.
switch (args)
{
    case ["storage", var server]:
        await StorageFigures.RunAsync(server, null);
        return 0;
    case ["storage", var server, var kube]:
        await StorageFigures.RunAsync(server, kube);
        return 0;
    case ["fanout", var server]:
        await FanoutFigures.RunAsync(server, 1000);
        return 0;
    case ["fanout", var server, var clients]:
        await FanoutFigures.RunAsync(server, int.Parse(clients));
        return 0;
    case ["load", var kubeconfig, var workers, var creates, var gets]:
        await StorageFigures.LoadAsync(kubeconfig, int.Parse(workers), int.Parse(creates), int.Parse(gets));
        return 0;
    default:
        Console.Error.WriteLine("usage: storage SERVER [KUBE-APISERVER] | fanout SERVER [CLIENTS] | load KUBECONFIG WORKERS CREATES GETS");
        return 2;
}
