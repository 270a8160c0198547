using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Margay.ApiServer.Security;

/// <summary>
/// Bearer tokens from a file, in the form of Kubernetes' static tokens: <c>token,user,uid,"group1,group2"</c> a line. Kept as
/// hashes, so that finding one takes the same time however much of a guess is right.
/// </summary>
internal sealed class TokenFile
{
    private readonly FrozenDictionary<string, UserInfo> _users;

    private TokenFile(Dictionary<string, UserInfo> users) => _users = users.ToFrozenDictionary(StringComparer.Ordinal);

    public static TokenFile None { get; } = new([]);

    /// <exception cref="FormatException">A line is not of that form.</exception>
    public static TokenFile Read(string path)
    {
        var users = new Dictionary<string, UserInfo>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Trim().Length == 0 || line.StartsWith('#')) continue;
            string[] fields = line.Split(',', 4);
            if (fields.Length < 3 || fields[0].Trim().Length == 0 || fields[1].Trim().Length == 0)
                throw new FormatException($"{path}, line {number}: expected token,user,uid and optionally \"group,...\"");
            string[] groups = fields.Length < 4
                ? []
                : fields[3].Trim().Trim('"').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            users[Hash(fields[0].Trim())] = new UserInfo(fields[1].Trim(), [.. groups, UserInfo.Authenticated]);
        }
        return new TokenFile(users);
    }

    public UserInfo? Find(string token) => _users.GetValueOrDefault(Hash(token));

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
