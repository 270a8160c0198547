namespace Margay.Mutation.Tests;

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    /// <summary>A test failed, or the tests used many times the processor time that they need.</summary>
    Caught,

    /// <summary>Every test passed.</summary>
    Missed,

    /// <summary>The compiler refused it, so it shows nothing: the mutant must be written anew.</summary>
    DoesNotCompile,

    /// <summary>The machine gave no answer (a time limit, a program killed from outside): to be tried again.</summary>
    NoAnswer,
}

/// <summary>A fate with what shows it: the test that failed, or the compiler's words.</summary>
internal readonly record struct Outcome(Fate Fate, string Evidence);
