using Kupang.Ledger.Loans.Schedules;
using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.CommandLine.Demo;

/// <summary>The holidays of 2026 and the days taken off with them (<em>cuti bersama</em>), as the joint decree of three ministers has them.</summary>
public static class Holidays2026
{
    private static readonly (int Month, int Day, string Name)[] Decreed =
    [
        (1, 1, "Tahun Baru Masehi"), (1, 16, "Isra Mikraj"), (2, 16, "Cuti bersama Imlek"), (2, 17, "Tahun Baru Imlek"),
        (3, 18, "Cuti bersama Nyepi"), (3, 19, "Hari Suci Nyepi"), (3, 20, "Cuti bersama Idulfitri"), (3, 21, "Idulfitri"), (3, 22, "Idulfitri"),
        (3, 23, "Cuti bersama Idulfitri"), (3, 24, "Cuti bersama Idulfitri"), (4, 3, "Jumat Agung"), (4, 5, "Paskah"), (5, 1, "Hari Buruh"),
        (5, 14, "Kenaikan Yesus Kristus"), (5, 15, "Cuti bersama Kenaikan"), (5, 27, "Iduladha"), (5, 28, "Cuti bersama Iduladha"), (5, 31, "Waisak"),
        (6, 1, "Hari Lahir Pancasila"), (6, 16, "Tahun Baru Islam"), (8, 17, "Hari Kemerdekaan"), (8, 25, "Maulid Nabi"), (12, 24, "Cuti bersama Natal"),
        (12, 25, "Natal"),
    ];

    /// <summary>The days that the demo's loans are due on.</summary>
    public static readonly WorkingCalendar Calendar = WorkingCalendar.Of(WorkingWeek.MondayToSaturday, Decreed.Select(DateOf));

    /// <summary>The table as it is imported.</summary>
    public static object Request { get; } = new
    {
        year = 2026,
        holidays = Decreed.Select(holiday => new { date = BusinessDateConverter.Write(DateOf(holiday)), name = holiday.Name }),
        decisionReference = "SKB 3 Menteri 1497/2/5 2025",
    };

    private static DateOnly DateOf((int Month, int Day, string Name) holiday) => new(2026, holiday.Month, holiday.Day);
}
