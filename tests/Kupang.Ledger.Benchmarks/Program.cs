using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Kupang.Ledger.Benchmarks.ScheduleBenchmarks).Assembly).Run(args);
