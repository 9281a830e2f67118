using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Writing;

/// <summary>On which days a fact may be dated, whatever it is about.</summary>
public static class DateRules
{
    /// <summary>Why a day is refused, or null: a fact has happened, and not before the tenant's books begin.</summary>
    public static Decision? Check(DateOnly effectiveOn, Moment moment, string pointer = "/effectiveOn") =>
        effectiveOn > moment.Today
            ? Decision.Refuse("in-the-future", pointer, new Figure("effectiveOn", effectiveOn), new Figure("today", moment.Today))
        : moment.BooksOpenFrom is { } open && effectiveOn < open
            ? Decision.Refuse("before-cut-over", pointer, new Figure("effectiveOn", effectiveOn), new Figure("booksOpenFrom", open))
        : null;
}
