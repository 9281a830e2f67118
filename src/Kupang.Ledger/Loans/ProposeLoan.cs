using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.Members;
using Kupang.Ledger.RateCaps;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.Loans;

/// <summary>A member asks for a loan on a product's terms.</summary>
/// <param name="FundId">The fund it is asked of, or else <paramref name="Funding"/>.</param>
/// <param name="Purpose">In words, which may name people: kept encrypted under the member's key.</param>
/// <param name="Funding">The funds it is asked of, and how much of each; together the principal.</param>
/// <param name="ProposedOn">The day it was asked for; the business day when left out.</param>
/// <param name="GroupId">The group through which the member borrows, if there is one.</param>
/// <param name="Refinances">The member's older loan that this one pays off.</param>
/// <param name="Custom">Days and shares of this loan's own, such as its harvests, instead of the product's rhythm.</param>
public sealed record ProposeLoan(
    LoanProductId ProductId,
    MemberId MemberId,
    Money Principal,
    int Instalments,
    [property: TextLimit(500)] string Purpose,
    FundId? FundId = null,
    ImmutableArray<FundingShare>? Funding = null,
    DateOnly? ProposedOn = null,
    GroupId? GroupId = null,
    StaffId? OfficerId = null,
    [property: JsonConverter(typeof(PurposeCodeConverter))] string? PurposeCode = null,
    [property: TextLimit(60)] string? Programme = null,
    ImmutableArray<CustomInstalment>? Custom = null,
    LoanId? Refinances = null) : Command
{
    /// <summary>What is asked of which fund: of one alone, the principal.</summary>
    public ImmutableArray<FundingShare> Shares() =>
        Funding is { IsDefault: false } funding ? funding : FundId is { } only ? [new FundingShare(only, Principal)] : [];

    /// <summary>The product's terms, with the loan's own days where it has some.</summary>
    public LoanTerms TermsOn(LoanProduct product) =>
        Custom is null ? product.Terms : product.Terms with { Repayment = new RepaymentRule(Custom: Custom) };
}

/// <summary>What a proposal is decided on.</summary>
/// <param name="Funds">The funds it is asked of, one for each share; null for one that is not there.</param>
public sealed record ProposalContext(
    IReadOnlyList<Fund?> Funds, LoanProduct? Product, Member? Member, Group? Group, Func<StaffId, StaffMember?> OfficerOf, SubjectKey? MemberKey, int LoansBefore, Loan? Refinanced = null);

public static class ProposeLoanDecider
{
    public static Decision Decide(ProposeLoan command, LoanId id, ProposalContext context, Moment moment)
    {
        var proposedOn = command.ProposedOn ?? moment.Today;
        if ((CheckFunding(command, context) ?? Unknown(command, context, proposedOn) ?? DateRules.Check(proposedOn, moment, "/proposedOn") ?? Unfit(command, context)
            ?? (command.Refinances is null ? null : Refinancing.Check(context.Refinanced, command.MemberId, command.Shares()))) is { } refusal)
        {
            return refusal;
        }

        var (fund, product, member) = (context.Funds[0]!, context.Product!, context.Member!);
        return Decision.Record(new NewFact(
            id.Value,
            new LoanProposed(
                id,
                moment.NextNumber("PJ"),
                command.Shares(),
                product.Id,
                product.ProductVersion,
                command.TermsOn(product),
                member.Id,
                command.Principal,
                command.Instalments,
                context.MemberKey!.Encrypt(command.Purpose),
                ProfileOf(command, context, proposedOn),
                command.GroupId,
                command.ExternalId,
                command.Refinances),
            fund.DayOf(proposedOn),
            EventOf: id.Value));
    }

    /// <summary>One fund, or several different ones whose shares make up the principal; all lend, and in one currency.</summary>
    private static Decision? CheckFunding(ProposeLoan command, ProposalContext context)
    {
        var shares = command.Shares();
        if (command.FundId is null == command.Funding is null || shares.Length is 0 or > LendingRules.MostFunds)
        {
            return Decision.Refuse("funding-required", "/funding", new Figure("most", LendingRules.MostFunds));
        }

        foreach (var (index, share) in shares.Index())
        {
            var pointer = command.FundId is null ? $"/funding/{index}/fundId" : "/fundId";
            if (context.Funds[index] is not { } fund)
            {
                return Decision.Refuse("unknown-fund", pointer, new Figure("fundId", share.FundId.ToString()));
            }

            if (fund.FundKind == FundKind.Operations)
            {
                return Decision.Refuse("fund-does-not-lend", pointer);
            }

            if (shares.Take(index).Any(other => other.FundId == share.FundId))
            {
                return Decision.Refuse("fund-named-twice", pointer, new Figure("fundId", share.FundId.ToString()));
            }

            if (fund.Currency != context.Funds[0]!.Currency)
            {
                return Decision.Refuse("wrong-currency", pointer, new Figure("currency", context.Funds[0]!.Currency.Code), new Figure("amount", fund.Currency.Code));
            }

            if (command.FundId is null && AmountRules.Check(share.Principal, fund.Currency, $"/funding/{index}/principal") is { } refusal)
            {
                return refusal;
            }
        }

        var currency = context.Funds[0]!.Currency;
        return command.FundId is null
            && AmountRules.Check(command.Principal, currency, "/principal") is null
            && Money.Sum(shares.Select(share => share.Principal), currency) is var total
            && total != command.Principal
                ? Decision.Refuse("funding-differs-from-principal", "/funding", new Figure("funding", total), new Figure("principal", command.Principal))
                : null;
    }

    private static Decision? Unknown(ProposeLoan command, ProposalContext context, DateOnly proposedOn) =>
        context.Product is null ? Decision.Refuse("unknown-product", "/productId", new Figure("productId", command.ProductId.ToString()))
        : context.Member is null ? Decision.Refuse("unknown-member", "/memberId", new Figure("memberId", command.MemberId.ToString()))
        : context.MemberKey is null ? Decision.Refuse("member-erased", "/memberId")
        : command.OfficerId is { } officer && context.OfficerOf(officer) is not { MayAct: true } ? Decision.Refuse("unknown-staff", "/officerId", new Figure("staffId", officer.ToString()))
        : command.GroupId is { } group && context.Group is null ? Decision.Refuse("unknown-group", "/groupId", new Figure("groupId", group.ToString()))
        : context.Group is { } known && !known.HasMember(command.MemberId, proposedOn) ? Decision.Refuse("not-in-group", "/groupId")
        : null;

    private static Decision? Unfit(ProposeLoan command, ProposalContext context)
    {
        var (fund, product) = (context.Funds[0]!, context.Product!);
        if (product.Terms.Currency != fund.Currency.Code)
        {
            return Decision.Refuse("wrong-currency", "/productId", new Figure("currency", fund.Currency.Code), new Figure("amount", product.Terms.Currency));
        }

        if ((AmountRules.Check(command.Principal, fund.Currency, "/principal") ?? product.Limits.Refuse(command.Principal, command.Instalments)) is { } refusal)
        {
            return refusal;
        }

        var terms = command.TermsOn(product);
        if (terms.Holidays == HolidayRule.NextMeeting && command.GroupId is null)
        {
            return Decision.Refuse("loan-without-group", "/groupId");
        }

        if (terms.Check("") is { } unfit)
        {
            return unfit;
        }

        // The schedule is only fixed when the money is paid out, but terms that make none are refused at once.
        return LoanSchedules.Trial(terms, command.Principal, command.Instalments) is ScheduleResult.Refused refused
            ? Decision.Refuse(refused.Code, pointer: null, refused.Figures)
            : null;
    }

    private static LoanProfile ProfileOf(ProposeLoan command, ProposalContext context, DateOnly proposedOn) => new(
        context.Member!.Sex,
        AgeBands.Of(context.Member.BirthYearBand, proposedOn.Year),
        context.Member.AreaCode,
        context.Member.Sector,
        command.PurposeCode,
        FirstLoan: context.LoansBefore == 0,
        LoanCycle: context.LoansBefore + 1,
        command.OfficerId ?? OfficerOf(context, proposedOn),
        command.Programme);

    /// <summary>Who looks after the group, unless the person has left.</summary>
    private static StaffId? OfficerOf(ProposalContext context, DateOnly proposedOn) =>
        context.Group?.OfficerOn(proposedOn) is { } officer && context.OfficerOf(officer) is { MayAct: true } ? officer : null;
}

/// <summary>The schedule of a loan on a calendar of working days.</summary>
public static class LoanSchedules
{
    /// <param name="calendar">Left out for Monday to Saturday without holidays.</param>
    public static ScheduleResult Of(
        LoanTerms terms, Money principal, int instalments, DateOnly disbursedOn, DateOnly? firstDueOn, WorkingCalendar? calendar = null) =>
        ScheduleCalculator.Calculate(terms.ForSchedule(), principal, instalments, disbursedOn, firstDueOn, calendar ?? WorkingWeek.MondayToSaturday);

    /// <summary>A schedule of before it is known when the loan is paid out.</summary>
    public static ScheduleResult Trial(LoanTerms terms, Money principal, int instalments) =>
        Of(terms, principal, instalments, terms.Repayment.Custom is [var first, ..] ? first.DueOn : new DateOnly(2026, 1, 1), firstDueOn: null);
}

/// <summary>How old somebody is, as widely as reports need it.</summary>
public static class AgeBands
{
    /// <param name="birthYearBand">Five years of birth such as <c>1985-1989</c>; the middle one counts.</param>
    public static string? Of(string? birthYearBand, int year)
    {
        if (birthYearBand is null)
        {
            return null;
        }

        var middle = int.Parse(birthYearBand.AsSpan(0, 4), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture) + 2;
        return (year - middle) switch
        {
            < 25 => "under-25",
            < 35 => "25-34",
            < 45 => "35-44",
            < 55 => "45-54",
            < 65 => "55-64",
            _ => "65-and-over",
        };
    }
}

public static class ProposeLoanEndpoint
{
    [WolverinePost("/v1/loans", OperationId = "proposeLoan")]
    [Tags("Loans"), Takes(typeof(ProposeLoan)), Answers(typeof(LoanAnswer), 201)]
    public static Task<IResult> Post(HttpContext http) => http.Record<ProposeLoan>("proposeLoan", command =>
    {
        var id = new LoanId(command.NewId());
        return new WriteSlice
        {
            Needs = states => Needs(command, id, states),
            Decide = (states, moment) => ProposeLoanDecider.Decide(command, id, ContextOf(command, states), moment),
            Answer = (states, moment) => new Answer(201, AnswerOf(states.Find<Loan>(id.Value)!, states, moment), $"/v1/loans/{id}"),
        };
    });

    /// <summary>The loan, and whether it is dearer than the tenant's caps if it is paid out on the day it was asked for.</summary>
    private static LoanAnswer AnswerOf(Loan loan, States states, Moment moment)
    {
        var judgement = RateJudgement.Of(loan.Terms, loan.Principal, loan.InstalmentCount, TenantRateCaps.In(states).On(moment.Today), loan.ProposedOn);
        return LoanAnswer.Of(loan, moment.Today, moment.Sequence) with { RatesPerYear = judgement?.Rates, Warnings = judgement?.Warnings };
    }

    /// <summary>Who may turn out to look after the loan: who is named, or whoever looked after the group on some day.</summary>
    private static IEnumerable<StaffId> OfficersOf(ProposeLoan command, States states) =>
        command.OfficerId is { } named ? [named]
        : command.GroupId is { } groupId && states.Peek<Group>(groupId.Value) is { } group ? group.Officers.Select(assignment => assignment.OfficerId)
        : [];

    private static IEnumerable<Need> Needs(ProposeLoan command, LoanId id, States states)
    {
        yield return Need.Of<Loan>(id.Value);
        yield return Need.Of<TenantRateCaps>(TenantRateCaps.StreamId);
        foreach (var share in command.Shares())
        {
            yield return Need.Of<Fund>(share.FundId.Value);
        }

        yield return Need.Of<LoanProduct>(command.ProductId.Value);
        yield return Need.Of<Member>(command.MemberId.Value);
        yield return Need.SubjectKey(command.MemberId.Value);
        yield return Need.LoansOf(command.MemberId);
        if (command.Refinances is { } refinanced)
        {
            yield return Need.Of<Loan>(refinanced.Value);
        }

        if (command.GroupId is { } groupId)
        {
            yield return Need.Of<Group>(groupId.Value);
        }

        foreach (var officerId in OfficersOf(command, states))
        {
            yield return Need.Of<StaffMember>(officerId.Value);
        }
    }

    private static ProposalContext ContextOf(ProposeLoan command, States states) => new(
        [.. command.Shares().Select(share => states.Find<Fund>(share.FundId.Value))],
        states.Find<LoanProduct>(command.ProductId.Value),
        states.Find<Member>(command.MemberId.Value),
        command.GroupId is { } groupId ? states.Find<Group>(groupId.Value) : null,
        officerId => states.Find<StaffMember>(officerId.Value),
        states.KeyOf(command.MemberId.Value),
        states.LoansOf(command.MemberId),
        command.Refinances is { } refinanced ? states.Find<Loan>(refinanced.Value) : null);
}
