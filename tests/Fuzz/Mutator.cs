namespace Margay.Fuzz.Tests;

/// <summary>Random changes of texts: characters, pieces, words of the language, crossings of two inputs.</summary>
internal sealed class Mutator(Random random, string[] words, int maxLength)
{
    private const string Characters = " \t\n\r'\"\\/%&|!=(){}[],.:-_#~*?<>@^`$+;0123456789abcdefxyzABCDEF\u0000\u007f\u0085\u00b5\u2028\ufeff\ud800é漢";

    /// <summary>A changed text, seldom more than a few steps from the first.</summary>
    public string Change(string text, string other)
    {
        for (int i = 1 + random.Next(4); i > 0; i--) text = Once(text, other);
        return text.Length <= maxLength ? text : text[..maxLength];
    }

    private string Once(string text, string other)
    {
        int at = random.Next(text.Length + 1);
        int length = Math.Min(text.Length - at, 1 + random.Next(random.Next(8) == 0 ? 64 : 4));
        return random.Next(9) switch
        {
            0 => text.Insert(at, Character()),
            1 => text.Remove(at, length),
            2 => text.Remove(at, length).Insert(at, Character()),
            3 => text.Insert(at, words[random.Next(words.Length)]),
            4 => text.Remove(at, length).Insert(at, words[random.Next(words.Length)]),
            5 => text.Insert(at, text.Substring(at, length)),
            6 => Repeat(text, at, length),
            7 => string.Concat(text.AsSpan(0, at), other.AsSpan(random.Next(other.Length + 1))),
            _ => text.Insert(at, Piece(other)),
        };
    }

    private string Character() => Characters[random.Next(Characters.Length)].ToString();

    private string Piece(string other)
    {
        int start = random.Next(other.Length + 1);
        return other.Substring(start, random.Next(other.Length - start + 1));
    }

    /// <summary>Many times the same: what nests, nests deep.</summary>
    private string Repeat(string text, int at, int length)
    {
        string piece = text.Substring(at, length);
        return piece.Length == 0 ? text : text.Insert(at, string.Concat(Enumerable.Repeat(piece, Math.Min(1 + random.Next(600), maxLength / piece.Length))));
    }
}
