using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Kupang.Ledger.Benchmarks;

// The reports lie beside the program, not wherever somebody happened to stand.
BenchmarkSwitcher.FromAssembly(typeof(LoanBenchmarks).Assembly)
    .Run(args, DefaultConfig.Instance.WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "reports")));
