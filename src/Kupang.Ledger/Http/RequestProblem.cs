using Kupang.Ledger.SharedKernel;

namespace Kupang.Ledger.Http;

/// <summary>
/// A request that can't be taken as it is: unreadable, without a key, or asking for what isn't there. It never comes from a
/// business rule; those are decisions.
/// </summary>
public sealed class RequestProblem : Exception
{
    private RequestProblem(string code, IReadOnlyList<ProblemError> errors, Exception? cause = null, params IReadOnlyList<Figure> figures)
        : base(code, cause) => (Code, Errors, Figures) = (code, errors, figures);

    public string Code { get; }

    public IReadOnlyList<ProblemError> Errors { get; }

    public IReadOnlyList<Figure> Figures { get; }

    public static RequestProblem Of(string code) => new(code, []);

    public static RequestProblem Of(string code, string pointer, string errorCode, string detail, params IReadOnlyList<Figure> figures) =>
        new(code, [new ProblemError(pointer, errorCode, detail)], cause: null, figures);

    public static RequestProblem Malformed(string pointer, string errorCode, string detail, Exception? cause = null) =>
        new("malformed-request", [new ProblemError(pointer, errorCode, detail)], cause);

    /// <summary>Several mistakes at once, as a table has them.</summary>
    public static RequestProblem Malformed(IReadOnlyList<ProblemError> errors) => new("malformed-request", errors);
}

/// <summary>
/// One mistake in a request. The pointer is a JSON pointer into the body, or the name of a query parameter or header; in a
/// table it is the line, counted from 1, and the column: <c>/3/date</c>.
/// </summary>
public sealed record ProblemError(string Pointer, string Code, string Detail);
