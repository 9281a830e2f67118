using System.Collections.Immutable;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;
using Wolverine.Http;

namespace Kupang.Ledger.SurplusSharing;

/// <summary>How the annual meeting wants to share a closed year's surplus.</summary>
/// <param name="Percentages">Each item once; together exactly 100.</param>
/// <param name="Multiple">Members' amounts are cut off to a multiple of it; the smallest unit when left out.</param>
/// <param name="RiskRise">By how much collectibility risk rose that the books hold no allowance for.</param>
public sealed record SurplusPlan(
    int Year,
    ImmutableArray<SurplusPercentage> Percentages,
    SavingsBasis SavingsBasis = SavingsBasis.YearEnd,
    Money? Multiple = null,
    Money? RiskRise = null);

/// <summary>The annual meeting shares a year's surplus. The year's books are closed, so what is shared never changes again.</summary>
public sealed record ShareSurplus(
    int Year,
    ImmutableArray<SurplusPercentage> Percentages,
    [property: TextLimit(100)] string DecisionReference,
    SavingsBasis SavingsBasis = SavingsBasis.YearEnd,
    Money? Multiple = null,
    Money? RiskRise = null) : DatedCommand
{
    public SurplusPlan ToPlan() => new(Year, Percentages, SavingsBasis, Multiple, RiskRise);
}

public sealed record SurplusDivisionAnswer(
    int Year,
    Money Surplus,
    Money RiskRise,
    Money EarlierLoss,
    Money Distributable,
    SavingsBasis SavingsBasis,
    ImmutableArray<SurplusPart> Parts,
    ImmutableArray<MemberSurplus> Members,
    Money Remainder,
    long AsOfSequence);

public sealed record SurplusSharedAnswer(
    TransactionId Id,
    string Number,
    string? ExternalId,
    FundId FundId,
    int Year,
    Money Surplus,
    Money RiskRise,
    Money EarlierLoss,
    Money Distributable,
    SavingsBasis SavingsBasis,
    Money Multiple,
    ImmutableArray<SurplusPart> Parts,
    ImmutableArray<MemberSurplus> Members,
    Money Remainder,
    string DecisionReference,
    DateOnly EffectiveOn,
    DateOnly BookedOn,
    long AsOfSequence)
{
    public static SurplusSharedAnswer Of(RecordedFact fact, long sequence)
    {
        var shared = (SurplusShared)fact.Data;
        return new SurplusSharedAnswer(
            shared.DistributionId,
            shared.Number,
            shared.ExternalId,
            shared.FundId,
            shared.Year,
            shared.Surplus,
            shared.RiskRise,
            shared.EarlierLoss,
            shared.Distributable,
            shared.SavingsBasis,
            shared.Multiple,
            shared.Parts,
            shared.Members,
            shared.Remainder,
            shared.DecisionReference,
            fact.Envelope.EffectiveOn,
            fact.Envelope.BookedOn,
            sequence);
    }
}

/// <summary>Why a surplus can't be shared like that.</summary>
public static class SurplusRules
{
    public static bool IsClosed(Fund fund, int year) => fund.ClosedThrough >= new DateOnly(year, 12, 31);

    /// <summary>The division, or why there is none.</summary>
    /// <param name="figures">Null while the year's books are open.</param>
    public static (SurplusDivision? Division, Decision? Refusal) Divide(SurplusPlan plan, Fund fund, YearFigures? figures)
    {
        if (CheckPercentages(plan.Percentages) is { } refusal)
        {
            return (null, refusal);
        }

        if ((plan.Multiple is { } multiple ? AmountRules.Check(multiple, fund.Currency, "/multiple") : null) is { } badMultiple)
        {
            return (null, badMultiple);
        }

        if ((plan.RiskRise is { } rise ? AmountRules.Check(rise, fund.Currency, "/riskRise") : null) is { } badRise)
        {
            return (null, badRise);
        }

        if (figures is null)
        {
            return (null, Decision.Refuse("year-not-closed", "/year", new Figure("year", plan.Year)));
        }

        var riskRise = plan.RiskRise ?? Money.Zero(fund.Currency);
        var division = SurplusDivision.Of(figures, riskRise, plan.Percentages, plan.Multiple ?? Money.OfMinorUnits(1, fund.Currency));
        return !division.Distributable.IsPositive
                ? (null, Decision.Refuse(
                    "nothing-to-share",
                    pointer: null,
                    new Figure("surplus", figures.Result),
                    new Figure("riskRise", riskRise),
                    new Figure("earlierLoss", division.EarlierLoss)))
            : NobodyOf(plan.Percentages, figures) is { } item ? (null, Decision.Refuse("nobody-to-share-with", "/percentages", new Figure("item", LedgerJson.WordOf(item))))
            : (division, null);
    }

    private static Decision? CheckPercentages(ImmutableArray<SurplusPercentage> percentages)
    {
        if (percentages.IsDefault)
        {
            return Decision.Refuse("percentages-not-whole", "/percentages", new Figure("sum", "0"));
        }

        foreach (var (index, item) in percentages.Index())
        {
            if (percentages.Take(index).Any(other => other.Item == item.Item))
            {
                return Decision.Refuse("item-named-twice", $"/percentages/{index}/item", new Figure("item", LedgerJson.WordOf(item.Item)));
            }
        }

        // Each alone first: the largest percentages that can be written would not fit together.
        var sum = percentages.Any(item => item.Percent.Percent > 100) ? 101 : percentages.Sum(item => item.Percent.Percent);
        return sum == 100 ? null : Decision.Refuse("percentages-not-whole", "/percentages", new Figure("sum", new Percentage(sum).ToString()));
    }

    private static SurplusItem? NobodyOf(ImmutableArray<SurplusPercentage> percentages, YearFigures figures)
    {
        return IsShared(SurplusItem.Savings) && !figures.Members.Any(member => member.Savings.IsPositive) ? SurplusItem.Savings
            : IsShared(SurplusItem.LoanInterest) && !figures.Members.Any(member => member.InterestPaid.IsPositive) ? SurplusItem.LoanInterest
            : null;

        bool IsShared(SurplusItem item) => percentages.Any(part => part.Item == item && part.Percent.Percent > 0);
    }
}

public static class ShareSurplusDecider
{
    /// <param name="year">What became of the year's surplus so far.</param>
    /// <param name="figures">What the closed books say of the year; null while they are open.</param>
    public static Decision Decide(ShareSurplus command, TransactionId id, Fund? fund, SurplusYear? year, YearFigures? figures, Moment moment)
    {
        if (fund is null)
        {
            return Decision.NotFound();
        }

        var effectiveOn = command.EffectiveOn ?? moment.Today;
        if ((DateRules.Check(effectiveOn, moment) ?? (effectiveOn.Year <= command.Year
            ? Decision.Refuse("year-not-over", "/year", new Figure("year", command.Year), new Figure("effectiveOn", effectiveOn))
            : null)) is { } early)
        {
            return early;
        }

        if (year?.Shared is { } before)
        {
            return Decision.Refuse("surplus-already-shared", "/year", new Figure("year", command.Year), new Figure("distributionId", before.DistributionId.ToString()));
        }

        var (divided, refusal) = SurplusRules.Divide(command.ToPlan(), fund, figures);
        if (divided is not { } division)
        {
            return refusal!;
        }

        var day = fund.DayOf(effectiveOn);
        return Decision.Record(new NewFact(
            SurplusYear.IdOf(fund.Id, command.Year),
            new SurplusShared(
                id,
                moment.NextNumber("SHU"),
                fund.Id,
                command.Year,
                division.Surplus,
                division.RiskRise,
                division.EarlierLoss,
                division.Distributable,
                command.SavingsBasis,
                command.Multiple ?? Money.OfMinorUnits(1, fund.Currency),
                division.Parts,
                division.Members,
                division.Remainder,
                SurplusPostingRules.Shared(fund.Id, division, day),
                command.DecisionReference,
                command.ExternalId),
            day,
            EventOf: id.Value));
    }
}

public static class ShareSurplusEndpoint
{
    private const int LongestBody = 64 * 1024;

    [WolverinePost("/v1/funds/{fundId}/surplus-distributions", OperationId = "shareSurplus")]
    [Tags("Surplus"), Takes(typeof(ShareSurplus)), Answers(typeof(SurplusSharedAnswer), 201)]
    public static async Task<IResult> Post(Guid fundId, HttpContext http)
    {
        http.RefuseQuery();
        var body = await http.ReadBody(LongestBody);
        var asked = RequestJson.Read<ShareSurplus>(body);
        var figures = await FiguresOf(http, new FundId(fundId), asked.ToPlan());
        return await http.Record<ShareSurplus>("shareSurplus", body, command => SliceOf(command, new FundId(fundId), figures));
    }

    [WolverineGet("/v1/funds/{fundId}/surplus-distributions/{distributionId}", OperationId = "getSurplusDistribution")]
    [Tags("Surplus"), Answers(typeof(SurplusSharedAnswer), 200)]
    public static Task<IResult> Get(Guid fundId, Guid distributionId, HttpContext http) => http.Read(async (snapshot, _, cancellation) =>
        await snapshot.FactMaking(distributionId, cancellation) is { Data: SurplusShared shared } fact && shared.FundId.Value == fundId
            ? SurplusSharedAnswer.Of(fact, snapshot.Sequence)
            : null);

    [WolverinePost("/v1/funds/{fundId}/surplus-distribution-previews", OperationId = "previewSurplusDistribution")]
    [Tags("Surplus"), Takes(typeof(SurplusPlan)), Answers(typeof(SurplusDivisionAnswer), 200)]
    public static async Task<IResult> Preview(Guid fundId, HttpContext http)
    {
        http.RefuseQuery();
        var caller = Caller.Of(http);
        var plan = RequestJson.Read<SurplusPlan>(await http.ReadBody(LongestBody));
        await using var snapshot = await http.OpenSnapshot(caller, KnownAs.Now);
        if (await snapshot.Find<Fund>(fundId, http.RequestAborted) is not { } fund)
        {
            return new ProblemResult("not-found");
        }

        var figures = await YearFiguresReader.Read(snapshot, fund.Id, plan.Year, plan.SavingsBasis, http.RequestAborted);
        var (division, refusal) = SurplusRules.Divide(plan, fund, figures);
        return refusal is Decision.Refused(var unusable)
            ? new ProblemResult(unusable.Code, refusal: unusable)
            : StoredJson.Of(caller.Tenant, new SurplusDivisionAnswer(
                plan.Year,
                division!.Surplus,
                division.RiskRise,
                division.EarlierLoss,
                division.Distributable,
                plan.SavingsBasis,
                division.Parts,
                division.Members,
                division.Remainder,
                snapshot.Sequence));
    }

    private static WriteSlice SliceOf(ShareSurplus command, FundId fund, YearFigures? figures)
    {
        var (id, fundId, year) = (new TransactionId(command.NewId()), fund.Value, SurplusYear.IdOf(fund, command.Year));
        return new WriteSlice
        {
            PaperContent = $"{fundId}|surplus|{command.Year}|{command.EffectiveOn:O}",
            NoteAbout = _ => fundId,
            Needs = _ => [Need.Of<Fund>(fundId), Need.Of<SurplusYear>(year)],
            Decide = (states, moment) => ShareSurplusDecider.Decide(command, id, states.Find<Fund>(fundId), states.Find<SurplusYear>(year), figures, moment),
            Answer = (_, moment) => new Answer(
                201, SurplusSharedAnswer.Of(moment.Recorded<SurplusShared>(), moment.Sequence), $"/v1/funds/{fundId}/surplus-distributions/{id}"),
        };
    }

    private static async Task<YearFigures?> FiguresOf(HttpContext http, FundId fundId, SurplusPlan plan)
    {
        await using var snapshot = await http.OpenSnapshot(Caller.Of(http), KnownAs.Now);
        return await YearFiguresReader.Read(snapshot, fundId, plan.Year, plan.SavingsBasis, http.RequestAborted);
    }
}
