using Kupang.Ledger.Writing;
using Npgsql;
using Xunit;

namespace Kupang.Ledger.Tests.Writing;

/// <summary>How many connections a node opens to its database at most.</summary>
public sealed class ConnectionsTests
{
    /// <summary>What PostgreSQL leaves to programs when nobody says otherwise: a hundred, less three for its operator.</summary>
    private const int OfAServer = 97;

    [Fact]
    public void Two_nodes_fit_in_what_a_server_has_when_nobody_says_otherwise()
    {
        var (reads, door) = PoolsOf("Host=localhost;Database=ledger");

        Assert.InRange(2 * (reads + door), 1, OfAServer);
    }

    [Theory]
    [InlineData("Maximum Pool Size=100", 100)]
    [InlineData("MaxPoolSize=60", 60)]
    [InlineData("Maximum Pool Size=5", 5)]
    public void What_the_connection_string_says_holds_for_reads_and_the_door_never_takes_more(string said, int reads)
    {
        var pools = PoolsOf($"Host=localhost;Database=ledger;{said}");

        Assert.Equal(reads, pools.Reads);
        Assert.InRange(pools.Door, 1, reads);
    }

    private static (int Reads, int Door) PoolsOf(string owner)
    {
        var service = LedgerDatabase.ForService(owner);
        return (new NpgsqlConnectionStringBuilder(service).MaxPoolSize, new NpgsqlConnectionStringBuilder(LedgerDatabase.ForDoor(service)).MaxPoolSize);
    }
}
