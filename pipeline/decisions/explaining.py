"""From a wish to the rows that explain a whole line: documents here, the rest in ``accounts``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline import ledger
from pipeline.config import Settings
from pipeline.decisions.accounts import account_rows, on_account_rows
from pipeline.decisions.giving_up import closed_by_accounts
from pipeline.decisions.wish import Line, Pair, Row, Wish, signed
from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.ledger import chosen
from pipeline.matching import by_hand
from pipeline.matching.stated_amount import stated


@dataclass(frozen=True, slots=True)
class Explained:
    """The rows that explain a whole line, and what they write off beyond the rules."""

    rows: list[Row]
    written_off: int = 0
    party: Pair = ("", "")


def explain(book: ledger.Ledger, line: Line, wish: Wish, settings: Settings) -> Explained:
    """The rows of a wish; UsageError says what is unknown, ambiguous or left over."""
    entries, rows = _documents(book, line, wish.documents)
    beyond = 0
    if entries:
        terms = _terms(line, entries, wish)
        settled = by_hand.settle(line, list(entries.values()), terms, settings)
        if settled is None or _spread(settled.rows, wish):
            raise UsageError(_no_rule(line, list(entries.values())))
        _within(entries, settled.rows, line)
        rows, beyond = settled.rows + rows, settled.written_off
    rows += account_rows(book, line, wish, rows, settings)
    rows += on_account_rows(book, line, wish, rows, settings)
    left = line["amount"] - sum(row["applied_amount"] for row in rows)
    if left or not rows:
        text = money.text(left, line["currency"])
        raise UsageError(
            f"{text} {line['currency']} of the line is not explained; add a document, --account"
            " ACCOUNT=AMOUNT or --on-account"
        )
    beyond += closed_by_accounts(rows, line, settings)
    parties = _parties(rows)
    if beyond and len(parties) > 1:
        raise UsageError(
            f"something is given up for one of {len(parties)} parties; decide that party alone"
        )
    return Explained(rows, beyond, parties[0] if len(parties) == 1 else ("", ""))


def _parties(rows: list[Row]) -> list[Pair]:
    return sorted({(row["party_type"], row["party_no"]) for row in rows if row.get("party_no")})


def _spread(rows: list[Row], wish: Wish) -> bool:
    """Would a difference of all together fall on one of several parties, which nobody said?"""
    said = any(amount for _, amount in wish.documents) or wish.charges or wish.write_offs
    return not said and len(_parties(rows)) > 1 and any(row["difference_amount"] for row in rows)


def _documents(
    book: ledger.Ledger, line: Line, pairs: Iterable[Pair]
) -> tuple[dict[str, Row], list[Row]]:
    """Entries by the word that names them, and the rows of bank entries."""
    entries: dict[str, Row] = {}
    rows: list[Row] = []
    for word, amount in pairs:
        kind, found = _one(book, line, word)
        if kind == "bank_entry":
            rows.append(_bank_row(line, found, word, amount))
        elif any(found["entry_id"] == known["entry_id"] for known in entries.values()):
            raise UsageError(f"{word}: named twice")
        else:
            entries[word] = found
    return entries, rows


def _one(book: ledger.Ledger, line: Line, word: str) -> tuple[str, Row]:
    """The one open entry or bank entry of a word: NUMBER, PARTY/NUMBER, bank:NUMBER, entry:ID."""
    found: list[tuple[str, Row]] = []
    number = word.removeprefix("bank:")
    own = word.removeprefix("entry:")
    if own != word and own.isascii() and own.isdecimal() and len(own) < 16:
        found += [("entry", row) for row in chosen.entries(book, [int(own)]).to_dicts()]
    banks = chosen.bank_entries_named(book, line["bank_account_no"], number)
    found += [("bank_entry", row) for row in banks.to_dicts()]
    if number == word and not found:
        entries = chosen.entries_named(book, word)
        if entries.is_empty() and "/" in word:
            party, _, rest = word.partition("/")
            entries = chosen.entries_named(book, rest).filter(pl.col("party_no") == party)
        found += [("entry", row) for row in entries.to_dicts()]
    fitting = [pair for pair in found if pair[1]["currency"] == line["currency"]]
    if not fitting and stated(line):
        fitting = [pair for pair in found if pair[1]["currency"] == line["original_currency"]]
    if not found:
        raise UsageError(f"{word}: no open entry or bank entry has this number")
    if not fitting:
        codes = ", ".join(sorted({row["currency"] for _, row in found}))
        raise UsageError(f"{word}: is in {codes}, the line in {line['currency']}")
    if len(fitting) > 1:
        names = ", ".join(_name(kind, row) for kind, row in fitting[:5])
        raise UsageError(f"{word}: several are open: {names}; name one so")
    return fitting[0]


def _name(kind: str, row: Row) -> str:
    if kind == "bank_entry":
        return f"bank:{row['entry_no']}"
    return f"{row['party_no']}/{row['document_no']}"


def _bank_row(line: Line, entry: Row, word: str, amount: str) -> Row:
    applied = signed(word, amount, line["currency"], entry["remaining_amount"])
    if not amount:
        applied = entry["remaining_amount"]
    if applied * entry["remaining_amount"] <= 0 or abs(applied) > abs(entry["remaining_amount"]):
        open_text = money.text(entry["remaining_amount"], line["currency"])
        raise UsageError(f"{word}={amount}: expected at most {open_text}, which is open")
    return {
        "target": "bank_entry",
        "target_id": entry["bank_entry_id"],
        "applied_amount": applied,
        "entry_amount": applied,
    }


def _terms(line: Line, entries: Mapping[str, Row], wish: Wish) -> by_hand.Terms:
    given = {word: amount for word, amount in wish.documents if amount}
    currency = line["currency"]

    def amounts(pairs: Iterable[Pair], option: str) -> dict[int, int]:
        found = {}
        for word, amount in pairs:
            name = word or (next(iter(entries)) if len(entries) == 1 else "")
            if name not in entries:
                raise UsageError(f"{option} {word}={amount}: expected DOCUMENT=AMOUNT")
            entry = entries[name]
            found[entry["entry_id"]] = signed(name, amount, currency, entry["remaining_amount"])
        return found

    differences = {
        number: (kind, amount)
        for kind, pairs, option in (
            ("bank_charge", wish.charges, "--charges"),
            ("write_off", wish.write_offs, "--write-off"),
        )
        for number, amount in amounts(pairs, option).items()
    }
    return by_hand.Terms(
        amounts([(w, a) for w, a in given.items() if w in entries], "--to"),
        amounts(wish.discounts, "--discount"),
        differences,
    )


def _within(entries: Mapping[str, Row], rows: list[Row], line: Line) -> None:
    """No entry is settled beyond what is open of it, or the wrong way round."""
    own = {entry["entry_id"]: (word, entry) for word, entry in entries.items()}
    for row in rows:
        word, entry = own[row["target_id"]]
        remaining, settled = entry["remaining_amount"], row["entry_amount"]
        if settled * remaining <= 0 or abs(settled) > abs(remaining):
            currency = line["currency"]
            raise UsageError(
                f"{word}: {money.text(settled, currency)} would be settled, open is"
                f" {money.text(remaining, currency)} {currency}"
            )


def _no_rule(line: Line, entries: list[Row]) -> str:
    code = line["original_currency"]
    if any(entry["currency"] != line["currency"] for entry in entries):
        return (
            f"the bank states {money.text(abs(stated(line)), code)} {code}; expected"
            f" documents in {code} of which exactly that is open, without --to DOCUMENT=AMOUNT,"
            " discount, charges or write-off"
        )
    whole = money.text(sum(entry["remaining_amount"] for entry in entries), line["currency"])
    return (
        f"the line is {money.text(line['amount'], line['currency'])}, open of the documents is"
        f" {whole} {line['currency']}; say how much each gets: --to DOCUMENT=AMOUNT"
    )
