"""What a decision teaches: its payer's account, or name where no account is stated -> the party.

Money in only. Nothing is learnt from a payer who is known to pay for another party too, unless a
mapping says so: then both stand, and matching asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline import ledger
from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.ledger import mappings, reads
from pipeline.matching import payers
from pipeline.matching.books import own_accounts
from pipeline.matching.text import plain
from pipeline.matching.transfers import of_our_name
from pipeline.teaching import words

Row = dict[str, Any]
Line = Mapping[str, Any]
_SHORTEST = 6
_ASKED = {"line_id": pl.Int64, "counterparty_account": pl.String, "counterparty_name": pl.String}


@dataclass(frozen=True, slots=True)
class Lesson:
    """Mappings to write with a decision (by ``ledger.mappings.WHAT``), and why not where none."""

    mappings: tuple[Row, ...] = ()
    why_not: str = ""

    def told(self, book: ledger.Ledger, *, waits: bool = False) -> Row:
        """What the receipt of the decision says, once it is written; ``waits``: for a second."""
        if waits:
            later = [words.sentence(row) for row in self.mappings]
            return {"remembered_once_accepted": later} if later else {}
        said = []
        for row in self.mappings:
            own = [m["mapping_no"] for m in mappings.states(book) if _is(m, row)]
            said += [f"mapping {number}: {words.sentence(row)}" for number in own[-1:]]
        found: Row = {"remembered": said} if said else {}
        return found | ({"not_remembered": self.why_not} if self.why_not else {})


def _is(state: Row, said: Row) -> bool:
    return state["action"] != "remove" and all(state[name] == said[name] for name in mappings.WHAT)


def of_decision(book: ledger.Ledger, line: Line, rows: list[Row], settings: Settings) -> Lesson:
    """What the decision that ``rows`` explain ``line`` teaches about its payer.

    Nothing where the payer is ourselves, as at a cash deposit.
    """
    parties = {(row["party_type"], row["party_no"]) for row in rows if row.get("party_no")}
    if len(parties) != 1 or line["amount"] <= 0 or line["is_reversal"]:
        return Lesson()
    party = parties.pop()
    ours = of_our_name([dict(line)], settings.company["name"])
    if party[0] not in ("customer", "vendor") or ours:
        return Lesson()
    kind = "payer_account" if line["counterparty_account"] else "payer_name"
    pattern = " ".join(line[kind.replace("payer", "counterparty")].split())
    said = _mapping(kind, pattern, party, "in")
    owners = _on_file(book, line, kind)
    if owners is None or party in owners:
        return Lesson()
    standing = [m for m in mappings.standing(book) if words.same(m, said)]
    taught = {(m["target_type"], m["target_no"]) for m in standing}
    if party in taught:
        return Lesson()
    before = mappings.paid_before(book, line["counterparty_account"], line["counterparty_name"])
    if ((before | owners) - {party}) and not standing:
        text = f"this {words.KINDS[kind]} pays for another party too; lettrage mapping add does it"
        return Lesson(why_not=text)
    return Lesson((said,))


def _on_file(book: ledger.Ledger, line: Line, kind: str) -> set[tuple[str, str]] | None:
    """The parties that have this payer on file; None where it tells nobody: too short, or ours."""
    parties = reads.parties(book)
    asked = pl.DataFrame([{name: line[name] for name in _ASKED}], schema=_ASKED)
    if kind == "payer_account":
        account = asked.select(plain(pl.col("counterparty_account"))).item()
        if len(account) < _SHORTEST or account in own_accounts(reads.bank_accounts(book)):
            return None
        found = payers.accounts(asked, parties)
    else:
        known = payers.known_names(parties)
        names = payers.asked_names(asked)
        if names.is_empty() or not payers.common_words(names["key"], known).is_empty():
            return None
        found = payers.by_name(names, known).filter(pl.col("how") == "name")
    return set(found.select("party_type", "party_no").rows())


def of_text(book: ledger.Ledger, line: Line, rows: list[Row], text: str) -> Lesson:
    """``text`` of the line -> the one account or party to which ``rows`` book it, on this side.

    UsageError where they lead to several, or pay money out to a customer: nothing leads there.
    """
    side = "out" if line["amount"] < 0 else "in"
    said = _mapping("text", words.checked("text", text), _whole(rows, side), side)
    held = f" {words.key('text', line['text'])} "
    if f" {words.key('text', text)} " not in held:
        raise UsageError(f"--remember {text!r}: the text of the line does not contain these words")
    again = any(_is(m, said | {"amount_limit": m["amount_limit"], "currency": m["currency"]})
                for m in mappings.standing(book) if words.same(m, said))  # fmt: skip
    return Lesson() if again else Lesson((said,))


def _whole(rows: list[Row], side: str) -> tuple[str, str]:
    """The account (``gl``) or the party to which all of a line goes."""
    led = {
        ("gl", row["gl_account"]) if row["target"] == "gl" else
        (row.get("party_type", ""), row.get("party_no", ""))
        for row in rows
    }  # fmt: skip
    kinds = ("gl", "vendor") if side == "out" else ("gl", "customer", "vendor")
    if len(led) != 1 or next(iter(led))[0] not in kinds:
        raise UsageError(
            "--remember: expected the whole line on one account, or of one party (money out: of"
            " one vendor)"
        )
    return led.pop()


def _mapping(kind: str, pattern: str, party: tuple[str, str], side: str) -> Row:
    what = {"kind": kind, "pattern": pattern, "target_type": party[0], "target_no": party[1]}
    return {**what, "side": side, "amount_limit": None, "currency": ""}
