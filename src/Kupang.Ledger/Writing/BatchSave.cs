using System.Text.Json;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>
/// The writes of a batch: one statement of many rows per table, whatever the number of commands. All of it commits together
/// or not at all.
/// </summary>
internal sealed class BatchSave(string tenant, FactTypes types)
{
    private readonly List<(RecordedFact Fact, StreamState Before, string Data, string Headers)> facts = [];
    private readonly List<LedgerLine> lines = [];
    private readonly List<(WriteRequest Request, int Status, string Body, string? Location, long? Sequence)> answers = [];
    private readonly List<(WriteRequest Request, NameClaim Claim, string Content)> claims = [];
    private readonly List<(WriteRequest Request, string Code, DateTimeOffset At)> refusals = [];
    private readonly List<(Guid Subject, byte[] Wrapped)> subjectKeys = [];
    private readonly List<(string Kind, Listing Listing, long Sequence)> listings = [];
    private readonly List<(MemberId MemberId, Guid LoanId)> memberLoans = [];
    private readonly List<(MemberId MemberId, Guid LoanId)> memberLoansTakenBack = [];
    private readonly List<KeyName> released = [];
    private readonly List<(MemberId MemberId, Need.Stream Part)> participations = [];
    private readonly List<(Guid Subject, IReadOnlyList<NameClaim> Names)> forgotten = [];

    /// <summary>The rows of the journal that the facts make.</summary>
    public IReadOnlyList<LedgerLine> Lines => lines;

    /// <summary>What can be made ready now is, while the batch before may still be on its way to the disk.</summary>
    public void Add(RecordedFact fact, StreamState before, LedgerLine[] linesOfFact)
    {
        facts.Add((fact, before, JsonSerializer.Serialize(fact.Data, fact.Data.GetType(), LedgerJson.Options), FactReader.HeadersOf(fact.Envelope)));
        lines.AddRange(linesOfFact);
    }

    public void Add(WriteRequest request, int status, string body, string? location, long? sequence) =>
        answers.Add((request, status, body, location, sequence));

    public void Add(WriteRequest request, NameClaim claim, string content) => claims.Add((request, claim, content));

    public void Add(WriteRequest request, Refusal refusal, DateTimeOffset at) => refusals.Add((request, refusal.Code, at));

    public void Add(SubjectKey key, byte[] tenantKey) => subjectKeys.Add((key.Subject, key.Wrap(tenantKey)));

    public void Add(string kind, Listing listing, long sequence) => listings.Add((kind, listing, sequence));

    public void Add(MemberId memberId, Guid loanId) => memberLoans.Add((memberId, loanId));

    public void Remove(MemberId memberId, Guid loanId)
    {
        if (!memberLoans.Remove((memberId, loanId)))
        {
            memberLoansTakenBack.Add((memberId, loanId));
        }
    }

    /// <summary>A name that was claimed in this very batch is not claimed at all; any other is let go before new claims are made.</summary>
    public void Release(KeyName name)
    {
        if (claims.RemoveAll(entry => entry.Claim.Kind == name.Kind && entry.Claim.Value == name.Value) == 0)
        {
            released.Add(name);
        }
    }

    public void Add(MemberId memberId, Need.Stream part) => participations.Add((memberId, part));

    public void Forget(Guid subject, IReadOnlyList<NameClaim> names) => forgotten.Add((subject, names));

    public void AddTo(NpgsqlBatch batch, TenantHead head)
    {
        if (facts.Count > 0)
        {
            AddNumbers(batch);
            AddEvents(batch);
            AddLines(batch);
            batch.Add(
                "update ledger.tenant_head set n = $1, recorded_at = $2, counters = $3::text::jsonb where tenant_id = $4",
                head.Sequence,
                head.RecordedAt,
                JsonSerializer.Serialize(head.Counters),
                tenant);
        }

        if (answers.Count > 0)
        {
            AddAnswers(batch);
            AddReleases(batch);
            AddNames(batch);
            AddForgotten(batch);
            AddRefusals(batch);
        }
    }

    /// <summary>
    /// Events in the form of Marten's own quick append, but as two statements for the whole batch instead of a function call
    /// per stream. A stream that is not at the version it was decided on fails the unique index of streams and versions.
    /// </summary>
    private void AddEvents(NpgsqlBatch batch)
    {
        var streams = facts.GroupBy(entry => entry.Fact.StreamId)
            .Select(stream => (stream.First().Before, After: stream.First().Before.Version + stream.Count()))
            .ToArray();
        AddStreams(batch, streams);

        var versions = streams.ToDictionary(stream => stream.Before.Id, stream => stream.Before.Version);
        batch.Add(
            """
            insert into ledger.mt_events (seq_id, tenant_id, id, stream_id, version, type, mt_dotnet_type, data, headers, user_name, timestamp, is_archived)
            select nextval('ledger.mt_events_sequence'), $1, e.id, e.stream_id, e.version, e.type, e.dotnet_type, e.data::jsonb, e.headers::jsonb, e.user_name, e.at, false
              from (select * from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
                      with ordinality as e (id, stream_id, version, type, dotnet_type, data, headers, user_name, at, place) order by place) as e
            """,
            tenant,
            facts.Select(entry => entry.Fact.EventId).ToArray(),
            facts.Select(entry => entry.Fact.StreamId).ToArray(),
            facts.Select(entry => ++versions[entry.Fact.StreamId]).ToArray(),
            facts.Select(entry => types.Of(entry.Fact.Data).Alias).ToArray(),
            facts.Select(entry => types.Of(entry.Fact.Data).DotNetName).ToArray(),
            facts.Select(entry => entry.Data).ToArray(),
            facts.Select(entry => entry.Headers).ToArray(),
            facts.Select(entry => entry.Fact.Envelope.Actor.KeyId.ToString()).ToArray(),
            facts.Select(entry => entry.Fact.Envelope.RecordedAt).ToArray());
    }

    private void AddStreams(NpgsqlBatch batch, IReadOnlyCollection<(StreamState Before, long After)> streams)
    {
        var started = streams.Where(stream => stream.Before.Version == 0).ToArray();
        if (started.Length > 0)
        {
            batch.Add(
                """
                insert into ledger.mt_streams (tenant_id, id, type, version, timestamp, is_archived)
                select $1, s.id, s.type, s.version, now(), false from unnest($2::uuid[], $3::text[], $4::bigint[]) as s (id, type, version)
                """,
                tenant,
                started.Select(stream => stream.Before.Id).ToArray(),
                started.Select(stream => JsonNamingPolicy.SnakeCaseLower.ConvertName(stream.Before.Kind.StateType.Name)).ToArray(),
                started.Select(stream => stream.After).ToArray());
        }

        var grown = streams.Where(stream => stream.Before.Version > 0).ToArray();
        if (grown.Length > 0)
        {
            batch.Add(
                """
                update ledger.mt_streams s set version = w.version, timestamp = now()
                  from unnest($1::uuid[], $2::bigint[]) as w (id, version) where s.tenant_id = $3 and s.id = w.id
                """,
                grown.Select(stream => stream.Before.Id).ToArray(),
                grown.Select(stream => stream.After).ToArray(),
                tenant);
        }
    }

    private void AddNumbers(NpgsqlBatch batch) => batch.Add(
        """
        insert into ledger.fact (tenant_id, n, event_id, stream_id, recorded_at, paper_book, paper_number)
        select $1, * from unnest($2::bigint[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[])
        """,
        tenant,
        facts.Select(entry => entry.Fact.Envelope.Sequence).ToArray(),
        facts.Select(entry => entry.Fact.EventId).ToArray(),
        facts.Select(entry => entry.Fact.StreamId).ToArray(),
        facts.Select(entry => entry.Fact.Envelope.RecordedAt).ToArray(),
        facts.Select(entry => entry.Fact.Envelope.Paper?.Book).ToArray(),
        facts.Select(entry => entry.Fact.Envelope.Paper?.Number).ToArray());

    private void AddLines(NpgsqlBatch batch)
    {
        if (lines.Count == 0)
        {
            return;
        }

        batch.Add(
            """
            insert into ledger.journal_line (tenant_id, n, line, fund_id, account, currency, amount, effective_on, booked_on,
                party_kind, party_id, money_account)
            select $1, * from unnest($2::bigint[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::date[], $9::date[],
                $10::text[], $11::uuid[], $12::uuid[])
            """,
            tenant,
            lines.Select(line => line.Sequence).ToArray(),
            lines.Select(line => line.Number).ToArray(),
            lines.Select(line => line.FundId).ToArray(),
            lines.Select(line => line.Account).ToArray(),
            lines.Select(line => line.Amount.Currency.Code).ToArray(),
            lines.Select(line => line.Amount.MinorUnits).ToArray(),
            lines.Select(line => line.Day.EffectiveOn).ToArray(),
            lines.Select(line => line.Day.BookedOn).ToArray(),
            lines.Select(line => line.PartyKind).ToArray(),
            lines.Select(line => line.PartyId).ToArray(),
            lines.Select(line => line.MoneyAccount).ToArray());

        var days = lines
            .GroupBy(line => (line.FundId, line.Account, line.Amount.Currency.Code, line.Day))
            .Select(day => (day.Key, Amount: day.Sum(line => line.Amount.MinorUnits)))
            .ToArray();
        batch.Add(
            """
            insert into ledger.daily_balance as b (tenant_id, fund_id, account, currency, effective_on, booked_on, amount)
            select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::date[], $6::date[], $7::bigint[])
            on conflict (tenant_id, fund_id, account, effective_on, booked_on) do update set amount = b.amount + excluded.amount
            """,
            tenant,
            days.Select(day => day.Key.FundId).ToArray(),
            days.Select(day => day.Key.Account).ToArray(),
            days.Select(day => day.Key.Code).ToArray(),
            days.Select(day => day.Key.Day.EffectiveOn).ToArray(),
            days.Select(day => day.Key.Day.BookedOn).ToArray(),
            days.Select(day => day.Amount).ToArray());
    }

    private void AddAnswers(NpgsqlBatch batch) => batch.Add(
        """
        insert into ledger.idempotency (tenant_id, operation, key, fingerprint, status, body, location, n)
        select $1, * from unnest($2::text[], $3::text[], $4::bytea[], $5::smallint[], $6::text[], $7::text[], $8::bigint[])
        """,
        tenant,
        answers.Select(answer => answer.Request.Operation).ToArray(),
        answers.Select(answer => answer.Request.IdempotencyKey).ToArray(),
        answers.Select(answer => answer.Request.Fingerprint).ToArray(),
        answers.Select(answer => (short)answer.Status).ToArray(),
        answers.Select(answer => answer.Body).ToArray(),
        answers.Select(answer => answer.Location).ToArray(),
        answers.Select(answer => answer.Sequence).ToArray());

    /// <summary>Before new names are claimed, since a paper may be used again in the very batch that set it free.</summary>
    private void AddReleases(NpgsqlBatch batch)
    {
        if (released.Count + memberLoansTakenBack.Count > 0)
        {
            batch.Add(
                "call ledger.release_reversed($1, $2::text[], $3::text[], $4::uuid[], $5::uuid[])",
                tenant,
                released.Select(name => name.Kind).ToArray(),
                released.Select(name => name.Value).ToArray(),
                memberLoansTakenBack.Select(entry => entry.MemberId.Value).ToArray(),
                memberLoansTakenBack.Select(entry => entry.LoanId).ToArray());
        }
    }

    private void AddNames(NpgsqlBatch batch)
    {
        if (claims.Count > 0)
        {
            batch.Add(
                """
                insert into ledger.natural_key (tenant_id, kind, value, stream_id, content, operation, idempotency_key)
                select $1, * from unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
                """,
                tenant,
                claims.Select(entry => entry.Claim.Kind).ToArray(),
                claims.Select(entry => entry.Claim.Value).ToArray(),
                claims.Select(entry => entry.Claim.StreamId).ToArray(),
                claims.Select(entry => entry.Content).ToArray(),
                claims.Select(entry => entry.Request.Operation).ToArray(),
                claims.Select(entry => entry.Request.IdempotencyKey).ToArray());
        }

        if (listings.Count > 0)
        {
            batch.Add(
                """
                insert into ledger.listing (tenant_id, id, kind, n, number, external_id, fund_id, group_id, member_id, product_id)
                select $1, * from unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[])
                """,
                tenant,
                listings.Select(entry => entry.Listing.Id).ToArray(),
                listings.Select(entry => entry.Kind).ToArray(),
                listings.Select(entry => entry.Sequence).ToArray(),
                listings.Select(entry => entry.Listing.Number).ToArray(),
                listings.Select(entry => entry.Listing.ExternalId).ToArray(),
                listings.Select(entry => entry.Listing.FundId).ToArray(),
                listings.Select(entry => entry.Listing.GroupId).ToArray(),
                listings.Select(entry => entry.Listing.MemberId).ToArray(),
                listings.Select(entry => entry.Listing.ProductId).ToArray());
        }

        if (memberLoans.Count > 0)
        {
            batch.Add(
                "insert into ledger.member_loan (tenant_id, member_id, loan_id) select $1, * from unnest($2::uuid[], $3::uuid[])",
                tenant,
                memberLoans.Select(entry => entry.MemberId.Value).ToArray(),
                memberLoans.Select(entry => entry.LoanId).ToArray());
        }

        if (participations.Count > 0)
        {
            batch.Add(
                "insert into ledger.participation (tenant_id, member_id, kind, stream_id) select $1, * from unnest($2::uuid[], $3::text[], $4::uuid[]) on conflict do nothing",
                tenant,
                participations.Select(entry => entry.MemberId.Value).ToArray(),
                participations.Select(entry => entry.Part.Kind.Name).ToArray(),
                participations.Select(entry => entry.Part.Id).ToArray());
        }

        if (subjectKeys.Count > 0)
        {
            batch.Add(
                "insert into ledger.subject_key (tenant_id, subject_id, wrapped_key) select $1, * from unnest($2::uuid[], $3::bytea[])",
                tenant,
                subjectKeys.Select(key => key.Subject).ToArray(),
                subjectKeys.Select(key => key.Wrapped).ToArray());
        }
    }

    /// <summary>After everything is written, since a person may be registered and erased in one batch.</summary>
    private void AddForgotten(NpgsqlBatch batch)
    {
        foreach (var (subject, names) in forgotten)
        {
            batch.Add(
                "call ledger.forget_person($1, $2, $3::text[], $4::text[])",
                tenant,
                subject,
                names.Select(name => name.Kind).ToArray(),
                names.Select(name => name.Value).ToArray());
        }
    }

    private void AddRefusals(NpgsqlBatch batch)
    {
        if (refusals.Count > 0)
        {
            batch.Add(
                """
                insert into ledger.refusal (tenant_id, id, at, actor, operation, code)
                select $1, r.id, r.at, r.actor::jsonb, r.operation, r.code
                  from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]) as r (id, at, actor, operation, code)
                """,
                tenant,
                refusals.Select(entry => Guid.CreateVersion7(entry.At)).ToArray(),
                refusals.Select(entry => entry.At).ToArray(),
                refusals.Select(entry => JsonSerializer.Serialize(entry.Request.Actor, LedgerJson.Options)).ToArray(),
                refusals.Select(entry => entry.Request.Operation).ToArray(),
                refusals.Select(entry => entry.Code).ToArray());
        }
    }
}
