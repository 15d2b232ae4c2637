"""What of a line goes to no entry: to G/L accounts, or on account of a party."""

import difflib
from collections.abc import Iterable

import polars as pl

from pipeline import ledger
from pipeline.config import Settings
from pipeline.decisions.wish import Line, Pair, Row, Wish, signed
from pipeline.domain.errors import UsageError
from pipeline.ledger import decisions, reads


def account_rows(
    book: ledger.Ledger, line: Line, pairs: Iterable[Pair], rows: list[Row], settings: Settings
) -> list[Row]:
    """One row a G/L account; the only one without an amount takes what is left of the line."""
    left = line["amount"] - sum(row["applied_amount"] for row in rows)
    found: list[Row] = []
    open_ended: list[Row] = []
    for word, amount in pairs:
        row = {
            "target": "gl",
            "target_id": 0,
            "gl_account": _account(book, word, settings),
            "applied_amount": signed(word, amount, line["currency"], line["amount"]),
        }
        found.append(row)
        if amount:
            left -= row["applied_amount"]
        else:
            open_ended.append(row)
    if len(open_ended) > 1:
        raise UsageError("only one account may stand without an amount")
    for row in open_ended:
        row["applied_amount"] = left
    if any(row["applied_amount"] == 0 for row in found):
        raise UsageError("an account gets nothing of the line; leave it out")
    return found


def _account(book: ledger.Ledger, word: str, settings: Settings) -> str:
    """A key of [accounts] or a number of the chart that may be booked to by hand."""
    known, barred = decisions.gl_accounts(book)
    accounts = settings.accounts
    number = accounts.get(word, word)
    barred |= {accounts[key] for key in ("receivables", "payables", "clearing")}
    if not number:
        raise UsageError(f"[accounts] {word} is empty; set it in the settings")
    if number in barred:
        raise UsageError(
            f"{word}: is a bank, clearing or control account, which only its own entries move;"
            " apply the line to documents or put it on account of the party"
        )
    if number not in known | set(accounts.values()):
        near = difflib.get_close_matches(word, [*accounts, *sorted(known)], 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{word}: no such G/L account{hint}; load it: lettrage load gl-accounts")
    return number


def on_account_rows(
    book: ledger.Ledger, line: Line, wish: Wish, rows: list[Row], settings: Settings
) -> list[Row]:
    """What is left of the line, on account of a party."""
    left = line["amount"] - sum(row["applied_amount"] for row in rows)
    named = [row for row in rows if row.get("party_no")]
    by_rule = bool(named) and not wish.accounts and settings.policy["overpayment"] == "on_account"
    asked = wish.on_account is not None or (by_rule and not any(a for _, a in wish.documents))
    if not asked or not left:
        return []
    if left * line["amount"] < 0:
        raise UsageError("the documents sum to more than the line; say DOCUMENT=AMOUNT")
    if left * sum(row["applied_amount"] for row in named) < 0:
        raise UsageError(
            "the documents give back what would stay on account; apply less of them, say"
            " DOCUMENT=AMOUNT"
        )
    if wish.on_account:
        party = _party(book, wish.on_account)
    elif named:
        party = (named[0]["party_type"], named[0]["party_no"])
    else:
        raise UsageError("--on-account: expected a party, as no document names one")
    return [
        {
            "target": "on_account",
            "target_id": 0,
            "party_type": party[0],
            "party_no": party[1],
            "applied_amount": left,
        }
    ]


def _party(book: ledger.Ledger, word: str) -> Pair:
    """The one party of NUMBER, customer/NUMBER or vendor/NUMBER."""
    kind, slash, number = word.partition("/")
    wanted = number if slash and kind in ("customer", "vendor") else word
    rows = reads.parties(book).filter(pl.col("party_no") == wanted)
    if wanted != word:
        rows = rows.filter(pl.col("party_type") == kind)
    found = rows.select("party_type", "party_no").rows()
    if len(found) != 1:
        said = "several have" if found else "no party has"
        raise UsageError(f"{word}: {said} this number; expected customer/NUMBER or vendor/NUMBER")
    return (found[0][0], found[0][1])
