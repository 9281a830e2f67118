using System.Runtime.InteropServices;
using Kupang.Ledger.LoadGenerator;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The servers are stopped and the folder is removed on the way out.
    pressed.Cancel = true;
    stop.Cancel();
};

using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

try
{
    var options = LoadOptions.Parse(args);
#if DEBUG
    Console.WriteLine("This is a Debug build: its figures mean nothing. Use dotnet run -c Release.");
#endif
    if (options.Portfolio)
    {
        return await new PortfolioRun(Console.Out, stop.Token).Run() ? 0 : 1;
    }

    var isRight = options.Kill
        ? await new KillRun(Console.Out, stop.Token).Run()
        : await new LoadRun(options, Console.Out, stop.Token).Run();
    Console.WriteLine(isRight ? "Every receipt is in the books exactly once." : "Something is wrong: see above.");
    return isRight ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped.");
    return 1;
}
catch (LoadFailure failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
