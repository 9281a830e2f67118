using Kupang.Ledger.CommandLine;
using Kupang.Ledger.Writing;

try
{
    return await Startup.Run(args);
}
catch (StartupProblem problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
