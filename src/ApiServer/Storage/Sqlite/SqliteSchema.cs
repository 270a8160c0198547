using Microsoft.Data.Sqlite;

namespace Margay.ApiServer.Storage.Sqlite;

/// <summary>Opens the file the way its promises need, and says in words what is wrong with it.</summary>
internal static class SqliteSchema
{
    private const long Format = 1;

    // https://www.sqlite.org/rescode.html
    private const int SQLITE_FULL = 13;
    private const int SQLITE_NOMEM = 7;

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        // FULL syncs the WAL at every commit; NORMAL would lose the last acknowledged writes when the power fails.
        Execute(connection, null, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-8000;");
        return connection;
    }

    public static void Prepare(SqliteConnection connection, string path)
    {
        // A second server on the same file would hand out the same revisions: one process owns it.
        Execute(connection, null, """
            CREATE TABLE IF NOT EXISTS log(revision INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB,
                created INTEGER NOT NULL, previous INTEGER NOT NULL, at INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
            """);
        Execute(connection, null, "INSERT OR IGNORE INTO meta VALUES('format', $format), ('compacted', 1);", ("$format", Format));
        long format = ReadMeta(connection, "format");
        if (format != Format)
            throw new InvalidOperationException($"{path} has storage format {format}; this version reads format {Format} only.");
    }

    public static long ReadMeta(SqliteConnection connection, string name)
    {
        using SqliteCommand query = connection.CreateCommand();
        query.CommandText = "SELECT value FROM meta WHERE name = $name";
        query.Parameters.AddWithValue("$name", name);
        return query.ExecuteScalar() is long value ? value : 0;
    }

    public static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql, params (string Name, object Value)[] with)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in with) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    public static LogFailedException Explain(string attempt, SqliteException e) =>
        new($"SQLite could not {attempt}: {e.Message} (extended code {e.SqliteExtendedErrorCode})", e,
            rolledBack: e.SqliteErrorCode is SQLITE_FULL or SQLITE_NOMEM);
}
