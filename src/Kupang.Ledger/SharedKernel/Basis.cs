namespace Kupang.Ledger.SharedKernel;

/// <summary>By which of its two days a line counts.</summary>
public enum Basis
{
    /// <summary>The day it counts in the books: what a closed period showed, it shows for ever.</summary>
    Booked,

    /// <summary>The day it happened.</summary>
    Effective,
}

public static class Bases
{
    /// <summary>The column of the tables that holds this day.</summary>
    public static string Column(this Basis basis) => basis == Basis.Booked ? "booked_on" : "effective_on";
}
