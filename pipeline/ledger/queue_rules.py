"""What waits is counted and summed up by the database itself, as items come, change and go.

On SQLite row by row; on PostgreSQL once for each statement, since a row that is written many times
in one transaction is looked up ever slower.
"""

from pipeline.ledger.triggers import Rule

_KEY = ("currency", "bank_account_no", "reason", "assigned_to", "opened_on")
_SUMS = ("items", "money_in", "money_out")
_ADD = (
    f"INSERT INTO queue_total ({', '.join((*_KEY, *_SUMS))}) {{rows}} ON CONFLICT"
    f" ({', '.join(_KEY)}) DO UPDATE SET "
    + ", ".join(f"{name} = queue_total.{name} + excluded.{name}" for name in _SUMS)
)
_EMPTY = "DELETE FROM queue_total WHERE items = 0 AND ({key}) IN (SELECT {of_row}{source})"


def _of(row: str) -> str:
    """The key of an item: a list may be asked for the ones of a day, and not all have one."""
    return ", ".join(
        f"coalesce({row}{name}, '')" if name == "opened_on" else f"{row}{name}" for name in _KEY
    )


def _row(row: str, sign: str) -> str:
    """One item on SQLite."""
    sums = f"{sign}1, {sign}max({row}.remaining, 0), {sign}min({row}.remaining, 0)"
    return f"SELECT {_of(row + '.')}, {sums} WHERE {row}.status = 'open'"


def _set(rows: str) -> str:
    """All items of a statement on PostgreSQL; ``rows`` with their ``sign``."""
    return (
        f"SELECT {_of('')}, sum(sign), sum(sign * greatest(remaining, 0)), sum(sign *"
        f" least(remaining, 0)) FROM ({rows}) q WHERE status = 'open' GROUP BY {_of('')}"
    )


def rules(*, sqlite: bool) -> dict[str, Rule]:
    """The triggers that keep ``queue_total``."""
    key = ", ".join(_KEY)
    come, go = _row("NEW", ""), _row("OLD", "-")
    gone = _EMPTY.format(key=key, of_row=_of("OLD."), source="")
    if sqlite:
        return {
            "queue_total_come": Rule("AFTER INSERT", "exception_item", {},
                                     (_ADD.format(rows=come),), each_row=True),
            "queue_total_change": Rule(
                "AFTER UPDATE", "exception_item", {},
                (_ADD.format(rows=go), _ADD.format(rows=come), gone),
                columns=("status", "remaining", *_KEY), each_row=True),
        }  # fmt: skip
    come = _set("SELECT 1 AS sign, n.* FROM new_rows n")
    both = _set("SELECT 1 AS sign, n.* FROM new_rows n UNION ALL SELECT -1, o.* FROM old_rows o")
    gone = _EMPTY.format(key=key, of_row=_of(""), source=" FROM old_rows")
    return {
        "queue_total_come": Rule("AFTER INSERT", "exception_item", {}, (_ADD.format(rows=come),),
                                 sets="NEW TABLE AS new_rows"),
        "queue_total_change": Rule("AFTER UPDATE", "exception_item", {},
                                   (_ADD.format(rows=both), gone),
                                   sets="OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    }  # fmt: skip
