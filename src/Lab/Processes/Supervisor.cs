using System.Net;
using System.Net.Sockets;
using Margay.Lab.Topology;

namespace Margay.Lab.Processes;

/// <summary>
/// Keeps the lab's own processes running, as an init system does for real machines: starts them, starts them again when
/// they end, and takes over what an earlier supervisor started. A process for which a file in the hold directory
/// exists is left down. Killing the supervisor ends none of them.
/// </summary>
internal sealed class Supervisor(LabLayout layout, IReadOnlyList<DaemonSpec> daemons, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);
    private Socket? _listener;

    /// <summary>The file that holds a process down while it exists.</summary>
    public static string HoldFile(LabLayout layout, string daemon) => Path.Combine(layout.Run, "hold", daemon);

    /// <summary>The file with a process's identity.</summary>
    public static string PidFile(LabLayout layout, string daemon) => Path.Combine(layout.Pids, daemon);

    public async Task RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(layout.Pids);
        Directory.CreateDirectory(Path.GetDirectoryName(HoldFile(layout, "-"))!);
        Directory.CreateDirectory(layout.Logs);
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            foreach (var daemon in daemons) Tend(daemon);
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    public void Dispose() => _listener?.Dispose();

    private void Tend(DaemonSpec daemon)
    {
        if (!_lives.TryGetValue(daemon.Name, out var life))
            _lives[daemon.Name] = life = new Life { Process = ProcessIdentity.Load(PidFile(layout, daemon.Name)), Began = time.GetTimestamp() };
        if (life.Process is { IsAlive: true }) return;
        if (life.Process is not null && life.StartAt is null)
        {
            var age = time.GetElapsedTime(life.Began);
            life.StartAt = time.GetUtcNow() + life.Delay.After(age);
            Console.WriteLine($"{time.GetUtcNow():O} {daemon.Name} (pid {life.Process.Value.Pid}) ended after {age.TotalSeconds:0.0} s");
        }

        if (File.Exists(HoldFile(layout, daemon.Name)) || time.GetUtcNow() < life.StartAt) return;
        Start(daemon, life);
    }

    private void Start(DaemonSpec daemon, Life life)
    {
        life.Began = time.GetTimestamp();
        life.StartAt = null;
        try
        {
            life.Process = Launcher.Start(daemon, layout.Log(daemon.Name), daemon.ListenPort == 0 ? null : Listen(daemon.ListenPort));
            life.Process.Value.Save(PidFile(layout, daemon.Name));
            Console.WriteLine($"{time.GetUtcNow():O} {daemon.Name} started as pid {life.Process.Value.Pid}");
        }
        catch (Exception failure) when (failure is LabException or SocketException)
        {
            Console.WriteLine($"{time.GetUtcNow():O} {daemon.Name} cannot be started: {failure.Message}");
            life.StartAt = time.GetUtcNow() + life.Delay.After(TimeSpan.Zero);
        }
    }

    // Kept open between lives of the server, so that a client that comes meanwhile waits instead of being refused.
    private Socket Listen(int port)
    {
        if (_listener is not null) return _listener;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(512);
            return _listener = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Life
    {
        public ProcessIdentity? Process { get; set; }

        public long Began { get; set; }

        public DateTimeOffset? StartAt { get; set; }

        public RestartDelay Delay { get; } = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
    }
}
