using BenchmarkDotNet.Attributes;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Benchmarks;

/// <summary>What a preview and a disbursement calculate.</summary>
[MemoryDiagnoser]
public class ScheduleBenchmarks
{
    private static readonly Money Principal = Money.Rupiah(12_000_000);

    private LoanTerms terms = LoanSample.Terms(InterestMethod.Flat);

    [Params(12, 52)]
    public int Instalments { get; set; }

    [Params(InterestMethod.Flat, InterestMethod.DecliningEqualPrincipal, InterestMethod.DecliningEqualInstalments, InterestMethod.None)]
    public InterestMethod Method { get; set; }

    [GlobalSetup]
    public void Prepare() => terms = LoanSample.Terms(Method);

    [Benchmark]
    public Schedule Calculate() => Schedules.Made(terms, Principal, Instalments);
}

/// <summary>The same with interest by days, when each period has a rate of its own: over the turn of a leap year.</summary>
[MemoryDiagnoser]
public class DayScheduleBenchmarks
{
    private static readonly Money Principal = Money.Rupiah(12_000_000);

    private LoanTerms terms = LoanSample.Terms(InterestMethod.Flat);

    [Params(12, 52)]
    public int Instalments { get; set; }

    [Params(InterestMethod.Flat, InterestMethod.DecliningEqualPrincipal, InterestMethod.DecliningEqualInstalments)]
    public InterestMethod Method { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var byPeriod = LoanSample.Terms(Method);
        terms = byPeriod with { Interest = byPeriod.Interest with { DayCount = DayCount.ActualActual } };
    }

    [Benchmark]
    public Schedule Calculate() => Schedules.Made(terms, Principal, Instalments);
}
