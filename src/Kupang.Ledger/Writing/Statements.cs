using Npgsql;

namespace Kupang.Ledger.Writing;

/// <summary>How the door speaks to its database: statements with numbered parameters, many in one round trip.</summary>
internal static class Statements
{
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> parameters) =>
        batch.BatchCommands.Add(Of(sql, parameters));

    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }
}
