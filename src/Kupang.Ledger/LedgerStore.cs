using JasperFx;
using JasperFx.Events;
using Kupang.Ledger.Allowances;
using Kupang.Ledger.Arisan;
using Kupang.Ledger.Calendars;
using Kupang.Ledger.CashBoxes;
using Kupang.Ledger.Cycles;
using Kupang.Ledger.Funds;
using Kupang.Ledger.Loans;
using Kupang.Ledger.Members;
using Kupang.Ledger.Partners;
using Kupang.Ledger.Policies;
using Kupang.Ledger.RateCaps;
using Kupang.Ledger.Savings;
using Kupang.Ledger.SharedKernel;
using Kupang.Ledger.Staff;
using Kupang.Ledger.SurplusSharing;
using Kupang.Ledger.UnidentifiedReceipts;
using Kupang.Ledger.Writing;
using Marten;
using Npgsql;

namespace Kupang.Ledger;

/// <summary>How facts are stored. The list of Add calls is the list of capabilities that record facts.</summary>
public static class LedgerStore
{
    public const string Schema = "ledger";

    public static FactTypes FactTypes { get; } = new FactTypes.Builder()
        .AddPartners()
        .AddStaff()
        .AddMembers()
        .AddPolicies()
        .AddFunds()
        .AddCalendars()
        .AddRateCaps()
        .AddLoans()
        .AddAllowances()
        .AddUnidentifiedReceipts()
        .AddSavings()
        .AddCycles()
        .AddArisan()
        .AddSurplusSharing()
        .AddCashBoxes()
        .Build();

    public static void Configure(StoreOptions options, NpgsqlDataSource dataSource, AutoCreate autoCreate)
    {
        options.Connection(dataSource);
        options.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = autoCreate;
        var serializer = new Marten.Services.SystemTextJsonSerializer();
        serializer.Configure(json => LedgerJson.Configure(json));
        options.Serializer(serializer);

        options.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
        options.Events.StreamIdentity = StreamIdentity.AsGuid;
        options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
        options.Events.UseMandatoryStreamTypeDeclaration = true;
        options.Events.EnableUniqueIndexOnEventId = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;
        options.Events.AddEventTypes(FactTypes.All.Select(type => type.Type));
        options.Advanced.DefaultTenantUsageEnabled = false;

        // A commit is never tried again by the library: a new transaction would not hold the tenant's lock.
        options.ConfigureWritePolly(_ => { });

        // A fact that can't be read stops everything that reads it; skipping it would be a silent change of history.
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        options.Projections.Errors.SkipUnknownEvents = false;
    }
}
