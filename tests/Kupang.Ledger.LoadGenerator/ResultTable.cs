using System.Globalization;
using System.Text;

namespace Kupang.Ledger.LoadGenerator;

/// <summary>One line of the result: a row against a rival, and the bar that it should reach.</summary>
/// <param name="IsLatency">Whether the 99th percentiles are compared, where less is better, or the rates.</param>
public sealed record ResultLine(string What, LoadResult Measured, string RivalName, LoadResult Rival, decimal Bar, bool IsLatency)
{
    public decimal Ratio => IsLatency
        ? decimal.Divide(Measured.Latencies.Percentile(99), Math.Max(1, Rival.Latencies.Percentile(99)))
        : Rival.PerSecond == 0 ? 0 : Measured.PerSecond / Rival.PerSecond;

    public bool IsReached => IsLatency ? Ratio <= Bar : Ratio >= Bar;
}

/// <summary>The table that a run prints.</summary>
public static class ResultTable
{
    public static string Of(IEnumerable<ResultLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var text = new StringBuilder();
        text.AppendLine(
            "| what | measured tps | p50 ms | p99 ms | rival | rival tps | rival p99 ms | ratio | bar | reached |");
        text.AppendLine("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | --- | --- |");
        foreach (var line in lines)
        {
            var bar = line.IsLatency ? "p99 <=" : "tps >=";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {line.What} | {line.Measured.PerSecond:#,0} | {Milliseconds(line.Measured, 50)} | {Milliseconds(line.Measured, 99)} "
                + $"| {line.RivalName} | {line.Rival.PerSecond:#,0} | {Milliseconds(line.Rival, 99)} "
                + $"| {line.Ratio:0.00} | {bar} {line.Bar:0.0} x | {(line.IsReached ? "yes" : "NO")} |");
        }

        return text.ToString();
    }

    public static string Milliseconds(LoadResult result, int percent)
    {
        ArgumentNullException.ThrowIfNull(result);
        return decimal.Divide(result.Latencies.Percentile(percent), 1000).ToString("0.00", CultureInfo.InvariantCulture);
    }
}
