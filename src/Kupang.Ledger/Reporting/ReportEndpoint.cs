using Kupang.Ledger.Funds;
using Kupang.Ledger.Http;
using Kupang.Ledger.Policies;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Writing;

namespace Kupang.Ledger.Reporting;

/// <summary>What every report of the portfolio has in common: rows brought up to date, one snapshot, one of three forms.</summary>
internal static class ReportEndpoint
{
    /// <summary>Answers a report, or 404 when it is of a fund that does not exist.</summary>
    public static Task<IResult> Report(
        this HttpContext http, Func<Snapshot, CancellationToken, Task<Report?>> make, params string[] parameters) => http.Report(cursor: null, make, parameters);

    /// <summary>A page of a report, pinned to the number that the first page was read at.</summary>
    public static async Task<IResult> Report(
        this HttpContext http, Cursor? cursor, Func<Snapshot, CancellationToken, Task<Report?>> make, params string[] parameters)
    {
        http.AllowQuery(["knownAt", "knownAtSequence", "fundId", "currency", "format", .. parameters]);
        var (caller, format) = (Caller.Of(http), TableResult.FormatOf(http));
        await using var snapshot = await http.OpenPortfolio(caller, cursor);
        return await make(snapshot, http.RequestAborted) is not { } report ? new ProblemResult("not-found")
            : format == ReportFormat.Json ? StoredJson.Of(caller.Tenant, report.Answer)
            : new TableResult(report, format);
    }

    /// <summary>A snapshot that knows nothing that the rows do not hold.</summary>
    public static async Task<Snapshot> OpenPortfolio(this HttpContext http, Caller caller, Cursor? cursor = null)
    {
        var (known, projection) = (cursor is null ? http.KnownAsOf() : new KnownAs(cursor.Sequence), http.RequestServices.GetRequiredService<PortfolioProjection>());
        while (true)
        {
            var reached = await CatchUp(projection, caller.Tenant, http.RequestAborted);
            var snapshot = await http.OpenSnapshot(caller, known == KnownAs.Now ? new KnownAs(reached) : known);
            if (snapshot.Sequence <= reached)
            {
                return snapshot;
            }

            // The instant or number asked for was reached only after the rows were made.
            await snapshot.DisposeAsync();
        }
    }

    /// <summary>The day, the basis and the policies a report is about; null when it is of a fund that does not exist.</summary>
    public static async Task<PortfolioView?> View(this HttpContext http, Snapshot snapshot, DateOnly? day = null) =>
        await FundScope.Of(snapshot, http.QueryId("fundId"), http.QueryText("currency"), http.RequestAborted) is { } scope
            ? new PortfolioView(
                day ?? http.QueryDay("effectiveOn") ?? snapshot.Today,
                http.QueryWord<Basis>("basis") ?? Basis.Booked,
                scope,
                await PolicyAskedFor(http, snapshot))
            : null;

    /// <summary>The period a report is about: until today, and from the first of that month, unless it is said.</summary>
    public static (DateOnly From, DateOnly To) Period(this HttpContext http, Snapshot snapshot)
    {
        var to = http.QueryDay("to") ?? snapshot.Today;
        var from = http.QueryDay("from") ?? new DateOnly(to.Year, to.Month, 1);
        return from <= to ? (from, to) : throw RequestProblem.Of("malformed-request", "from", "invalid-value", "The first day is not after the last.");
    }

    private static async Task<long> CatchUp(PortfolioProjection projection, string tenant, CancellationToken cancellation)
    {
        try
        {
            return await projection.CatchUp(tenant, cancellation);
        }
        catch (PortfolioIsBehind)
        {
            throw RequestProblem.Of("portfolio-behind");
        }
    }

    private static async Task<ClassificationPolicy?> PolicyAskedFor(HttpContext http, Snapshot snapshot)
    {
        var (code, version) = (http.QueryText("policy"), (int?)http.QueryNumber("policyVersion", 1, 1_000));
        if (code is null)
        {
            return version is null ? null : throw Mistake("policyVersion", "A version is named together with its policy.");
        }

        var policy = ShippedPolicies.Find(code, version) ?? await OwnPolicy(snapshot, code, version, http.RequestAborted);
        return policy is { IsComplete: true } ? policy : throw Mistake("policy", "There is no such policy, or its source leaves something open.");
    }

    private static async Task<ClassificationPolicy?> OwnPolicy(Snapshot snapshot, string code, int? version, CancellationToken cancellation)
    {
        var ids = await snapshot.Query(
            "select id from ledger.listing where tenant_id = $1 and n <= $2 and kind = $3", reader => reader.GetGuid(0), cancellation, Policies.OwnPolicy.Kind);
        return (await snapshot.FindAll<OwnPolicy>(ids, cancellation)).Values.Select(own => own.Policy)
            .Where(policy => policy.Code == code && (version is null || policy.Version == version)).MaxBy(policy => policy.Version);
    }

    private static RequestProblem Mistake(string parameter, string detail) => RequestProblem.Of("malformed-request", parameter, "invalid-value", detail);
}
