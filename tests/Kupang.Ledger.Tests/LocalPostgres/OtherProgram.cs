using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kupang.Ledger.LocalPostgres;
using Xunit;

namespace Kupang.Ledger.Tests.LocalPostgres;

/// <summary>
/// Another program that uses the server, for tests that kill one. It is this test program, started again with a
/// variable that makes it hold a server instead of running tests.
/// </summary>
internal sealed class OtherProgram : IDisposable
{
    private const string Variable = "KUPANG_LEDGER_TESTS_HOLD_THE_SERVER_OF";

    private readonly Process process;

    private OtherProgram(Process process) => this.process = process;

    public int ProcessId => process.Id;

    /// <summary>Starts it, and returns when it has the server.</summary>
    public static async Task<OtherProgram> Start(StateFolder folder)
    {
        var name = OperatingSystem.IsWindows() ? "Kupang.Ledger.Tests.exe" : "Kupang.Ledger.Tests";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = folder.Path;
        // A killed program can't remove the sockets that .NET offers to debuggers, so it gets none.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var other = new OtherProgram(Process.Start(start)!);
        Assert.Equal("ready", await other.process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        return other;
    }

    /// <summary>Lets it end by itself, which gives its share in the server back.</summary>
    public async Task Leave()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>As kill -9 does.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    /// <summary>
    /// Runs before Main. Nothing of this assembly may run on another thread meanwhile, since that would wait for the
    /// initializer to end; that is why this waits instead of awaiting.
    /// </summary>
    [ModuleInitializer]
    internal static void HoldServerIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder)
        {
            return;
        }

        var options = new LocalPostgresOptions { StateFolder = folder, ThrowAwayData = true };
        var server = LocalPostgresServer.StartAsync(options, CancellationToken.None).GetAwaiter().GetResult();
        Console.WriteLine("ready");
        _ = Console.ReadLine();
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Environment.Exit(0);
    }
}
