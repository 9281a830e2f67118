using System.Data.Common;
using System.Text.Json;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>Reads a stored event back into a fact. The columns are stream_id, id, type, data, headers, in this order.</summary>
internal static class FactReader
{
    public const string Columns = "stream_id, id, type, data, headers";

    public static RecordedFact Read(DbDataReader reader, FactTypes types) => new(
        reader.GetGuid(1),
        reader.GetGuid(0),
        types.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3)),
        JsonSerializer.Deserialize<StoredHeaders>(reader.GetFieldValue<byte[]>(4), LedgerJson.Options)!.Envelope);

    public static string HeadersOf(Envelope envelope) => JsonSerializer.Serialize(new StoredHeaders(envelope), LedgerJson.Options);

    private sealed record StoredHeaders(Envelope Envelope);
}
