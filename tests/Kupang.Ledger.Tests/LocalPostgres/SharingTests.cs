using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Xunit;

namespace Kupang.Ledger.Tests.LocalPostgres;

public sealed class SharingTests(StateFolder folder) : IClassFixture<StateFolder>
{
    [Fact]
    public async Task Two_users_share_one_server_and_the_last_one_stops_it()
    {
        var first = await folder.Start();
        var second = await folder.Start();
        Assert.Equal(first.Port, second.Port);
        Assert.Equal(first.ConnectionString("x"), second.ConnectionString("x"));

        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.Equal(1, await StateFolder.Query(second, "select 1"));

        await second.DisposeAsync();
        Assert.Null(folder.ServerProcess());
    }

    [Fact]
    public async Task The_program_that_started_the_server_may_leave_before_the_others()
    {
        using var starter = await OtherProgram.Start(folder);
        var process = folder.ServerProcess();
        Assert.NotNull(process);

        await using var server = await folder.Start();
        await starter.Leave();
        Assert.Equal(1, await StateFolder.Query(server, "select 1"));
        Assert.Equal(process, folder.ServerProcess());
    }

    [Fact]
    public async Task The_program_that_started_the_server_may_be_killed_while_others_use_it()
    {
        using var starter = await OtherProgram.Start(folder);
        var process = folder.ServerProcess();
        var server = await folder.Start();
        await starter.Kill();
        Assert.Equal(1, await StateFolder.Query(server, "select 1"));
        Assert.Equal(process, folder.ServerProcess());

        await server.DisposeAsync();
        Assert.Null(folder.ServerProcess());
    }

    [Fact]
    public async Task Those_who_start_at_the_same_time_get_one_server()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => folder.Start()));
        Assert.Single(servers.Select(server => server.Port).Distinct());

        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        Assert.Null(folder.ServerProcess());
    }

    [Fact]
    public async Task A_port_that_was_taken_meanwhile_is_exchanged_for_another_one_and_that_one_is_kept()
    {
        await using (await folder.Start())
        {
            // Makes the cluster, which then remembers its port.
        }

        int other;
        using (var stranger = new TcpListener(IPAddress.Loopback, 0))
        {
            // The stranger holds the port before it becomes the remembered one, so that no third program comes between.
            stranger.Start();
            var usual = ((IPEndPoint)stranger.LocalEndpoint).Port;
            await Remember(usual);
            await using var server = await folder.Start();
            other = server.Port;
            Assert.NotEqual(usual, other);
            Assert.Equal(1, await StateFolder.Query(server, "select 1"));
        }

        await using var later = await folder.Start();
        Assert.Equal(other, later.Port);
    }

    private async Task Remember(int port)
    {
        var file = Path.Combine(folder.Path, "cluster.json");
        var cluster = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        cluster["port"] = port;
        await File.WriteAllTextAsync(file, cluster.ToJsonString(), TestContext.Current.CancellationToken);
    }
}
