using BenchmarkDotNet.Running;
using Kupang.Ledger.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(LoanBenchmarks).Assembly).Run(args);
