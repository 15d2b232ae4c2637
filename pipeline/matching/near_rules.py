"""Damaged and shortened numbers at a line's turn: what the amount confirms to the cent.

The payer must be known, by account, number, mandate or name, or by documents named in full beside
the damaged one. A word that may be several of the payer's open entries counts as none.
"""

import itertools
import re

from pipeline.domain.seen import saw
from pipeline.matching.amounts import Entry, Fit
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.document_rules import documents, held
from pipeline.matching.entry_rows import entry_rows, numbers, party_of
from pipeline.matching.near_words import ranges
from pipeline.matching.payer_rules import contradicted, fits_another, parties_of

_MOST_PIECES = 8
_OPEN_ENDED = ("document_part_payment", "document_discount_late", "document_overpayment")
_CLOSES = ("exact", "discount")


def by_number(case: Case, side: str) -> list[Answer]:
    """Documents as named; where they are not plainly paid, also what damaged numbers mean."""
    named = documents(case, side)
    if named and named[0].confidence == "high" and named[0].rule not in _OPEN_ENDED:
        return named
    return _near(case, side) + named


def _near(case: Case, side: str) -> list[Answer]:
    """The answer where damaged or shortened numbers explain what the full ones do not."""
    if not case.near:
        return []
    fits = [(p, *fit) for p in _parties(case, side) for fit in _fits(case, p, sole=True)]
    if not fits:
        return []
    if len(fits) > 1:
        return [_answer(case, *found, "ambiguous", "low") for found in fits[:5]]
    party, entries, fit = fits[0]
    doubt = _doubt(case, party, entries)
    return [_answer(case, party, entries, fit, doubt, "medium" if doubt else "high")]


def perhaps(case: Case, side: str) -> list[Answer]:
    """The question where a word may be several entries and the amount is that of one of them."""
    if not case.near:
        return []
    fits = [(p, *fit) for p in _parties(case, side) for fit in _fits(case, p, sole=False)]
    return [_answer(case, *fits[0], "ambiguous", "medium")] if len(fits) == 1 else []


def _answer(
    case: Case, party: Party, entries: list[Entry], fit: Fit, doubt: str, level: str
) -> Answer:
    full = [e for e in entries if e["entry_id"] in case.exact]
    meant = [e["document_no"] for e in entries if e["entry_id"] not in case.exact]
    near = ", ".join(meant[:5])
    evidence = saw("names_and_near", numbers(full), near) if full else saw("near", near)
    return Answer(level, f"near_{fit.rule}", doubt, party, entry_rows(fit, entries), evidence)


def _parties(case: Case, side: str) -> list[Party]:
    """The known payers, else the owners of what is named in full."""
    known = parties_of(case, side)
    return known or list(dict.fromkeys(party_of(e) for e in case.full if party_of(e)[0] == side))


def _doubt(case: Case, party: Party, entries: list[Entry]) -> str:
    if party in case.closed_of:
        return "document_closed"
    other = "party_differs" if contradicted(case, party) else ""
    other = other or ("ambiguous" if fits_another(case, party) else "")
    return held(case, entries, party) or other


def _fits(case: Case, party: Party, *, sole: bool) -> list[tuple[list[Entry], Fit]]:
    """Ways in which the amount pays what is named in full and some of what is meant, exactly."""
    full = [e for e in case.full if party_of(e) == party and _ready(case, e)]
    others = [e for e in case.full if party_of(e) != party]
    paid_elsewhere = others and (case.closing(others) or any(case.closing([e]) for e in others))
    if paid_elsewhere or case.in_text or (full and case.closing(full)):
        return []
    pieces = _pieces(case, party, {e["entry_id"] for e in full}, sole=sole)
    spanned = _spanned(case, party, full + pieces)
    sets = {tuple(e["entry_id"] for e in found): found for found in _chosen(full, pieces)}
    sets |= {tuple(e["entry_id"] for e in found): found for found in spanned}
    fits = [(found, case.closing(found)) for found in sets.values()]
    return [(found, fit) for found, fit in fits if fit and fit.rule in _CLOSES]


def _ready(case: Case, entry: Entry) -> bool:
    return bool(entry["remaining_amount"] and entry["currency"] == case.line["currency"])


def _pieces(case: Case, party: Party, full: set[int], *, sole: bool) -> list[Entry]:
    """Entries that a word means; ``sole``: and no other open one of the party.

    What is named in ``full`` is not meant once more by a piece.
    """
    meant: dict[str, dict[int, Entry]] = {}
    for entry, token, kind in case.near:
        mine = party_of(entry) == party and entry["entry_id"] not in full
        if kind != "range" and mine and _ready(case, entry):
            meant.setdefault(token, {})[entry["entry_id"]] = entry
    sure = [found for found in meant.values() if len(found) == 1 or not sole]
    pieces = {number: entry for found in sure for number, entry in found.items()}
    return [pieces[number] for number in sorted(pieces)]


def _chosen(full: list[Entry], pieces: list[Entry]) -> list[list[Entry]]:
    """All that is named in full with one or more of ``pieces``; with all where they are many."""
    if len(pieces) > _MOST_PIECES:
        return [_sorted([*full, *pieces])]
    return [
        _sorted([*full, *some])
        for count in range(1, len(pieces) + 1)
        for some in itertools.combinations(pieces, count)
    ]


def _sorted(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda e: int(e["entry_id"]))


def _spanned(case: Case, party: Party, ends: list[Entry]) -> list[list[Entry]]:
    """Open entries from one of ``ends`` to another, where the text joins the two as a range."""
    joined = ranges(case.line["text"])
    found = []
    for first, last in itertools.permutations(ends, 2):
        low, high = _number(first), _number(last)
        if _series(low) != _series(high) or (low[-3:], high[-2:]) not in joined:
            continue
        mine = [e for e in case.entries_of(party) if _ready(case, e)]
        numbers = [(e, _number(e)) for e in mine]
        between = [e for e, n in numbers if _series(n) == _series(low) and low <= n <= high]
        if len(between) > 2:
            found.append(_sorted(between))
    return found


def _number(entry: Entry) -> str:
    return re.sub(r"[^A-Z0-9]", "", entry["document_no"].upper())


def _series(number: str) -> tuple[str, int]:
    return re.sub(r"[0-9].*", "", number), len(number)
