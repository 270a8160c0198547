namespace Margay.Answers;

/// <summary>A question that cannot be answered as it was asked: a missing file, a broken manifest. The message says what to do.</summary>
public sealed class AnswerException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public AnswerException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="cause">The cause.</param>
    public AnswerException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
