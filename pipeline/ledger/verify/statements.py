"""What is made again from the rows of statements: who a line is, how often, what all say."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.ledger import feed_lines
from pipeline.ledger.originals import LINES_KEPT
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.verify.check import Ranges, Work

_TEXT, _NUMBER = pl.String, pl.Int64
_RUN = 100_000
_LINES = (
    "SELECT l.line_id, CASE WHEN substr(s.format, 1, 3) = 'ofx' THEN 1 ELSE 0 END,"
    " l.booking_date, l.value_date, l.amount, l.bank_reference, l.text, CASE WHEN"
    " l.bank_reference = '' AND l.text = '' THEN l.raw ELSE '' END, l.identity"
    " FROM statement_line l JOIN statement s ON s.id = l.statement_id"
    " WHERE l.line_id BETWEEN {first} AND {last} ORDER BY l.line_id"
)
_LINE = {
    **dict.fromkeys(("line_id", "ofx"), _NUMBER),
    **dict.fromkeys(("booking_date", "value_date"), _TEXT),
    "amount": _NUMBER,
    **dict.fromkeys(("bank_reference", "text", "raw", "identity"), _TEXT),
}


def _identities(books: Snapshot) -> list[Any]:
    """I28: a line is known by what it says."""
    broken: list[Any] = []
    for lines in _line_parts(books):
        for ofx in (0, 1):
            part = lines.filter(pl.col("ofx") == ofx)
            made = feed_lines.identities(part, ofx=bool(ofx))
            other = part["identity"] != pl.Series(made, dtype=_TEXT)
            broken += part.filter(other)["line_id"].to_list()
    return broken


def _line_parts(books: Snapshot) -> Iterator[pl.DataFrame]:
    last = int(books.rows("SELECT coalesce(max(line_id), 0) AS n FROM statement_line")[0][0])
    for first in range(1, last + 1, _RUN):
        yield books.frame(_LINES.format(first=first, last=first + _RUN - 1), _LINE)


def _occurrences(books: Snapshot) -> list[Any]:
    """I28: twin lines are counted.

    Within a statement of MT940; over the account's statements for OFX, whose files overlap. Only
    lines that another is like, or that claim to be a twin, can be counted wrongly.
    """
    names = ("line_id", "statement_id", "line_no", "ofx", "identity", "occurrence", "account")
    rows = books.frame(
        "SELECT l.line_id, l.statement_id, l.line_no, CASE WHEN substr(s.format, 1, 3) = 'ofx'"
        " THEN 1 ELSE 0 END, l.identity, l.occurrence, CASE WHEN s.status IN ('received',"
        " 'reconciled') THEN s.bank_account_no ELSE '' END FROM (SELECT identity FROM"
        " statement_line GROUP BY identity HAVING count(*) > 1 OR min(occurrence) <> 1) t"
        " JOIN statement_line l ON l.identity = t.identity"
        " JOIN statement s ON s.id = l.statement_id",
        {name: _TEXT if name in ("identity", "account") else _NUMBER for name in names},
    )
    within = ["statement_id", "identity"]
    mt940 = rows.filter(pl.col("ofx") == 0).sort("statement_id", "line_no")
    counted = pl.int_range(1, pl.len() + 1).over(within)
    wrong = mt940.filter(counted != pl.col("occurrence"))
    live = rows.filter(pl.col("account") != "")
    over = ["account", "identity"]
    ofx = live.with_columns(pl.len().over(over).alias("twins")).filter(pl.col("ofx") == 1)
    again = ofx.filter(
        (pl.col("occurrence") > pl.col("twins"))
        | (pl.col("occurrence") < 1)
        | (pl.len().over(*over, "occurrence") > 1)
    )
    return sorted([*wrong["line_id"], *again["line_id"]])


def _statements(books: Snapshot) -> list[tuple[int, int]]:
    """First and last statement of runs of about 100,000 lines."""
    sizes = books.frame(
        "SELECT id, line_count FROM statement ORDER BY id", {"id": _NUMBER, "lines": _NUMBER}
    )
    run = pl.col("lines").cum_sum() // _RUN
    found = sizes.group_by(run, maintain_order=True).agg(
        pl.col("id").min().alias("first"), pl.col("id").max().alias("last")
    )
    return found.select("first", "last").rows()


def _fingerprints(books: Snapshot, run: tuple[int, int]) -> list[Any]:
    """I24: an MT940 statement says what its fingerprint was made of.

    An OFX statement keeps only the lines that no earlier file brought, so that its fingerprint
    cannot be made again from the rows: ``verify --files`` makes it from the file.
    """
    own = f"BETWEEN {run[0]} AND {run[1]}"
    statements = books.frame(
        "SELECT id, opening, closing, fingerprint FROM statement WHERE substr(format, 1, 2) = 'mt'"
        f" AND {LINES_KEPT} AND id {own} ORDER BY id",
        {"id": _NUMBER, "opening": _NUMBER, "closing": _NUMBER, "fingerprint": _TEXT},
    )
    lines = books.frame(
        f"SELECT statement_id, identity FROM statement_line WHERE statement_id {own}",
        {"statement_id": _NUMBER, "identity": _TEXT},
    ).sort("statement_id", "identity")
    by_id = {key[0]: part["identity"].to_list() for key, part in lines.group_by("statement_id")}
    return [
        number
        for number, opening, closing, kept in statements.iter_rows()
        if feed_lines.fingerprint(opening, closing, by_id.get(number, [])) != kept
    ]


CHECKS: dict[str, Work | Ranges] = {
    "I24b": Ranges(
        "statement",
        "unless refused, an MT940 statement has the balances and lines of its fingerprint",
        _statements,
        _fingerprints,
    ),
    "I28b": Work(
        "statement_line", "the identity of each line is made of what it says", _identities
    ),
    "I28c": Work(
        "statement_line",
        "equal lines are numbered as twins: within the statement, for OFX within the account",
        _occurrences,
    ),
}
