using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Loans;

/// <summary>
/// A loan that was running on a paper card is kept here from the cut-over day on, which is the day in the envelope. What was
/// paid until then is its history: it makes no income and moves no cash. Of what is owed, the principal is the fund's
/// opening balance.
/// </summary>
/// <param name="CardNumber">The number of the paper card; it belongs to no other loan that stands.</param>
/// <param name="Schedule">The whole schedule, as the terms make it from the day on which the loan was really paid out.</param>
/// <param name="PaidPrincipal">By the card, in all until the cut-over.</param>
/// <param name="Advance">Held for the borrower on the cut-over day.</param>
/// <param name="Split">
/// What was paid, spread over the instalments oldest first, interest by interest and principal by principal; and the due
/// dates on which the advance is applied.
/// </param>
public sealed record LoanMigrated(
    TransactionId MigrationId,
    LoanId LoanId,
    string Number,
    string CardNumber,
    FundId FundId,
    LoanProductId ProductId,
    int ProductVersion,
    LoanTerms Terms,
    MemberId MemberId,
    Money Principal,
    int Instalments,
    DateOnly DisbursedOn,
    Encrypted Purpose,
    LoanProfile Profile,
    ImmutableArray<Instalment> Schedule,
    Money PaidPrincipal,
    Money PaidInterest,
    Money Advance,
    ImmutableArray<SplitPart> Split,
    JournalLines Lines) : IMoneyFact, INumberedFact, IHasParticipants, IPaysOutALoan, IBeginsALoan
{
    public IEnumerable<MemberId> Participants() => [MemberId];
}

/// <summary>A card was taken over by mistake. The loan is no more, and the card may be taken over again.</summary>
public sealed record LoanMigrationReversed(
    TransactionId ReversalId,
    TransactionId TransactionId,
    string Number,
    LoanId LoanId,
    MemberId MemberId,
    ReversalKind Kind,
    Money Amount,
    FundId FundId,
    Money Principal,
    JournalLines Lines,
    Encrypted? Reason = null) : IReversal, IMoneyFact, ITakesALoanBack, INumberedFact;

/// <summary>What is remembered of the card that a loan was taken over from.</summary>
/// <param name="DisbursedOn">When the loan was really paid out, before this ledger knew it.</param>
public sealed record LoanCard(string Number, DateOnly DisbursedOn, DateOnly CutOverOn, Money PaidPrincipal, Money PaidInterest);

/// <summary>How a loan begins in the middle: what it has paid counts first of all, and nothing that is learnt later moves it.</summary>
public static class LoanMigration
{
    /// <summary>The kind of paper book whose numbers are those of the cards.</summary>
    private const string CardBook = "loan-card";

    public static KeyName CardName(string number) => KeyName.Paper(CardOf(number));

    public static Loan Begin(LoanMigrated migrated, Envelope envelope)
    {
        ImmutableArray<FundingShare> funding = [new FundingShare(migrated.FundId, migrated.Principal)];
        return new Loan(
            migrated.LoanId,
            migrated.Number,
            ExternalId: null,
            funding,
            migrated.ProductId,
            migrated.ProductVersion,
            migrated.Terms,
            migrated.MemberId,
            GroupId: null,
            migrated.Principal,
            migrated.Instalments,
            migrated.Profile,
            migrated.Purpose,
            envelope.EffectiveOn)
        {
            Card = new LoanCard(migrated.CardNumber, migrated.DisbursedOn, envelope.EffectiveOn, migrated.PaidPrincipal, migrated.PaidInterest),
            Disbursement = new Step(migrated.MigrationId, envelope.EffectiveOn, envelope.Sequence),
            FirstFunding = funding,
            FirstSchedule = migrated.Schedule,
            Paid = [.. migrated.Schedule.Select(_ => default(PaidParts))],
        };
    }

    public static LoanEntry Opening(LoanMigrated migrated, Envelope envelope) => new LoanEntry(
        migrated.MigrationId,
        EntryKind.Opening,
        envelope.EffectiveOn,
        envelope.Sequence,
        migrated.PaidPrincipal + migrated.PaidInterest + migrated.Advance,
        [],
        [],
        new PaymentSource(AccountCode.OpeningBalance)).WithSplit(migrated.Split);

    /// <summary>What was paid, spread over the instalments: oldest first, interest by interest and principal by principal.</summary>
    public static ImmutableArray<SplitPart> Spread(ImmutableArray<Instalment> schedule, Money principal, Money interest)
    {
        List<SplitPart> parts = [];
        foreach (var row in schedule)
        {
            interest -= Take(SplitComponent.Interest, Money.Min(interest, row.Interest));
            principal -= Take(SplitComponent.Principal, Money.Min(principal, row.Principal));

            Money Take(SplitComponent component, Money amount)
            {
                if (amount.IsPositive)
                {
                    parts.Add(new SplitPart(row.Number, row.DueOn, component, amount));
                }

                return amount;
            }
        }

        return [.. parts];
    }

    /// <summary>Why a fact about the loan can't be dated so: what happened before the cut-over stands on the card alone. Null when all is well.</summary>
    public static Decision? CheckDay(DateOnly effectiveOn, Loan loan) => loan.Card is { } card && effectiveOn < card.CutOverOn
        ? Decision.Refuse("before-cut-over", "/effectiveOn", new Figure("effectiveOn", effectiveOn), new Figure("booksOpenFrom", card.CutOverOn))
        : null;

    /// <summary>As a mistake, while nothing else stands on the loan; money that went back is a fact of its own.</summary>
    public static Decision Reverse(ReversalOrder order, Loan loan, LoanMigrated migrated, FundBooks funds, Moment moment)
    {
        if (order.Kind == ReversalKind.Returned)
        {
            return Decision.Refuse("reversible-only-as-error", "/kind");
        }

        var opening = loan.Entries.Find(entry => entry.Id == migrated.MigrationId)!;
        var later = loan.Entries.Remove(opening);
        return later.Count > 0
            ? LoanRules.DependsOn([.. later.Select(entry => entry.Id)])
            : Decision.Record(
                [
                    new NewFact(
                        loan.Id.Value,
                        new LoanMigrationReversed(
                            order.Id,
                            order.TransactionId,
                            moment.NextNumber("PB"),
                            loan.Id,
                            loan.MemberId,
                            order.Kind,
                            migrated.Principal - migrated.PaidPrincipal,
                            migrated.FundId,
                            migrated.Principal,
                            order.LinesOf(migrated.Lines),
                            order.Reason),
                        order.Day,
                        EventOf: order.Id.Value),
                    .. Reallocation.FactsOf(loan, [], order.Id, funds, order.Day, gone: opening),
                ])
                .Releasing(CardOf(migrated.CardNumber));
    }

    private static Paper CardOf(string number) => new(PaperKind.Agreement, CardBook, number);
}
