using System.Globalization;
using System.Runtime.InteropServices;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>A database server and a ledger service of a run's own, in a folder that is removed afterwards.</summary>
public sealed class LoadEnvironment : IAsyncDisposable
{
    private LoadEnvironment(string folder, DatabaseServer server, IReadOnlyList<LoadTenant> tenants, ServiceProcess service) =>
        (Folder, Server, Tenants, Service) = (folder, server, tenants, service);

    public string Folder { get; }

    public DatabaseServer Server { get; }

    public IReadOnlyList<LoadTenant> Tenants { get; }

    public ServiceProcess Service { get; private set; }

    private ServiceSettings Settings => new(Server.ConnectionString, Path.Combine(Folder, "service"), Tenants[0]);

    public static async Task<LoadEnvironment> Start(IReadOnlyList<string> tenantNames, CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"kupang-ledger-load-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(folder);
        DatabaseServer? server = null;
        try
        {
            server = await DatabaseServer.StartAsync(Path.Combine(folder, "postgres"), cancellation);
            var state = Path.Combine(folder, "service");
            var tenants = await LedgerInstallation.Prepare(server.ConnectionString, state, tenantNames, cancellation);
            var service = await ServiceProcess.StartAsync(new ServiceSettings(server.ConnectionString, state, tenants[0]), cancellation);
            return new LoadEnvironment(folder, server, tenants, service);
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Starts the service again where it was, after it was killed.</summary>
    public async Task RestartService(CancellationToken cancellation)
    {
        var port = Service.Port;
        await Service.DisposeAsync();
        Service = await ServiceProcess.StartAsync(Settings with { Port = port }, cancellation);
    }

    /// <summary>Lets the service check its own books, as an operator would. The last line it prints is the verdict.</summary>
    public async Task<(bool AreRight, string Output)> CheckBooks(CancellationToken cancellation)
    {
        var (exitCode, output) = await ServiceProcess.RunCommandAsync(Settings, ["check-books"], TimeSpan.FromMinutes(15), cancellation);
        return (exitCode == 0, output);
    }

    /// <summary>What a reader must know to judge the figures.</summary>
    public async Task<string> Describe(CancellationToken cancellation)
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        List<string> settings = [];
        foreach (var name in (string[])["fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers", "max_wal_size"])
        {
            settings.Add($"{name}={await Server.Setting(name, cancellation)}");
        }

        var version = await Server.Setting("server_version", cancellation);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{RuntimeInformation.FrameworkDescription}, PostgreSQL {version}, "
            + $"{Environment.ProcessorCount} cores{(model is null ? "" : $" ({model})")} shared by client, service and database\n{string.Join(", ", settings)}");
    }

    /// <summary>Warnings and errors, where something went wrong that they may explain.</summary>
    public async Task PrintWhatServiceSaid(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var line in Service.Lines)
        {
            await output.WriteLineAsync($"  service said: {line}");
        }
    }

    /// <summary>What each warning or error is about, without its details.</summary>
    public IEnumerable<string> WarningsOfService() =>
        Service.Lines.Zip(Service.Lines.Skip(1))
            .Where(lines => lines.First.StartsWith("warn:", StringComparison.Ordinal) || lines.First.StartsWith("fail:", StringComparison.Ordinal))
            .Select(lines => $"{lines.First.Trim()} {lines.Second.Trim()}");

    public CpuUse Cpu() => CpuUse.Now(Service.ProcessId, Server.Postmaster);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
