using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Kupang.Ledger.Loans;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Benchmarks;

/// <summary>What the writer does for one repayment between reading and writing, on a loan with thirty payments.</summary>
[MemoryDiagnoser]
public class LoanBenchmarks
{
    private const int Payments = 30;

    private readonly LoanSample sample = new(Payments);
    private readonly Loan loan;
    private readonly RepaymentRecorded repayment;
    private readonly string stored;

    public LoanBenchmarks()
    {
        loan = sample.Loan;
        repayment = sample.LastRepayment;
        stored = JsonSerializer.Serialize(repayment, LedgerJson.Options);
        if (Decide_a_late_payment_that_moves_fifteen_others() is not Decision.ToRecord { Facts: [_, { Data: RepaymentsReallocated { Splits.Length: 15 } }] })
        {
            throw new InvalidOperationException("The late payment moves other payments than it says.");
        }
    }

    [Benchmark]
    public Decision Decide_the_newest_payment() => LoanSample.Decide(loan, 500_000, LoanSample.Today);

    /// <summary>It pays more than one instalment, so every payment after it pays another one from then on, and other parts of it.</summary>
    [Benchmark]
    public Decision Decide_a_late_payment_that_moves_fifteen_others() => LoanSample.Decide(loan, 2_867_000, loan.Entries[Payments / 2].EffectiveOn.AddDays(-1));

    [Benchmark]
    public Loan Fold_all_facts() => sample.Facts.Aggregate<RecordedFact, Loan?>(null, Loan.After)!;

    [Benchmark]
    public LoanPosition Position() => LoanPosition.Of(loan, LoanSample.Today);

    [Benchmark]
    public JournalLines Posting_rule() => LoanSample.Post(loan);

    [Benchmark]
    public byte[] Serialize_the_event() => JsonSerializer.SerializeToUtf8Bytes(repayment, LedgerJson.Options);

    [Benchmark]
    public RepaymentRecorded Deserialize_the_event() => JsonSerializer.Deserialize<RepaymentRecorded>(stored, LedgerJson.Options)!;
}
