"""What a person's word names in the books: a party, a G/L account."""

import difflib

import polars as pl

from pipeline import ledger
from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.ledger import decisions, reads


def gl_account(book: ledger.Ledger, word: str, settings: Settings) -> str:
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


def named_party(book: ledger.Ledger, word: str) -> tuple[str, str]:
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
