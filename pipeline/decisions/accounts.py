"""What of a line goes to no entry: to G/L accounts, or on account of a party."""

from pipeline import ledger
from pipeline.config import Settings
from pipeline.decisions.wish import Line, Pair, Row, Wish, signed
from pipeline.domain.errors import UsageError
from pipeline.named import gl_account, named_party


def account_rows(
    book: ledger.Ledger, line: Line, wish: Wish, rows: list[Row], settings: Settings
) -> list[Row]:
    """One row a G/L account; the only one without an amount takes what is left of the line."""
    left = line["amount"] - sum(row["applied_amount"] for row in rows)
    found: list[Row] = []
    open_ended: list[Row] = []
    for word, amount in wish.accounts:
        row = {
            "target": "gl",
            "target_id": 0,
            "gl_account": gl_account(book, word, settings),
            "applied_amount": signed(word, amount, line["currency"], line["amount"]),
        }
        found.append(row)
        if amount:
            left -= row["applied_amount"]
        else:
            open_ended.append(row)
    if len(open_ended) > 1:
        raise UsageError("only one account may stand without an amount")
    if open_ended and wish.on_account is not None:
        raise UsageError(
            "the rest of the line goes to an account or stays on account, not both; say how much"
            " the account gets: ACCOUNT=AMOUNT"
        )
    for row in open_ended:
        row["applied_amount"] = left
    if any(row["applied_amount"] == 0 for row in found):
        raise UsageError("an account gets nothing of the line; leave it out")
    return found


def on_account_rows(
    book: ledger.Ledger, line: Line, wish: Wish, rows: list[Row], settings: Settings
) -> list[Row]:
    """What is left of the line, on account of a party."""
    left = line["amount"] - sum(row["applied_amount"] for row in rows)
    named = [row for row in rows if row.get("party_no")]
    by_rule = bool(named) and not wish.accounts and settings.policy["overpayment"] == "on_account"
    parties = {(row["party_type"], row["party_no"]) for row in named}
    by_rule = by_rule and len(parties) == 1
    asked = wish.on_account is not None or (by_rule and not any(a for _, a in wish.documents))
    if not asked or not left:
        return []
    if left * line["amount"] < 0:
        raise UsageError("the documents sum to more than the line; say DOCUMENT=AMOUNT")
    party = _party(book, wish, parties)
    own = [row for row in named if (row["party_type"], row["party_no"]) == party]
    if left * sum(row["applied_amount"] for row in own) < 0:
        raise UsageError(
            "the documents give back what would stay on account; apply less of them, say"
            " DOCUMENT=AMOUNT"
        )
    return [
        {
            "target": "on_account",
            "target_id": 0,
            "party_type": party[0],
            "party_no": party[1],
            "applied_amount": left,
        }
    ]


def _party(book: ledger.Ledger, wish: Wish, parties: set[Pair]) -> Pair:
    """The party with whom something stays; UsageError where nobody says which one."""
    if wish.on_account:
        return named_party(book, wish.on_account)
    if len(parties) == 1:
        return next(iter(parties))
    why = "as no document names one" if not parties else f"the documents are of {len(parties)}"
    raise UsageError(f"--on-account: expected a party, {why}")
