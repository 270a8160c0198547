using Microsoft.Data.Sqlite;

namespace Margay.ApiServer.Storage.Sqlite;

/// <summary>
/// The log in one SQLite file: a row per change, which holds the state after it and points to the row before. A row is
/// removed when a later, forgotten change has superseded it, so what stays is the current state and the retained history.
/// WAL with <c>synchronous=FULL</c>: a commit has reached the disk when it returns.
/// </summary>
internal sealed class SqliteEventLog : IEventLog
{
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly Lock _readGate = new();
    private readonly SqliteCommand _insert;

    /// <param name="path">The file; made when missing.</param>
    public SqliteEventLog(string path)
    {
        _writer = SqliteSchema.Open(path);
        try
        {
            SqliteSchema.Prepare(_writer, path);
            _reader = SqliteSchema.Open(path);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
        _insert = _writer.CreateCommand();
        _insert.CommandText =
            "INSERT INTO log(revision, key, value, created, previous, at) VALUES($revision, $key, $value, $created, $previous, $at)";
        foreach (string name in (string[])["$revision", "$key", "$value", "$created", "$previous", "$at"])
            _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
    }

    /// <summary>Lets a test make the disk small.</summary>
    internal SqliteConnection Writer => _writer;

    public LogContents Load(int recent)
    {
        var current = new Dictionary<string, StoredObject>(StringComparer.Ordinal);
        var objects = new List<StorageEvent>();
        long head = 1;
        using (SqliteCommand rows = _reader.CreateCommand())
        {
            rows.CommandText = "SELECT revision, key, value, created FROM log ORDER BY revision";
            using SqliteDataReader row = rows.ExecuteReader();
            while (row.Read())
            {
                head = row.GetInt64(0);
                string key = row.GetString(1);
                if (row.IsDBNull(2)) current.Remove(key);
                else current[key] = new StoredObject(key, row.GetFieldValue<byte[]>(2), row.GetInt64(3), head);
            }
        }
        long compacted = SqliteSchema.ReadMeta(_reader, "compacted");
        head = Math.Max(head, Math.Max(compacted, 1));
        foreach (StoredObject item in current.Values) objects.Add(new StorageEvent(item.Revision, item.Key, item, null));
        objects.Sort((a, b) => a.Revision.CompareTo(b.Revision));
        // The newest row may be a deletion: the snapshot's revision is the head, not the newest object's.
        objects.Add(new StorageEvent(head, "", null, null));
        long from = Math.Max(head - recent, Math.Max(compacted, 1));
        return new LogContents(Snapshot.Empty.With(objects), Read(from, recent), Math.Max(compacted, 1));
    }

    public void Append(IReadOnlyList<StorageEvent> events, DateTimeOffset at)
    {
        try
        {
            using SqliteTransaction transaction = _writer.BeginTransaction(deferred: false);
            _insert.Transaction = transaction;
            foreach (StorageEvent change in events) Insert(change, at);
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw SqliteSchema.Explain("write a change", e);
        }
    }

    public IReadOnlyList<StorageEvent> Read(long after, int most)
    {
        lock (_readGate)
        {
            using SqliteCommand rows = _reader.CreateCommand();
            rows.CommandText = """
                SELECT e.revision, e.key, e.value, e.created, p.revision, p.value, p.created
                FROM log e LEFT JOIN log p ON p.revision = e.previous
                WHERE e.revision > $after ORDER BY e.revision LIMIT $most
                """;
            rows.Parameters.AddWithValue("$after", after);
            rows.Parameters.AddWithValue("$most", most);
            using SqliteDataReader row = rows.ExecuteReader();
            var events = new List<StorageEvent>();
            while (row.Read())
            {
                string key = row.GetString(1);
                events.Add(new StorageEvent(row.GetInt64(0), key, State(row, key, 0, 2), State(row, key, 4, 5)));
            }
            return events;
        }
    }

    public long RevisionBefore(DateTimeOffset cutoff, long from)
    {
        using SqliteCommand query = _writer.CreateCommand();
        query.CommandText = """
            SELECT COALESCE((SELECT revision - 1 FROM log WHERE revision > $from AND at > $cutoff ORDER BY revision LIMIT 1),
                            (SELECT MAX(revision) FROM log), $from)
            """;
        query.Parameters.AddWithValue("$from", from);
        query.Parameters.AddWithValue("$cutoff", cutoff.ToUnixTimeMilliseconds());
        try
        {
            return (long)query.ExecuteScalar()!;
        }
        catch (SqliteException e)
        {
            throw SqliteSchema.Explain("read history", e);
        }
    }

    public void Compact(long revision)
    {
        try
        {
            using SqliteTransaction transaction = _writer.BeginTransaction(deferred: false);
            SqliteSchema.Execute(_writer, transaction,
                """
                DELETE FROM log WHERE revision IN (SELECT previous FROM log WHERE revision <= $to AND previous <> 0);
                DELETE FROM log WHERE revision <= $to AND value IS NULL;
                UPDATE meta SET value = $to WHERE name = 'compacted';
                """, ("$to", revision));
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw SqliteSchema.Explain("remove old history", e);
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    private void Insert(StorageEvent change, DateTimeOffset at)
    {
        SqliteParameterCollection p = _insert.Parameters;
        p[0].Value = change.Revision;
        p[1].Value = change.Key;
        p[2].Value = change.Current is { } now ? Bytes(now.Value) : DBNull.Value;
        p[3].Value = (change.Current ?? change.Previous)?.CreateRevision ?? 0;
        p[4].Value = change.Previous?.Revision ?? 0;
        p[5].Value = at.ToUnixTimeMilliseconds();
        _insert.ExecuteNonQuery();
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> value) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(value, out ArraySegment<byte> segment)
        && segment.Array is { } array && segment.Count == array.Length
            ? array
            : value.ToArray();

    private static StoredObject? State(SqliteDataReader row, string key, int revision, int value) =>
        row.IsDBNull(value) ? null : new StoredObject(key, row.GetFieldValue<byte[]>(value), row.GetInt64(value + 1), row.GetInt64(revision));
}
