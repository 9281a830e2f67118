using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>What a service needs to start.</summary>
public sealed record ServiceSettings(string ConnectionString, string StateFolder, LoadTenant Tenant)
{
    /// <summary>
    /// The built service: by default the one in its own folder, built in the same configuration. The copy beside this program
    /// would find, and try to load, the tests' assemblies when it looks for commands.
    /// </summary>
    public string Program { get; init; } = OwnBuild();

    /// <summary>A free port is taken when none is named; naming it lets a restarted service be found where it was.</summary>
    public int? Port { get; init; }

    private static string OwnBuild()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var repository = here;
        while (!File.Exists(Path.Combine(repository.FullName, "Kupang.Ledger.sln")))
        {
            repository = repository.Parent ?? throw new DirectoryNotFoundException("This program is run from within the repository.");
        }

        return Path.Combine(repository.FullName, "src", "Kupang.Ledger", "bin", here.Parent!.Name, here.Name, "Kupang.Ledger.dll");
    }
}

/// <summary>The ledger service as a process of its own, on the loopback address.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int KeptLines = 200;

    private static readonly TimeSpan PatienceForStarting = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan PatienceForStopping = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly ServiceSettings settings;
    private readonly ConcurrentQueue<string> lines = new();

    private ServiceProcess(Process process, ServiceSettings settings, int port)
    {
        (this.process, this.settings, Port) = (process, settings, port);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int ProcessId => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>The last lines that the service wrote: warnings and errors.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Starts the service and waits until it answers a caller with a key.</summary>
    public static async Task<ServiceProcess> StartAsync(ServiceSettings settings, CancellationToken cancellation)
    {
        var port = settings.Port ?? FreePort();
        var start = CommandOf(settings, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var service = new ServiceProcess(StartFromLastingThread(start), settings, port);
        try
        {
            await service.WaitUntilReady(cancellation);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one of the service's commands to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunCommandAsync(
        ServiceSettings settings, IEnumerable<string> arguments, TimeSpan patience, CancellationToken cancellation)
    {
        using var command = StartFromLastingThread(CommandOf(settings, [.. arguments]));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        try
        {
            var output = command.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = command.StandardError.ReadToEndAsync(deadline.Token);
            await command.WaitForExitAsync(deadline.Token);
            return (command.ExitCode, await output + await errors);
        }
        finally
        {
            if (!command.HasExited)
            {
                command.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Waits until a read with the tenant's key is answered, as after a restart of the database.</summary>
    public async Task WaitUntilReady(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await Answers(cancellation))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > PatienceForStarting)
            {
                throw new LoadFailure($"The service did not become ready:\n{string.Join('\n', lines)}");
            }

            await Task.Delay(BetweenLooks, cancellation);
        }
    }

    /// <summary>kill -9: the service gets no chance to finish anything.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Asks the service to stop, as an operator would, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
        {
            if (OperatingSystem.IsWindows() || Signal(process.Id, Terminate) != 0)
            {
                process.Kill();
            }

            using var patience = new CancellationTokenSource(PatienceForStopping);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException late)
            {
                process.Kill();
                throw new LoadFailure("The service did not stop when it was asked to.", late);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> Answers(CancellationToken cancellation)
    {
        try
        {
            using var client = await LedgerClient.OpenAsync(Port, settings.Tenant, cancellation);
            return (await client.Get("/v1/funds?limit=1", cancellation)).Status == 200;
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            // Nobody listens yet, or the one who did is just going: whoever asks looks again.
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
            {
                lines.TryDequeue(out _);
            }
        }
    }

    private static ProcessStartInfo CommandOf(ServiceSettings settings, params ReadOnlySpan<string> arguments)
    {
        if (!File.Exists(settings.Program))
        {
            throw new LoadFailure($"The service is not built: there is no {settings.Program}.");
        }

        // setpriv replaces itself by the service, so the service is our own child, and ends with us however we end.
        const string Setpriv = "/usr/bin/setpriv";
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = OperatingSystem.IsLinux() && File.Exists(Setpriv)
            ? [Setpriv, "--pdeathsig", "KILL", dotnet, settings.Program, .. arguments]
            : [dotnet, settings.Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["ConnectionStrings__Ledger"] = settings.ConnectionString;
        start.Environment["Ledger__Bootstrap__Tenant"] = settings.Tenant.Name;
        start.Environment["Ledger__Bootstrap__ApiKey"] = settings.Tenant.ApiKey;
        start.Environment["Ledger__StateFolder"] = settings.StateFolder;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        return start;
    }

    /// <summary>A child that is to end with its parent ends with the very thread that started it, so that one never ends.</summary>
    private static Process StartFromLastingThread(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>();
        var thread = new Thread(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new LoadFailure($"{start.FileName} did not start."));
            }
            catch (Exception failure)
            {
                started.SetException(failure);
                return;
            }

            Thread.Sleep(Timeout.Infinite);
        })
        {
            IsBackground = true,
            Name = "parent of a child process",
        };
        thread.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int processId, int signal);
}
