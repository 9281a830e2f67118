using System.Collections.Immutable;
using Kupang.Ledger.Calendars;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Members;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>
/// Takes loans of a fund over that are running on paper cards: all of them or none. The totals that were added up by hand
/// must be those of the rows.
/// </summary>
/// <param name="CutOverOn">The day from which on they are kept here; what the cards say is as of that day.</param>
public sealed record MigrateLoans(FundId FundId, DateOnly CutOverOn, MigrationControl Control, ImmutableArray<MigratingLoan> Loans) : Command;

/// <summary>What the cards add up to.</summary>
/// <param name="Outstanding">Principal not paid yet.</param>
public sealed record MigrationControl(int Count, Money Principal, Money Outstanding, Money PaidInterest);

/// <summary>One card.</summary>
/// <param name="MemberId">The borrower, or by <paramref name="MemberExternalId"/>; one of the two.</param>
/// <param name="PaidPrincipal">In all, until the cut-over.</param>
/// <param name="PaidInterest">In all, until the cut-over.</param>
/// <param name="Advance">Held for the borrower (<em>titipan</em>); only where the product holds what is paid ahead.</param>
/// <param name="Purpose">In words, which may name people: kept encrypted.</param>
public sealed record MigratingLoan(
    [property: TextLimit(60)] string CardNumber,
    [property: TextLimit(30)] string ProductCode,
    Money Principal,
    int Instalments,
    DateOnly DisbursedOn,
    Money PaidPrincipal,
    Money PaidInterest,
    [property: TextLimit(500)] string Purpose,
    MemberId? MemberId = null,
    [property: TextLimit(100)] string? MemberExternalId = null,
    DateOnly? FirstDueOn = null,
    Money? Advance = null);

/// <summary>What is wrong with a row. Rows are counted from 1; row 0 is the file as a whole.</summary>
public sealed record MigrationError(int Row, string Column, string Code, string Detail);

/// <summary>A loan as it stands on the cut-over day.</summary>
/// <param name="Id">Null in a dry run.</param>
public sealed record MigratedLoanAnswer(
    int Row, string CardNumber, LoanId? Id, string? Number, TransactionId? TransactionId, LoanParts Outstanding, LoanParts Arrears, int DaysPastDue, Money Advance);

/// <param name="Errors">Everything that is wrong; loans are taken over only when there is nothing.</param>
public sealed record LoanMigrationAnswer(
    bool DryRun, FundId FundId, DateOnly CutOverOn, IReadOnlyList<MigrationError> Errors, IReadOnlyList<MigratedLoanAnswer> Loans, long AsOfSequence);

/// <summary>What is known of the things that the cards name.</summary>
/// <param name="HolderOf">What a unique name belongs to.</param>
public sealed record MigrationContext(Fund? Fund, TenantCalendar Calendar, Func<KeyName, Guid?> HolderOf, Func<Guid, LoanProduct?> ProductOf, Func<Guid, Member?> MemberOf)
{
    /// <summary>The tenant's working days, and the holidays of where the borrower lives.</summary>
    public WorkingCalendar CalendarOf(MigratingLoan card, DateOnly today) => new(
        WorkingWeek.Of(Calendar.WorkingDays(today)), [.. Calendar.HolidaysAt(BorrowerOf(card)!.AreaCode, today).Select(holiday => holiday.Date)], Meetings: null);

    public LoanProduct? ProductNamed(string code) => HolderOf(new KeyName(LoanProduct.CodeName, code)) is { } id ? ProductOf(id) : null;

    public Member? BorrowerOf(MigratingLoan card) =>
        (card.MemberId?.Value ?? (card.MemberExternalId is { } external ? HolderOf(KeyName.ExternalId(external)) : null)) is { } id ? MemberOf(id) : null;
}

/// <summary>Goes through the cards, and says of each what is wrong or what it makes.</summary>
public sealed class MigrationPlan
{
    public const int MostLoans = 500;

    private readonly MigrateLoans command;
    private readonly MigrationContext context;
    private readonly DateOnly today;
    private readonly List<(int Row, string Column, Decision.Refused Refusal)> errors = [];

    private MigrationPlan(MigrateLoans command, MigrationContext context, DateOnly today) => (this.command, this.context, this.today) = (command, context, today);

    public IReadOnlyList<(int Row, string Column, Decision.Refused Refusal)> Errors => errors;

    /// <summary>What each sound row makes: its fact, with the purpose left out and numbers not drawn yet, and the loan on the cut-over day.</summary>
    public List<(int Row, MigratingLoan Card, LoanMigrated Fact, Loan Loan)> Loans { get; } = [];

    /// <param name="isWhole">Whether all rows could be read; else the totals say nothing.</param>
    public static MigrationPlan Of(MigrateLoans command, MigrationContext context, Moment moment, bool isWhole = true)
    {
        var plan = new MigrationPlan(command, context, moment.Today);
        plan.CheckFile(moment, isWhole);
        if (plan.errors.Count > 0 && context.Fund is null)
        {
            return plan;
        }

        foreach (var (index, card) in command.Loans.Index())
        {
            plan.Add(index + 1, card);
        }

        return plan;
    }

    private void CheckFile(Moment moment, bool isWhole)
    {
        if (context.Fund is not { } fund)
        {
            Refuse(0, "fundId", Decision.Refuse("unknown-fund", "/fundId", new Figure("fundId", command.FundId.ToString())));
            return;
        }

        if (fund.FundKind == FundKind.Operations)
        {
            Refuse(0, "fundId", Decision.Refuse("fund-does-not-lend", "/fundId"));
        }

        Refuse(0, "cutOverOn", DateRules.Check(command.CutOverOn, moment, "/cutOverOn"));
        if (command.Loans.Length is 0 or > MostLoans)
        {
            Refuse(0, "loans", Decision.Refuse("too-many-cards", "/loans", new Figure("most", MostLoans), new Figure("count", command.Loans.Length)));
        }

        if (isWhole)
        {
            CheckTotals(fund.Currency);
        }
    }

    private void CheckTotals(Currency currency)
    {
        var rows = command.Loans.Where(card => Amounts(card).All(amount => amount.Item2.Currency == currency)).ToArray();
        Money Sum(Func<MigratingLoan, Money> part) => Money.Sum(rows.Select(part), currency);

        CheckTotal("count", command.Control.Count, command.Loans.Length);
        CheckTotal("principal", command.Control.Principal, Sum(card => card.Principal));
        CheckTotal("outstanding", command.Control.Outstanding, Sum(card => card.Principal - card.PaidPrincipal));
        CheckTotal("paidInterest", command.Control.PaidInterest, Sum(card => card.PaidInterest));
    }

    private void CheckTotal(string what, object given, object counted)
    {
        if (!given.Equals(counted))
        {
            Refuse(0, $"control/{what}", Decision.Refuse(
                "control-total-differs", $"/control/{what}", new Figure("total", what), new Figure("given", given), new Figure("counted", counted)));
        }
    }

    private void Refuse(int row, string column, Decision? refusal)
    {
        if (refusal is Decision.Refused refused)
        {
            errors.Add((row, column, refused));
        }
    }

    private static (string, Money)[] Amounts(MigratingLoan card) =>
    [
        ("principal", card.Principal),
        ("paidPrincipal", card.PaidPrincipal),
        ("paidInterest", card.PaidInterest),
        .. card.Advance is { } advance ? [("advance", advance)] : Array.Empty<(string, Money)>(),
    ];

    private void Add(int row, MigratingLoan card)
    {
        var before = errors.Count;
        var fund = context.Fund!;
        var product = context.ProductNamed(card.ProductCode);
        if (context.HolderOf(LoanMigration.CardName(card.CardNumber)) is not null)
        {
            Refuse(row, "cardNumber", Decision.Refuse("card-number-taken", null, new Figure("number", card.CardNumber)));
        }
        else if (command.Loans.Take(row - 1).Any(other => other.CardNumber == card.CardNumber))
        {
            Refuse(row, "cardNumber", Decision.Refuse("card-named-twice", null, new Figure("number", card.CardNumber)));
        }

        CheckMember(row, card);
        foreach (var (column, amount) in Amounts(card))
        {
            Refuse(row, column, amount.Currency != fund.Currency
                ? Decision.Refuse("wrong-currency", null, new Figure("currency", fund.Currency.Code), new Figure("amount", amount.Currency.Code))
                : amount.IsNegative || (column == "principal" && !amount.IsPositive) ? Decision.Refuse("amount-not-positive", null, new Figure("amount", amount)) : null);
        }

        if (card.DisbursedOn >= command.CutOverOn)
        {
            Refuse(row, "disbursedOn", Decision.Refuse(
                "card-after-cut-over", null, new Figure("disbursedOn", card.DisbursedOn), new Figure("cutOverOn", command.CutOverOn)));
        }

        Refuse(row, "productCode", product is null ? Decision.Refuse("unknown-product", null, new Figure("productId", card.ProductCode))
            : product.Terms.Currency != fund.Currency.Code
                ? Decision.Refuse("wrong-currency", null, new Figure("currency", fund.Currency.Code), new Figure("amount", product.Terms.Currency))
            : product.Terms.Holidays == HolidayRule.NextMeeting ? Decision.Refuse("loan-without-group")
            : null);
        if (errors.Count == before)
        {
            Plan(row, card, product!);
        }
    }

    private void CheckMember(int row, MigratingLoan card)
    {
        var column = card.MemberId is null ? "memberExternalId" : "memberId";
        var name = card.MemberId?.ToString() ?? card.MemberExternalId;
        Refuse(row, column, card.MemberId is null == card.MemberExternalId is null ? Decision.Refuse("member-required")
            : context.BorrowerOf(card) is not { } member ? Decision.Refuse("unknown-member", null, new Figure("memberId", name!))
            : member.ErasedOn is not null ? Decision.Refuse("member-erased")
            : null);
    }

    private void Plan(int row, MigratingLoan card, LoanProduct product)
    {
        var result = LoanSchedules.Of(product.Terms, card.Principal, card.Instalments, card.DisbursedOn, card.FirstDueOn, context.CalendarOf(card, today));
        if (result is ScheduleResult.Refused refused)
        {
            Refuse(row, "instalments", Decision.Refuse(refused.Code, null, refused.Figures));
            return;
        }

        var schedule = ((ScheduleResult.Made)result).Schedule;
        if (Misfit(card, product.Terms, schedule) is var (column, misfit))
        {
            Refuse(row, column, misfit);
            return;
        }

        var (fact, loan) = FactOf(card, product, schedule);
        Loans.Add((row, card, fact, loan));
    }

    /// <summary>Which figure can't be, by the schedule; null when all is well.</summary>
    private (string Column, Decision Refusal)? Misfit(MigratingLoan card, LoanTerms terms, Schedule schedule)
    {
        var due = schedule.Instalments.Where(row => row.DueOn <= command.CutOverOn).ToArray();
        var currency = card.Principal.Currency;
        var (duePrincipal, dueInterest) = (Money.Sum(due.Select(row => row.Principal), currency), Money.Sum(due.Select(row => row.Interest), currency));
        return card.PaidPrincipal >= card.Principal ? ("paidPrincipal", Decision.Refuse("card-is-paid", null, new Figure("principal", card.Principal)))
            : card.PaidInterest > schedule.TotalInterest
                ? ("paidInterest", Decision.Refuse("paid-exceeds-schedule", null, new Figure("paid", card.PaidInterest), new Figure("total", schedule.TotalInterest)))
            : terms.Advance == AdvanceRule.ReducePrincipal && (card.PaidPrincipal > duePrincipal || card.PaidInterest > dueInterest)
                ? ("paidPrincipal", Decision.Refuse("paid-ahead-changed-the-schedule", null, new Figure("paid", card.PaidPrincipal), new Figure("due", duePrincipal)))
            : card.Advance is not { IsPositive: true } ? null
            : terms.Advance != AdvanceRule.Hold ? ("advance", Decision.Refuse("advance-not-held"))
            : card.PaidPrincipal < duePrincipal || card.PaidInterest < dueInterest ? ("advance", Decision.Refuse("advance-with-arrears"))
            : null;
    }

    private (LoanMigrated Fact, Loan Loan) FactOf(MigratingLoan card, LoanProduct product, Schedule schedule)
    {
        var (member, fund) = (context.BorrowerOf(card)!, context.Fund!);
        var advance = card.Advance ?? Money.Zero(fund.Currency);
        var fact = new LoanMigrated(
            default,
            default,
            "",
            card.CardNumber,
            fund.Id,
            product.Id,
            product.ProductVersion,
            product.Terms,
            member.Id,
            card.Principal,
            schedule.Instalments.Length,
            card.DisbursedOn,
            new Encrypted(member.Id.Value, ""),
            new LoanProfile(
                member.Sex, AgeBands.Of(member.BirthYearBand, card.DisbursedOn.Year), member.AreaCode, member.Sector, PurposeCode: null, FirstLoan: false, 1, OfficerId: null, Programme: null),
            schedule.Instalments,
            card.PaidPrincipal,
            card.PaidInterest,
            advance,
            LoanMigration.Spread(schedule.Instalments, card.PaidPrincipal, card.PaidInterest),
            Lines: null!);
        var envelope = new Envelope(0, default, command.CutOverOn, command.CutOverOn, default, "", new Actor(default));
        var shell = LoanMigration.Begin(fact, envelope);
        var split = PaymentAllocation.Of(shell, [LoanMigration.Opening(fact, envelope)], out _)[0].Split;
        var opening = LoanMigration.Opening(fact, envelope).WithSplit(split);
        fact = fact with { Split = split, Lines = LoanPostingRules.Opening(shell, opening, new FundBooks(fund)) };
        return (fact, Loan.After(state: null, new RecordedFact(default, default, fact, envelope)));
    }
}

public static class MigrateLoansDecider
{
    /// <param name="ids">For each row the loan and the fact that will be made of it.</param>
    public static Decision Decide(
        MigrateLoans command, IReadOnlyList<(LoanId Loan, TransactionId Fact)> ids, MigrationContext context, Func<MemberId, SubjectKey?> keyOf, Func<MemberId, int> loansOf, Moment moment)
    {
        var plan = MigrationPlan.Of(command, context, moment);
        if (plan.Errors is [var (row, column, first), ..])
        {
            return row == 0 ? first : Decision.Refuse(
                "cards-have-errors",
                $"/loans/{row - 1}/{column}",
                new Figure("count", plan.Errors.Count),
                new Figure("row", row),
                new Figure("column", column),
                new Figure("problem", first.Refusal.Code));
        }

        Dictionary<MemberId, int> loansBefore = [];
        List<NewFact> facts = [];
        List<NameClaim> claims = [];
        foreach (var (index, loan) in plan.Loans.Index())
        {
            var (fact, id) = (loan.Fact, ids[index]);
            var before = loansBefore[fact.MemberId] = loansBefore.TryGetValue(fact.MemberId, out var known) ? known + 1 : loansOf(fact.MemberId);
            var name = LoanMigration.CardName(fact.CardNumber);
            claims.Add(new NameClaim(name.Kind, name.Value, id.Loan.Value));
            facts.Add(new NewFact(
                id.Loan.Value,
                fact with
                {
                    MigrationId = id.Fact,
                    LoanId = id.Loan,
                    Number = moment.NextNumber("PJ"),
                    Purpose = keyOf(fact.MemberId)!.Encrypt(loan.Card.Purpose),
                    Profile = fact.Profile with { FirstLoan = before == 0, LoanCycle = before + 1 },
                },
                context.Fund!.DayOf(command.CutOverOn),
                EventOf: id.Fact.Value,
                VoucherKind: VoucherKind.Opening));
        }

        return Decision.Record(facts).WithClaims(claims);
    }
}

public static class MigrateLoansEndpoint
{
    [WolverinePost("/v1/loan-migrations", OperationId = "migrateLoans")]
    [Tags("Loans"), Takes(typeof(MigrateLoans)), TakesCsv(MigrationSheet.AllColumns), Answers(typeof(LoanMigrationAnswer), 201)]
    [Query("dryRun", "fundId", "cutOverOn", "currency", "count", "principal", "outstanding", "paidInterest", OnlyThese = true)]
    public static async Task<IResult> Post(HttpContext http)
    {
        var caller = Caller.Of(http);
        var sheet = await SentCardsEndpoint.Read(http);
        if (sheet.Command.Id is not null || sheet.Command.ExternalId is not null)
        {
            throw RequestProblem.Malformed(sheet.Command.Id is null ? "/externalId" : "/id", "unknown-member", "A migration makes many things, and has no name of its own.");
        }

        if (sheet.IsDryRun)
        {
            return await DryRun(http, caller, sheet);
        }

        return sheet.Errors.Count > 0
            ? throw RequestProblem.Malformed([.. sheet.Errors.Select(error => new ProblemError($"/loans/{error.Row - 1}/{error.Column}", error.Code, error.Detail))])
            : await http.Record<MigrateLoans>("migrateLoans", sheet.Json, SliceOf);
    }

    private static WriteSlice SliceOf(MigrateLoans command)
    {
        (LoanId Loan, TransactionId Fact)[] ids = [.. command.Loans.Select(_ => (new LoanId(Guid.CreateVersion7()), new TransactionId(Guid.CreateVersion7())))];
        return new WriteSlice
        {
            Needs = states => Needs(command, ids, states),
            Decide = (states, moment) => MigrateLoansDecider.Decide(
                command, ids, ContextOf(command, states), memberId => states.KeyOf(memberId.Value), states.LoansOf, moment),
            Answer = (states, moment) => new Answer(201, new LoanMigrationAnswer(
                DryRun: false,
                command.FundId,
                command.CutOverOn,
                [],
                [.. command.Loans.Select((card, index) => RowOf(index + 1, card, states.Find<Loan>(ids[index].Loan.Value)!, ids[index].Fact))],
                moment.Sequence)),
        };
    }

    private static MigratedLoanAnswer RowOf(int row, MigratingLoan card, Loan loan, TransactionId? fact)
    {
        var position = LoanPosition.Of(loan, loan.Card!.CutOverOn);
        return new MigratedLoanAnswer(
            row,
            card.CardNumber,
            fact is null ? null : loan.Id,
            fact is null ? null : loan.Number,
            fact,
            LoanParts.Of(position.Outstanding),
            LoanParts.Of(position.Arrears),
            position.DaysPastDue,
            position.Advance);
    }

    private static IEnumerable<KeyName> NamesIn(MigrateLoans command) => command.Loans.SelectMany(card => new[]
    {
        LoanMigration.CardName(card.CardNumber),
        new KeyName(LoanProduct.CodeName, card.ProductCode),
    }.Concat(card.MemberExternalId is { } external ? [KeyName.ExternalId(external)] : [])).Distinct();

    private static IEnumerable<Need> Needs(MigrateLoans command, (LoanId Loan, TransactionId Fact)[] ids, States states)
    {
        if (command.Loans.Length > MigrationPlan.MostLoans)
        {
            // It is refused without looking at them.
            return [Need.Of<Fund>(command.FundId.Value), Need.Of<TenantCalendar>(TenantCalendar.StreamId)];
        }

        var products = command.Loans.Select(card => states.PeekHolder(new KeyName(LoanProduct.CodeName, card.ProductCode))?.StreamId).OfType<Guid>().Distinct();
        var members = command.Loans
            .Select(card => card.MemberId?.Value ?? (card.MemberExternalId is { } external ? states.PeekHolder(KeyName.ExternalId(external))?.StreamId : null))
            .OfType<Guid>().Distinct();
        return
        [
            Need.Of<Fund>(command.FundId.Value),
            Need.Of<TenantCalendar>(TenantCalendar.StreamId),
            .. ids.Select(id => Need.Of<Loan>(id.Loan.Value)),
            .. NamesIn(command).Select(name => Need.Key(name.Kind, name.Value)),
            .. products.Select(Need.Of<LoanProduct>),
            .. members.SelectMany(id => new[] { Need.Of<Member>(id), Need.SubjectKey(id), Need.LoansOf(new MemberId(id)) }),
        ];
    }

    private static MigrationContext ContextOf(MigrateLoans command, States states) => command.Loans.Length > MigrationPlan.MostLoans
        ? new(states.Find<Fund>(command.FundId.Value), TenantCalendar.In(states), _ => null, _ => null, _ => null)
        : new(states.Find<Fund>(command.FundId.Value), TenantCalendar.In(states), name => states.Holder(name)?.StreamId, states.Find<LoanProduct>, states.Find<Member>);

    /// <summary>The same, read and not recorded.</summary>
    private static async Task<IResult> DryRun(HttpContext http, Caller caller, SentCardsEndpoint sheet)
    {
        var command = sheet.Command;
        await using var snapshot = await http.OpenSnapshot(caller, KnownAs.Now);
        KeyName[] names = command.Loans.Length > MigrationPlan.MostLoans ? [] : [.. NamesIn(command)];
        var holders = (await snapshot.Query(
            """
            select k.kind, k.value, k.stream_id
              from unnest($3::text[], $4::text[]) as wanted (kind, value)
              join ledger.natural_key k on k.tenant_id = $1 and k.kind = wanted.kind and k.value = wanted.value
             where $2::bigint is not null
            """,
            reader => (Name: new KeyName(reader.GetString(0), reader.GetString(1)), Id: reader.GetGuid(2)),
            http.RequestAborted,
            names.Select(name => name.Kind).ToArray(),
            names.Select(name => name.Value).ToArray())).ToDictionary(holder => holder.Name, holder => holder.Id);
        var products = await snapshot.FindAll<LoanProduct>([.. holders.Values], http.RequestAborted);
        var members = await snapshot.FindAll<Member>([.. holders.Values.Concat(command.Loans.Select(card => card.MemberId?.Value).OfType<Guid>()).Distinct()], http.RequestAborted);
        var open = (await snapshot.Query(
            "select books_open_from from ledger.tenant where tenant_id = $1 and $2::bigint is not null",
            reader => reader.IsDBNull(0) ? (DateOnly?)null : reader.GetFieldValue<DateOnly>(0),
            http.RequestAborted)).Single();
        var plan = MigrationPlan.Of(
            command,
            new MigrationContext(
                await snapshot.Find<Fund>(command.FundId.Value, http.RequestAborted),
                await snapshot.Find<TenantCalendar>(TenantCalendar.StreamId, http.RequestAborted) ?? TenantCalendar.Undecided,
                name => holders.TryGetValue(name, out var id) ? id : null,
                id => products.GetValueOrDefault(id),
                id => members.GetValueOrDefault(id)),
            new Moment(DateTimeOffset.MinValue, snapshot.Today, snapshot.Sequence, _ => "") { BooksOpenFrom = open },
            isWhole: sheet.Errors.Count == 0);
        var language = Language.Of(http.Request);
        var errors = plan.Errors.Select(error => new MigrationError(
            error.Row == 0 ? 0 : sheet.RowOf(error.Row), error.Column, error.Refusal.Refusal.Code, ProblemCatalogue.Of(error.Refusal.Refusal.Code).Title.In(language)));
        return StoredJson.Of(caller.Tenant, new LoanMigrationAnswer(
            DryRun: true,
            command.FundId,
            command.CutOverOn,
            [.. sheet.Errors.Concat(errors).OrderBy(error => error.Row)],
            [.. plan.Loans.Select(loan => RowOf(sheet.RowOf(loan.Row), loan.Card, loan.Loan, fact: null))],
            snapshot.Sequence));
    }
}
