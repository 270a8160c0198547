using Margay.Bench.Policy.Graph;

switch (args)
{
    case ["graph", var name]:
        return GraphFigures.RunCase(name);
    case ["heap", var name]:
        return GraphFigures.RunHeap(name);
    case ["graphs", .. var names]:
        return GraphFigures.RunAll(3, names);
    default:
        Console.Error.WriteLine("usage: Margay.Bench.Policy graphs [CASE...] | graph CASE | heap CASE");
        return 1;
}
