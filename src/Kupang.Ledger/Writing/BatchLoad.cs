using System.Collections.Immutable;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;
using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>Where a tenant's numbering stands, read under its lock.</summary>
internal sealed record TenantHead(long Sequence, DateTimeOffset RecordedAt, ImmutableDictionary<string, long> Counters);

/// <summary>What a tenant set once: read with the head.</summary>
internal sealed record TenantSettings(TimeZoneInfo Zone, DateOnly? BooksOpenFrom, int RetentionYears);

/// <summary>An answer that was given before.</summary>
internal sealed record StoredAnswer(byte[] Fingerprint, int Status, string Body, string? Location);

/// <summary>
/// The reads of a batch, under the tenant's lock and in one round trip: the lock itself, the head, the idempotency keys and
/// everything that is needed and not yet known.
/// </summary>
internal sealed class BatchLoad(NpgsqlConnection connection, string tenant, FactTypes types, byte[] tenantKey)
{
    private readonly List<NpgsqlBatchCommand> commands = [];
    private readonly List<Action<NpgsqlDataReader>> steps = [];

    public TenantHead? Head { get; private set; }

    public TenantSettings? Settings { get; private set; }

    public Dictionary<(string Operation, string Key), StoredAnswer> Answers { get; } = [];

    /// <summary>The ids among those asked for that already belong to something.</summary>
    public HashSet<Guid> TakenIds { get; } = [];

    /// <summary>Begins the transaction with the lock, which it holds to its end.</summary>
    public void LockTenant()
    {
        // What answers with no rows is no result to the reader.
        commands.Add(Statements.Of("begin"));
        Add("select pg_advisory_xact_lock($1)", _ => { }, EventIds.LockOf(tenant));
        Add(
            """
            select h.n, h.recorded_at, h.counters, t.time_zone, t.books_open_from, t.retention_years
              from ledger.tenant t join ledger.tenant_head h using (tenant_id) where t.tenant_id = $1
            """,
            reader =>
            {
                Head = new TenantHead(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    JsonSerializer.Deserialize<ImmutableDictionary<string, long>>(reader.GetString(2))!);
                Settings = new TenantSettings(
                    TimeZoneInfo.FindSystemTimeZoneById(reader.GetString(3)),
                    reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4),
                    reader.GetInt32(5));
            },
            tenant);
    }

    public void FindAnswers(IReadOnlyList<(string Operation, string Key)> wanted) => Add(
        """
        select i.operation, i.key, i.fingerprint, i.status, i.body, i.location
          from unnest($2::text[], $3::text[]) as wanted (operation, key)
          join ledger.idempotency i on i.tenant_id = $1 and i.operation = wanted.operation and i.key = wanted.key
        """,
        reader =>
        {
            Answers[(reader.GetString(0), reader.GetString(1))] = new StoredAnswer(
                reader.GetFieldValue<byte[]>(2),
                reader.GetInt16(3),
                reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5));
        },
        tenant,
        wanted.Select(answer => answer.Operation).ToArray(),
        wanted.Select(answer => answer.Key).ToArray());

    /// <summary>Which ids are used by any thing of the tenant: a stream, or a fact that made something.</summary>
    public void FindTakenIds(IReadOnlyList<Guid> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        var byEventId = ids.ToDictionary(id => EventIds.For(tenant, id));
        Add(
            """
            select id, true from ledger.mt_streams where tenant_id = $1 and id = any($2)
            union all
            select event_id, false from ledger.fact where event_id = any($3)
            """,
            reader =>
            {
                var id = reader.GetGuid(0);
                TakenIds.Add(reader.GetBoolean(1) ? id : byEventId[id]);
            },
            tenant,
            ids.ToArray(),
            byEventId.Keys.ToArray());
    }

    public void Find(IReadOnlyCollection<Need> needs, States into)
    {
        FindStreams([.. needs.OfType<Need.Stream>()], into);
        FindKeys([.. needs.OfType<Need.NaturalKey>().Select(need => need.Name)], into);
        FindBalances([.. needs.OfType<Need.Fund>().Select(need => need.FundId)], into);
        FindMoneyAccounts([.. needs.OfType<Need.MoneyAccount>().Select(need => need.MoneyAccountId)], into);
        FindMemberLoans([.. needs.OfType<Need.MemberLoans>().Select(need => need.MemberId)], into);
        FindFacts([.. needs.OfType<Need.MakingFact>().Select(need => need.Thing)], into);
        FindParticipations([.. needs.OfType<Need.Participations>().Select(need => need.MemberId)], into);
        FindSubjectKeys([.. needs.OfType<Need.PersonalKey>().Select(need => need.Subject)], into);
    }

    public async Task Run(CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await using (var reader = await batch.ExecuteReaderAsync(cancellation))
        {
            foreach (var readRow in steps)
            {
                while (await reader.ReadAsync(cancellation))
                {
                    readRow(reader);
                }

                await reader.NextResultAsync(cancellation);
            }
        }

        commands.Clear();
        steps.Clear();
    }

    private void FindStreams(IReadOnlyList<Need.Stream> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var need in wanted)
        {
            into.Put(StreamState.Empty(need.Kind, need.Id));
        }

        Add(
            """
            select stream_id, id, type, data, headers from ledger.mt_events
             where tenant_id = $1 and stream_id = any($2) order by stream_id, version
            """,
            reader =>
            {
                var fact = FactReader.Read(reader, types);
                var stream = into.Stream(fact.StreamId);

                // What it was asked for as decides nothing: to a command that takes it for another kind of thing it is
                // nothing (States.Find), and a neighbour in the batch may know it as what it is.
                into.Put((stream.Version == 0 ? StreamState.Empty(types.Of(fact.Data).Stream, fact.StreamId) : stream).Apply(fact));
            },
            tenant,
            wanted.Select(need => need.Id).Distinct().ToArray());
    }

    private void FindFacts(IReadOnlyList<Guid> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var byEventId = wanted.ToDictionary(thing => EventIds.For(tenant, thing));
        foreach (var thing in wanted)
        {
            into.Put(thing, fact: null);
        }

        Add(
            $"select {FactReader.Columns} from ledger.mt_events where tenant_id = $1 and id = any($2)",
            reader =>
            {
                var fact = FactReader.Read(reader, types);
                into.Put(byEventId[fact.EventId], fact);
            },
            tenant,
            byEventId.Keys.ToArray());
    }

    private void FindKeys(IReadOnlyList<KeyName> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var name in wanted)
        {
            into.Put(name, holder: null);
        }

        Add(
            """
            select k.kind, k.value, k.stream_id, k.content, k.operation, k.idempotency_key
              from unnest($2::text[], $3::text[]) as wanted (kind, value)
              join ledger.natural_key k on k.tenant_id = $1 and k.kind = wanted.kind and k.value = wanted.value
            """,
            reader =>
            {
                into.Put(
                    new KeyName(reader.GetString(0), reader.GetString(1)),
                    new KeyHolder(reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetString(5)));
            },
            tenant,
            wanted.Select(name => name.Kind).ToArray(),
            wanted.Select(name => name.Value).ToArray());
    }

    private void FindBalances(IReadOnlyList<FundId> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var fundId in wanted)
        {
            into.Put(FundBalances.Empty(fundId));
        }

        Add(
            """
            select fund_id, account, sum(amount)::bigint from ledger.daily_balance
             where tenant_id = $1 and fund_id = any($2) group by fund_id, account
            """,
            reader =>
            {
                into.AddToFund(new FundId(reader.GetGuid(0)), reader.GetString(1), reader.GetInt64(2));
            },
            tenant,
            wanted.Select(fundId => fundId.Value).ToArray());
    }

    private void FindMoneyAccounts(IReadOnlyList<MoneyAccountId> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var id in wanted)
        {
            into.Put(MoneyAccountBalances.Empty(id));
        }

        Add(
            """
            select money_account, fund_id, effective_on, sum(amount)::bigint from ledger.journal_line
             where tenant_id = $1 and money_account = any($2) group by money_account, fund_id, effective_on
            """,
            reader =>
            {
                into.AddToMoneyAccount(
                    new MoneyAccountId(reader.GetGuid(0)), new FundId(reader.GetGuid(1)), reader.GetFieldValue<DateOnly>(2), reader.GetInt64(3));
            },
            tenant,
            wanted.Select(id => id.Value).ToArray());
    }

    private void FindMemberLoans(IReadOnlyList<MemberId> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var memberId in wanted)
        {
            into.Put(memberId, loans: 0);
        }

        Add(
            "select member_id, count(*)::int from ledger.member_loan where tenant_id = $1 and member_id = any($2) group by member_id",
            reader =>
            {
                into.Put(new MemberId(reader.GetGuid(0)), reader.GetInt32(1));
            },
            tenant,
            wanted.Select(memberId => memberId.Value).ToArray());
    }

    private void FindParticipations(IReadOnlyList<MemberId> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var memberId in wanted)
        {
            into.Put(memberId, []);
        }

        Add(
            "select member_id, kind, stream_id from ledger.participation where tenant_id = $1 and member_id = any($2)",
            reader =>
            {
                into.AddParticipation(new MemberId(reader.GetGuid(0)), new Need.Stream(types.Kind(reader.GetString(1)), reader.GetGuid(2)));
            },
            tenant,
            wanted.Select(memberId => memberId.Value).ToArray());
    }

    private void FindSubjectKeys(IReadOnlyList<Guid> wanted, States into)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        foreach (var subject in wanted)
        {
            into.Put(subject, key: null);
        }

        Add(
            "select subject_id, wrapped_key from ledger.subject_key where tenant_id = $1 and subject_id = any($2)",
            reader =>
            {
                var subject = reader.GetGuid(0);
                into.Put(subject, SubjectKey.Unwrap(subject, reader.GetFieldValue<byte[]>(1), tenantKey));
            },
            tenant,
            wanted.ToArray());
    }

    private void Add(string sql, Action<NpgsqlDataReader> readRow, params ReadOnlySpan<object?> parameters)
    {
        commands.Add(Statements.Of(sql, parameters));
        steps.Add(readRow);
    }
}
