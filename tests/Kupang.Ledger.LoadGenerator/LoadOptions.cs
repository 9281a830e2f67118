using System.Globalization;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>How much load, and which. Everything has an upper bound, so that a run always ends by itself.</summary>
public sealed record LoadOptions
{
    public const string Usage =
        """
        dotnet run -c Release --project tests/Kupang.Ledger.LoadGenerator -- [options]

          --loans N           loans of each measured book (20000)
          --funds N           funds that they are spread over (20)
          --seconds N         how long each row is measured (20)
          --connections LIST  connections of the repayment rows (1,16,64)
          --tenants N         tenants of the last row, 8 connections each; 0 leaves it out (8)
          --rows LIST         which of spread, one-fund, tenants, rival are measured (all)
          --quick             a small book and short rows: shows that everything works, measures little
          --portfolio         instead of measuring repayments: the classes of 200,000 loans on past days against a plain aggregate
          --kill              instead of measuring: kill -9 of the service and of PostgreSQL in the middle of keyed requests
        """;

    private static readonly string[] AllRows = [Spread, OneFund, ManyTenants, Rival];

    public const string Spread = "spread";
    public const string OneFund = "one-fund";
    public const string ManyTenants = "tenants";
    public const string Rival = "rival";

    public int Loans { get; init; } = 20_000;

    public int Funds { get; init; } = 20;

    public int Seconds { get; init; } = 20;

    public IReadOnlyList<int> Connections { get; init; } = [1, 16, 64];

    public int Tenants { get; init; } = 8;

    public IReadOnlyList<string> Rows { get; init; } = AllRows;

    /// <summary>Each row is measured in this many parts, in between the others, so that a slow minute does not hit one row alone.</summary>
    public int Rounds { get; init; } = 2;

    public bool Kill { get; init; }

    public bool Portfolio { get; init; }

    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var options = new LoadOptions();
        if (arguments.Contains("--quick", StringComparer.Ordinal))
        {
            options = options with { Loans = 2_000, Seconds = 4, Rounds = 1 };
        }

        for (var index = 0; index < arguments.Count; index++)
        {
            options = arguments[index] switch
            {
                "--quick" => options,
                "--portfolio" => options with { Portfolio = true },
                "--kill" => options with { Kill = true },
                "--loans" => options with { Loans = Number(arguments, ++index, 100, 200_000) },
                "--funds" => options with { Funds = Number(arguments, ++index, 1, 1_000) },
                "--seconds" => options with { Seconds = Number(arguments, ++index, 2, 120) },
                "--tenants" => options with { Tenants = Number(arguments, ++index, 0, 50) },
                "--connections" => options with { Connections = [.. Words(arguments, ++index).Select(word => Number(word, 1, 500)).Distinct()] },
                "--rows" => options with { Rows = [.. Words(arguments, ++index).Select(Row)] },
                var other => throw new LoadFailure($"There is no option {other}.\n{Usage}"),
            };
        }

        return options;
    }

    public bool Has(string row) => Rows.Contains(row, StringComparer.Ordinal);

    private static string[] Words(IReadOnlyList<string> arguments, int index) =>
        index < arguments.Count ? arguments[index].Split(',') : throw new LoadFailure(Usage);

    private static int Number(IReadOnlyList<string> arguments, int index, int least, int most) =>
        index < arguments.Count ? Number(arguments[index], least, most) : throw new LoadFailure(Usage);

    private static int Number(string word, int least, int most) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new LoadFailure(string.Create(CultureInfo.InvariantCulture, $"{word} is not a number from {least} to {most}."));

    private static string Row(string word) =>
        AllRows.Contains(word, StringComparer.Ordinal) ? word : throw new LoadFailure($"There is no row {word}; there are {string.Join(", ", AllRows)}.");
}
