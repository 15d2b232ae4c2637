"""The night's control report: lines by what became of them, bank proof, heads (section 8)."""

from typing import Any

from pipeline.domain import money
from pipeline.ledger import reads
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export import export


def night_report(ledger: Ledger) -> dict[str, Any]:
    """Per bank account: lines and sums by status, the bank proof; ``problems`` if one differs.

    Amounts are decimal text of the account's currency.
    """
    problems: list[str] = []
    accounts: dict[str, Any] = {}
    lines = export(ledger, "lines")
    for row in reads.bank_accounts(ledger).to_dicts():
        number, currency = row["bank_account_no"], row["currency"]
        own = lines.filter(lines["bank_account_no"] == number)
        status: dict[str, list[int]] = {}
        for name, amount in own.select("status", "amount").rows():
            cell = status.setdefault(name, [0, 0])
            cell[0] += 1
            cell[1] += money.minor(amount, currency)
        proof = _proof(ledger, row)
        if proof["difference"]:
            problems.append(f"{number}: bank proof differs by {proof['difference']} minor units")
        accounts[number] = {
            "lines": {n: f"{c[0]}: {money.text(c[1], currency)}" for n, c in status.items()},
            "proof": {name: money.text(value, currency) for name, value in proof.items()},
        }
    head = reads.register_head(ledger)
    return {"accounts": accounts, "register": head, "problems": problems}


def _proof(ledger: Ledger, account: dict[str, Any]) -> dict[str, int]:
    """Bank G/L balance against the last closed balance and the lines posted after it."""
    number, gl_account = (account[n].replace("'", "''") for n in ("bank_account_no", "gl_account"))
    balance = _sum(ledger, f"SELECT sum(amount) FROM posting WHERE gl_account = '{gl_account}'")
    closing = ledger.rows(
        "SELECT closing FROM closed_statement WHERE"
        f" bank_account_no = '{number}' ORDER BY ord DESC LIMIT 1"
    )
    start = closing[0][0] if closing else _sum(
        ledger,
        f"SELECT last_statement_balance FROM bank_account WHERE bank_account_no = '{number}'",
    )  # fmt: skip
    after = _sum(
        ledger,
        "SELECT sum(l.amount) FROM statement_line l JOIN statement s ON s.id = l.statement_id"
        f" WHERE s.bank_account_no = '{number}' AND s.status = 'received'"
        f" AND l.before_cutover = 0 AND NOT ({reads.UNSETTLED})",
    )
    return {
        "bank": balance,
        "closing": start,
        "posted_after": after,
        "difference": balance - start - after,
    }


def _sum(ledger: Ledger, sql: str) -> int:
    return int(ledger.rows(sql)[0][0] or 0)
