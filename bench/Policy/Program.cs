using Margay.Bench.Policy.Evaluation;
using Margay.Bench.Policy.Graph;
using Margay.Bench.Policy.Labels;

switch (args)
{
    case ["graph", var name]:
        return GraphFigures.RunCase(name);
    case ["stream", var name]:
        return GraphFigures.RunStreamed(name);
    case ["heap", var name]:
        return GraphFigures.RunHeap(name);
    case ["graphs", .. var names]:
        return GraphFigures.RunAll(3, names);
    case ["labels"]:
        LabelIndexFigures.Run();
        return 0;
    case ["selectors"]:
        SelectorFigures.Run();
        return 0;
    case ["evaluator"]:
        EvaluatorFigures.Run();
        return 0;
    case ["network-sets"]:
        NetworkSetFigures.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: Margay.Bench.Policy graphs [CASE...] | graph CASE | stream CASE | heap CASE | labels | selectors | evaluator | network-sets");
        return 1;
}
