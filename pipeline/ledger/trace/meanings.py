"""What a reference may mean: ``RE-1001``, ``DE-EUR/211/3``, a hash, a number, or one with its kind.

Each meaning has an exact form, its kind and a colon before it, that means nothing else.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipeline.ledger.reading import Snapshot, quoted

SHORTEST_HASH = 8
"""Of a hash so many characters, or more, name what has it."""
SHOWN = 20
"""So many meanings of each kind are looked for."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing of the ledger: ``exact`` names it, ``text`` tells it to people.

    ``seed`` is the table, ``where`` the SQL condition on its rows with which the trace begins.
    """

    kind: str
    exact: str
    text: str
    seed: str
    where: str


def meanings(books: Snapshot, ref: str) -> list[Meaning]:
    """Everything that ``ref`` may mean, in the order of ``KINDS``; at most 20 of each kind."""
    kind, colon, name = ref.partition(":")
    if colon and kind in KINDS:
        return _one_each(KINDS[kind](books, name))
    return _one_each(found for look in KINDS.values() for found in look(books, ref))


def _one_each(found: Iterable[Meaning]) -> list[Meaning]:
    """What has the same exact form is one thing, as the pages of a statement are."""
    kept: dict[str, Meaning] = {}
    for meaning in found:
        known = kept.get(meaning.exact)
        where = f"{known.where} OR {meaning.where}" if known else meaning.where
        kept[meaning.exact] = replace(meaning, where=where)
    return list(kept.values())


def _rows(books: Snapshot, sql: str) -> list[tuple[Any, ...]]:
    return books.rows(f"{sql} LIMIT {SHOWN}")


def _documents(books: Snapshot, name: str) -> Iterator[Meaning]:
    """``[PARTY/]NUMBER``, where the number is ours, theirs or the payment reference.

    Exactly: party type, party, document type and number.
    """
    party, slash, number = name.partition("/")
    named = [f"e.{column} = {quoted(name)}" for column in _NUMBERS]
    if slash:
        own = " OR ".join(f"e.{column} = {quoted(number)}" for column in _NUMBERS)
        named += [f"(e.party_no = {quoted(party)} AND ({own}))", f"{_EXACT} = {quoted(name)}"]
    sql = (
        "SELECT e.party_type, e.party_no, e.document_type, e.document_no, min(e.posting_date) AS"
        f" day FROM entry e WHERE {' OR '.join(named)} GROUP BY e.party_type, e.party_no,"
        " e.document_type, e.document_no ORDER BY e.document_no, e.party_type, e.party_no,"
        " e.document_type"
    )
    names = ("party_type", "party_no", "document_type", "document_no")
    for *key, day in _rows(books, sql):
        where = " AND ".join(
            f"{column} = {quoted(value)}" for column, value in zip(names, key, strict=True)
        )
        text = f"{key[2]} {key[3]} of {key[0]} {key[1]}, {day}"
        yield Meaning("document", f"document:{'/'.join(key)}", text, "entry", f"({where})")


_EXACT = "e.party_type || '/' || e.party_no || '/' || e.document_type || '/' || e.document_no"
_NUMBERS = ("document_no", "external_document_no", "payment_reference")


def _payment_parts(books: Snapshot, name: str) -> Iterator[Meaning]:
    """A reference of a statement's payment part, with or without its blanks."""
    reference = quoted(name.replace(" ", "").upper())
    sql = (
        "SELECT p.payment_reference, p.party_no, p.entries FROM payment_part p WHERE"
        f" p.payment_reference = {reference}"
    )
    for found, number, count in _rows(books, sql):
        text = f"payment part of customer {number} over {count} entries"
        own = "SELECT r.entry_id FROM payment_part_entry r WHERE r.payment_reference ="
        where = f"id IN ({own} {reference})"
        yield Meaning("payment-reference", f"payment-reference:{found}", text, "entry", where)


def _parties(books: Snapshot, name: str) -> Iterator[Meaning]:
    """``[TYPE/]NUMBER``: all entries of a customer or vendor, and what changed of their data."""
    sql = (
        "SELECT p.party_type, p.party_no FROM party p WHERE p.party_no ="
        f" {quoted(name)} OR p.party_type || '/' || p.party_no = {quoted(name)}"
        " ORDER BY p.party_type, p.party_no"
    )
    for kind, number in _rows(books, sql):
        where = f"(party_type = {quoted(kind)} AND party_no = {quoted(number)})"
        yield Meaning("party", f"party:{kind}/{number}", f"{kind} {number}", "entry", where)


def _bank_entries(books: Snapshot, name: str) -> Iterator[Meaning]:
    """``[ACCOUNT/]NUMBER``: what the books show on a bank account, by any number that it has."""
    columns = ("entry_no", "document_no", "check_no", "batch_no", "end_to_end_id")
    own = " OR ".join(f"b.{column} = {quoted(name)}" for column in columns)
    sql = (
        "SELECT b.id, b.bank_account_no, b.entry_no, b.posting_date, b.entry_type FROM bank_entry b"
        f" WHERE {own} OR b.bank_account_no || '/' || b.entry_no = {quoted(name)}"
        " ORDER BY b.bank_account_no, b.entry_no"
    )
    for number, account, entry_no, day, kind in _rows(books, sql):
        text = f"bank entry {entry_no} on {account}, {kind} of {day}"
        exact = f"bank-entry:{account}/{entry_no}"
        yield Meaning("bank-entry", exact, text, "bank_entry", f"id = {number}")


def _lines(books: Snapshot, name: str) -> Iterator[Meaning]:
    """``ACCOUNT/STATEMENT[@DATE]/LINE``, or a reference of the bank or of the payer."""
    before, _, last = name.rpartition("/")
    own = [f"l.{column} = {quoted(name)}"
           for column in ("bank_reference", "end_to_end_id", "customer_reference")]  # fmt: skip
    if before and _is_number(last):
        own.append(f"(l.line_no = {int(last)} AND {quoted(before)} IN ({_PLACE}, {_DATED}))")
    sql = (
        f"SELECT l.line_id, l.line_no, {_PLACE} AS place, {_DATED} AS dated,"
        " coalesce(l.booking_date, l.value_date) AS day FROM statement_line l JOIN statement s ON"
        f" s.id = l.statement_id WHERE s.status <> 'replaced' AND ({' OR '.join(own)})"
        " ORDER BY day, dated, l.line_id"
    )
    for line_id, line_no, place, dated, day in _rows(books, sql):
        text = f"line {place}/{line_no}, booked {day}"
        where = f"line_id = {line_id}"
        yield Meaning("line", f"line:{dated}/{line_no}", text, "statement_line", where)


def _statements(books: Snapshot, name: str) -> Iterator[Meaning]:
    """``[ACCOUNT/]STATEMENT[@DATE]``, the day on which it closes."""
    sql = (
        f"SELECT s.id, {_PLACE} AS place, {_DATED} AS dated, s.status FROM statement s WHERE"
        f" s.statement_no <> '' AND s.status <> 'replaced' AND {quoted(name)} IN"
        f" (s.statement_no, {_PLACE}, {_DATED}) ORDER BY dated, s.id"
    )
    for number, place, dated, status in _rows(books, sql):
        text = f"statement {place}, {status}"
        yield Meaning("statement", f"statement:{dated}", text, "statement", f"id = {number}")


_PLACE = "coalesce(s.bank_account_no, '') || '/' || s.statement_no"
_DATED = f"{_PLACE} || '@' || coalesce(s.to_date, '')"


def _journal_entries(books: Snapshot, name: str) -> Iterator[Meaning]:
    if not _is_number(name):
        return
    sql = f"SELECT no, kind, posting_date FROM journal_entry WHERE no = {int(name)}"
    for number, kind, day in _rows(books, sql):
        text = f"journal entry {number}, {kind} of {day}"
        yield Meaning("journal", f"journal:{number}", text, "journal_entry", f"no = {number}")


def _registers(books: Snapshot, name: str) -> Iterator[Meaning]:
    own = _begins("s.hash", name)  # which may be of digits alone, as a number is
    if _is_number(name):
        own += f" OR s.register_no = {int(name)}"
    sql = (
        "SELECT r.no, r.kind, r.actor FROM register r JOIN register_seal s ON s.register_no ="
        f" r.no WHERE {own} ORDER BY r.no"
    )
    for number, kind, actor in _rows(books, sql):
        text = f"register {number}, {kind} by {actor}"
        yield Meaning("register", f"register:{number}", text, "register", f"no = {number}")


def _files(books: Snapshot, name: str) -> Iterator[Meaning]:
    own = f"name = {quoted(name)} OR {_begins('sha256', name)}"
    sql = f"SELECT sha256, name FROM feed_file WHERE {own} ORDER BY sha256"
    for sha256, file in _rows(books, sql):
        where = f"sha256 = {quoted(sha256)}"
        yield Meaning(
            "file", f"file:{sha256}", f"bank file {file}, {sha256[:12]}", "feed_file", where
        )


def _exceptions(books: Snapshot, name: str) -> Iterator[Meaning]:
    if not _is_number(name):
        return
    sql = f"SELECT id, line_id, reason FROM exception_item WHERE id = {int(name)}"
    for number, line_id, reason in _rows(books, sql):
        text = f"exception {number}, {reason}"
        where = f"line_id = {line_id}"
        yield Meaning("exception", f"exception:{number}", text, "statement_line", where)


KINDS: dict[str, Callable[[Snapshot, str], Iterator[Meaning]]] = {
    "document": _documents,
    "payment-reference": _payment_parts,
    "party": _parties,
    "bank-entry": _bank_entries,
    "line": _lines,
    "statement": _statements,
    "journal": _journal_entries,
    "register": _registers,
    "exception": _exceptions,
    "file": _files,
}
"""What can be traced, by the word that stands before the colon."""


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 16


def _begins(column: str, name: str) -> str:
    """True where a hash begins with ``name``; never for a name that is too short."""
    digits = name.lower()
    if len(digits) < SHORTEST_HASH or set(digits) - set("0123456789abcdef"):
        return "1 = 0"
    return f"substr({column}, 1, {len(digits)}) = {quoted(digits)}"
