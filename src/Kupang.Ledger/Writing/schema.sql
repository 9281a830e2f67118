-- The ledger's own tables, beside Marten's event tables in the same schema. Run by `migrate` as the owner; every statement
-- may be run again. The service itself has none of the rights used here.

create table if not exists ledger.installation (
    only_row        boolean primary key default true check (only_row),
    schema_version  integer not null,
    master_key_check bytea
);

create table if not exists ledger.tenant (
    tenant_id       text primary key check (tenant_id ~ '^[a-z][a-z0-9-]{2,30}$'),
    wrapped_key     bytea not null,
    time_zone       text not null,
    books_open_from date,
    retention_years integer not null default 10,
    created_at      timestamptz not null
);

-- One row a tenant, read and written under the tenant's lock: where its numbering stands.
create table if not exists ledger.tenant_head (
    tenant_id   text primary key references ledger.tenant,
    n           bigint not null,
    recorded_at timestamptz not null,
    counters    jsonb not null
) with (fillfactor = 50);

create table if not exists ledger.fact (
    tenant_id   text not null,
    n           bigint not null,
    event_id    uuid not null,
    stream_id   uuid not null,
    recorded_at timestamptz not null,
    paper_book   text,
    paper_number text,
    primary key (tenant_id, n),
    unique (event_id)
);

-- What was known at an instant: one probe, since numbers and instants rise together.
create index if not exists fact_known_at on ledger.fact (tenant_id, recorded_at, n);

-- Every fact that was ever written on a paper, in the order in which a book is numbered: 9 before 10. Which of them stands is
-- in the natural key; this also keeps what was taken back.
create index if not exists fact_on_paper on ledger.fact (tenant_id, paper_book, length(paper_number), paper_number, n)
    where paper_book is not null;

create table if not exists ledger.idempotency (
    tenant_id   text not null,
    operation   text not null,
    key         text not null,
    fingerprint bytea not null,
    status      smallint not null,
    body        text not null,
    location    text,
    n           bigint,
    primary key (tenant_id, operation, key)
);

create table if not exists ledger.natural_key (
    tenant_id       text not null,
    kind            text not null,
    value           text not null,
    stream_id       uuid not null,
    content         text not null,
    operation       text not null,
    idempotency_key text not null,
    primary key (tenant_id, kind, value)
);
create unique index if not exists natural_key_api_key on ledger.natural_key (value) where kind = 'api-key';

create table if not exists ledger.listing (
    tenant_id   text not null,
    id          uuid not null,
    kind        text not null,
    n           bigint not null,
    number      text not null,
    external_id text,
    fund_id     uuid,
    group_id    uuid,
    member_id   uuid,
    product_id  uuid,
    primary key (tenant_id, id)
);
create index if not exists listing_in_order on ledger.listing (tenant_id, kind, n);
create unique index if not exists listing_number on ledger.listing (tenant_id, number);

create table if not exists ledger.subject_key (
    tenant_id   text not null,
    subject_id  uuid not null,
    wrapped_key bytea not null,
    primary key (tenant_id, subject_id)
);

-- The lines that facts carry, listed for the journal. A memorandum figure of a fund stands here too, under its name.
create table if not exists ledger.journal_line (
    tenant_id     text not null,
    n             bigint not null,
    line          smallint not null,
    fund_id       uuid not null,
    account       text not null,
    currency      text not null,
    amount        bigint not null,
    effective_on  date not null,
    booked_on     date not null,
    party_kind    text,
    party_id      uuid,
    money_account uuid,
    primary key (tenant_id, n, line)
);

-- An auditor reads one fund, or one account of it, page by page in the order of the numbers.
create index if not exists journal_line_of_fund on ledger.journal_line (tenant_id, fund_id, account, n);

-- What a cash box or bank account holds, day by day. Lines of no box cost nothing here.
create index if not exists journal_line_of_money_account on ledger.journal_line (tenant_id, money_account, effective_on)
    where money_account is not null;

create table if not exists ledger.daily_balance (
    tenant_id    text not null,
    fund_id      uuid not null,
    account      text not null,
    currency     text not null,
    effective_on date not null,
    booked_on    date not null,
    amount       bigint not null,
    primary key (tenant_id, fund_id, account, effective_on, booked_on)
) with (fillfactor = 70);

-- Each payment out to a member, so that the next loan knows which it is.
create table if not exists ledger.member_loan (
    tenant_id text not null,
    member_id uuid not null,
    loan_id   uuid not null,
    primary key (tenant_id, member_id, loan_id)
);

-- What each member is or was part of, loans and groups alike: all of it is looked at before a person may be erased.
create table if not exists ledger.participation (
    tenant_id text not null,
    member_id uuid not null,
    kind      text not null,
    stream_id uuid not null,
    primary key (tenant_id, member_id, stream_id)
);

-- The portfolio as reports read it: made from the loans' facts, behind the log, and made again from them when it is lost. A row
-- says what held on the days [from_day, to_day) as was known at the numbers [seq_from, seq_to).
create table if not exists ledger.portfolio_head (
    tenant_id text primary key references ledger.tenant,
    n         bigint not null
);

-- Of each loan: what never changes, and up to which of its facts its rows were made.
create table if not exists ledger.portfolio_loan (
    tenant_id  text not null,
    loan_id    uuid not null,
    n          bigint not null,
    number     text not null,
    member_id  uuid not null,
    product_id uuid not null,
    area_code  text,
    sector     text,
    primary key (tenant_id, loan_id)
);

-- What a loan owes one fund. `outstanding` counts by the day it happened, `booked` by the day it counts in the books.
create table if not exists ledger.portfolio_position (
    tenant_id        text not null,
    loan_id          uuid not null,
    fund_id          uuid not null,
    from_day         date not null,
    to_day           date not null,
    seq_from         bigint not null,
    seq_to           bigint not null,
    booking_class    smallint not null,
    rhythm           smallint not null,
    is_first_fund    boolean not null,
    is_restructured  boolean not null,
    officer_id       uuid,
    group_id         uuid,
    outstanding      bigint not null,
    booked           bigint not null,
    interest         bigint not null,
    oldest_unpaid_on date
);
create index if not exists portfolio_position_of_loan on ledger.portfolio_position (tenant_id, loan_id);

-- Each instalment of a loan, and what of it is open.
create table if not exists ledger.portfolio_instalment (
    tenant_id      text not null,
    loan_id        uuid not null,
    fund_id        uuid not null,
    number         integer not null,
    from_day       date not null,
    to_day         date not null,
    seq_from       bigint not null,
    seq_to         bigint not null,
    due_on         date not null,
    due_principal  bigint not null,
    due_interest   bigint not null,
    paid_principal bigint not null,
    paid_interest  bigint not null,
    open_principal bigint not null,
    open_interest  bigint not null,
    is_unpaid      boolean not null
);
create index if not exists portfolio_instalment_of_loan on ledger.portfolio_instalment (tenant_id, loan_id);

create table if not exists ledger.refusal (
    tenant_id text not null,
    id        uuid not null,
    at        timestamptz not null,
    actor     jsonb not null,
    operation text not null,
    code      text not null,
    primary key (tenant_id, id)
);

create table if not exists ledger.money_fact_type (
    type text primary key
);

-- The books' own guard: whatever program writes, no money fact gets in without balanced lines, and none without its number.
-- A fact's number is written before its event.
create or replace function ledger.check_events() returns trigger language plpgsql as $$
declare
    wrong record;
begin
    select a.id into wrong from added a where not exists (select from ledger.fact f where f.event_id = a.id) limit 1;
    if found then
        raise exception 'Event % has no number in ledger.fact.', wrong.id using errcode = 'KL001';
    end if;

    select a.id, a.type, coalesce(jsonb_array_length(a.data -> 'lines'), 0) as lines, difference.fund, difference.amount
      into wrong
      from added a join ledger.money_fact_type using (type)
      left join lateral (
            select line ->> 'fundId' as fund, sum((line -> 'amount' ->> 'amount')::numeric) as amount
              from jsonb_array_elements(a.data -> 'lines') as line
             group by line ->> 'fundId', line -> 'amount' ->> 'currency', line ->> 'effectiveOn', line ->> 'bookedOn'
            having sum((line -> 'amount' ->> 'amount')::numeric) <> 0
             limit 1) as difference on true
     where coalesce(jsonb_array_length(a.data -> 'lines'), 0) < 2 or difference.amount is not null
     limit 1;
    if found and wrong.lines < 2 then
        raise exception 'Event % of type % has no lines.', wrong.id, wrong.type using errcode = 'KL002';
    elsif found then
        raise exception 'Event %: the lines of fund % differ by %.', wrong.id, wrong.fund, wrong.amount using errcode = 'KL003';
    end if;

    return null;
end
$$;

-- For a batch that was decided ahead: takes the tenant's lock, and refuses unless everything is as the batch expects it.
create or replace function ledger.lock_as_expected(
    lock bigint, tenant text, last bigint, zone text, open_from date, retention integer,
    operations text[], keys text[], kinds text[], names text[], ids uuid[], event_ids uuid[])
returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(lock);
    if not exists (
           select from ledger.tenant t join ledger.tenant_head h using (tenant_id)
            where t.tenant_id = tenant and h.n = last and t.time_zone = zone and t.books_open_from is not distinct from open_from
              and t.retention_years = retention)
       or exists (
           select from unnest(operations, keys) as wanted (operation, key)
             join ledger.idempotency i on i.tenant_id = tenant and i.operation = wanted.operation and i.key = wanted.key)
       or exists (
           select from unnest(kinds, names) as wanted (kind, name)
             join ledger.natural_key k on k.tenant_id = tenant and k.kind = wanted.kind and k.value = wanted.name)
       or (cardinality(ids) > 0
           and (exists (select from ledger.mt_streams s where s.tenant_id = tenant and s.id = any(ids))
                or exists (select from ledger.fact f where f.event_id = any(event_ids))))
    then
        raise exception 'Tenant % is not as its writer left it.', tenant using errcode = 'KL006';
    end if;
end
$$;

create or replace function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'The log is append-only: % of %.% is refused.', tg_op, tg_table_schema, tg_table_name
        using errcode = 'KL004';
end
$$;

-- What a reversal on record lets go: the paper number of a fact that stands no more, and the count of a loan paid out in error.
create or replace procedure ledger.release_reversed(tenant text, name_kinds text[], name_values text[], members uuid[], loans uuid[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from ledger.natural_key k using unnest(name_kinds, name_values) as released (kind, value)
     where k.tenant_id = tenant and k.kind = released.kind and k.value = released.value and k.kind like 'paper:%'
       and exists (select from ledger.mt_events e where e.tenant_id = tenant and e.stream_id = k.stream_id and e.type like '%\_reversed');
    delete from ledger.member_loan m using unnest(members, loans) as released (member_id, loan_id)
     where m.tenant_id = tenant and m.member_id = released.member_id and m.loan_id = released.loan_id
       and exists (select from ledger.mt_events e where e.tenant_id = tenant and e.stream_id = m.loan_id and e.type = 'loan_disbursement_reversed');
end
$$;

-- What an erasure on record takes: the key of a person whose erasure is on record, and the names the person was found by.
create or replace procedure ledger.forget_person(tenant text, person uuid, name_kinds text[], name_values text[])
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from ledger.mt_events where tenant_id = tenant and stream_id = person and type = 'member_erased') then
        raise exception 'Nothing says that % was erased.', person using errcode = 'KL005';
    end if;

    delete from ledger.subject_key where tenant_id = tenant and subject_id = person;
    delete from ledger.natural_key k using unnest(name_kinds, name_values) as released (kind, value)
     where k.tenant_id = tenant and k.kind = released.kind and k.value = released.value and k.stream_id = person;
end
$$;

drop trigger if exists events_are_numbered_and_balanced on ledger.mt_events;
create trigger events_are_numbered_and_balanced after insert on ledger.mt_events
    referencing new table as added for each statement execute function ledger.check_events();

drop trigger if exists events_never_change on ledger.mt_events;
create trigger events_never_change before update or delete on ledger.mt_events
    for each row execute function ledger.refuse_change();

drop trigger if exists events_are_never_emptied on ledger.mt_events;
create trigger events_are_never_emptied before truncate on ledger.mt_events
    for each statement execute function ledger.refuse_change();

drop trigger if exists numbers_never_change on ledger.fact;
create trigger numbers_never_change before update or delete on ledger.fact
    for each row execute function ledger.refuse_change();

drop trigger if exists numbers_are_never_emptied on ledger.fact;
create trigger numbers_are_never_emptied before truncate on ledger.fact
    for each statement execute function ledger.refuse_change();

-- The role that the service takes on: it adds, and changes only where a row is a running total.
do $$
begin
    if not exists (select from pg_roles where rolname = 'ledger_service') then
        create role ledger_service nologin;
    end if;
end
$$;
grant usage on schema ledger to ledger_service;
grant select on all tables in schema ledger to ledger_service;
grant insert on ledger.mt_events, ledger.mt_streams, ledger.fact, ledger.idempotency, ledger.natural_key, ledger.listing,
    ledger.subject_key, ledger.journal_line, ledger.daily_balance, ledger.member_loan, ledger.participation,
    ledger.refusal to ledger_service;
grant update (version, timestamp) on ledger.mt_streams to ledger_service;
grant update (n, recorded_at, counters) on ledger.tenant_head to ledger_service;
grant update (amount) on ledger.daily_balance to ledger_service;
grant insert, update, delete on ledger.portfolio_head, ledger.portfolio_loan, ledger.portfolio_position, ledger.portfolio_instalment to ledger_service;
grant usage on all sequences in schema ledger to ledger_service;
grant execute on all functions in schema ledger to ledger_service;
revoke execute on procedure ledger.release_reversed from public;
grant execute on procedure ledger.release_reversed to ledger_service;
revoke execute on procedure ledger.forget_person from public;
grant execute on procedure ledger.forget_person to ledger_service;

-- What carries messages is Wolverine's own; the log it does not touch.
grant usage on schema wolverine to ledger_service;
grant select, insert, update, delete on all tables in schema wolverine to ledger_service;
grant usage on all sequences in schema wolverine to ledger_service;
grant execute on all functions in schema wolverine to ledger_service;
