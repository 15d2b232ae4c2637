"""Documents that a line names: what the amount settles of them, and what makes it a question."""

import re

from pipeline.domain import frames
from pipeline.domain.seen import Seen, saw
from pipeline.matching.amounts import (
    Entry,
    Fit,
    Share,
    charged,
    named,
    written_off,
)
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.entry_rows import entry_rows, gl_row, names, numbers, part_row, party_of
from pipeline.matching.remainders import nearly, others, remainder, rest
from pipeline.matching.text import LEFT_OUT


def documents(case: Case, side: str) -> list[Answer]:
    """The answers where the line names open documents of ``side``."""
    if not case.named:
        return []
    entries, bare = _named_entries(case, side)
    if not entries:
        return _by_digits(case, side)
    parties = {party_of(e) for e in entries}
    if len(parties) > 1:
        return _several_parties(case, entries)
    party = party_of(entries[0])
    evidence = names(entries)
    entries, fit = _fit(case, entries, bare)
    if fit is None:
        return _some(case, entries, party, evidence)
    doubt = doubtful(case, entries, party) or remainder(case, fit, entries, party)
    if not case.exact and (not fit.closes or fit.rule == "overpayment"):
        doubt = doubt or "amount_differs"  # bare digits may be an order or a postcode
    if doubt == "amount_differs" and fit.rule == "part_payment" and nearly(case, entries):
        fit = written_off(case.line["amount"], entries[0])
    level = "medium" if doubt else "high"
    rows = entry_rows(fit, entries)
    return [Answer(level, f"document_{fit.rule}", doubt, party, rows, evidence, strong=True)]


def _named_entries(case: Case, side: str) -> tuple[list[Entry], list[Entry]]:
    """Entries named in full, and those of the same party whose bare number stands in the text.

    A bare number counts only for a party that is known otherwise, or that the line names in full.
    Of several parties those of the payer count, unless only all of them are the amount.
    """
    known = set(case.by_account) or set(case.by_name)
    own = [
        e for e in case.named if e["party_type"] == side and e["currency"] == case.line["currency"]
    ]
    full = [e for e in own if e["entry_id"] in case.exact]
    mine = [e for e in full if party_of(e) in known]
    if mine and (case.closing(mine) or not _sums_exactly(case, full)):
        full = mine
    parties = {party_of(e) for e in full} or known
    bare = [e for e in own if e["entry_id"] not in case.exact and party_of(e) in parties]
    return (full, bare) if full else (bare, [])


def _sums_exactly(case: Case, entries: list[Entry]) -> bool:
    return bool(case.line["amount"] == sum(e["remaining_amount"] for e in entries))


def _by_digits(case: Case, side: str) -> list[Answer]:
    """Only digits stand in the text and nobody is known: one party that they pay exactly."""
    by_party: dict[Party, list[Entry]] = {}
    for entry in case.named:
        if entry["party_type"] == side and entry["currency"] == case.line["currency"]:
            by_party.setdefault(party_of(entry), []).append(entry)
    if case.by_account or case.by_name:
        return []
    fits = []
    for party in sorted(by_party):
        entries = by_party[party]
        fit = case.closing(entries)
        if fit:
            fits.append((party, entries, fit))
    level, reason = ("medium", "unknown_payer") if len(fits) == 1 else ("low", "ambiguous")
    return [
        Answer(level, "document_digits", reason, party, entry_rows(fit, entries), names(entries))
        for party, entries, fit in fits[:5]
    ]


def _fit(case: Case, full: list[Entry], bare: list[Entry]) -> tuple[list[Entry], Fit | None]:
    """What the amount settles: the full names if it closes them, else all numbers together.

    Where bare numbers stand beside full names and neither adds up, nothing is settled.
    """
    for entries in (full, full + bare) if bare else (full,):
        fit = case.closing(entries)
        if fit is not None:
            return entries, fit
    if bare:
        return full + bare, None
    whole = full + _without_number(case, full)
    if len(whole) > len(full) and _sums_exactly(case, whole):
        return whole, case.closing(whole)
    return full, named(case.line, full, case.charge_limit)


def _without_number(case: Case, entries: list[Entry]) -> list[Entry]:
    """What the party of ``entries`` owes by a bank line, such as the fee of a return.

    It has no number that a payer could name: who pays a document again adds it. None where another
    open entry is what the amount is too much.
    """
    left = rest(case, entries)
    beside = others(case, entries, party_of(entries[0]))
    bare = [
        e for e in beside
        if e["document_no"].startswith(frames.LINE_DOCUMENT) and e["remaining_amount"] * left > 0
    ]  # fmt: skip
    numbered = any(e["remaining_amount"] == left for e in beside if e not in bare)
    return [] if numbered else bare


def _some(case: Case, entries: list[Entry], party: Party, evidence: Seen) -> list[Answer]:
    """The amount closes one of the named entries, or one instalment of the one document."""
    fits = [(fit, e) for e in entries if (fit := case.closing([e]))]
    if len(fits) != 1:
        listed = [e for _, e in fits] or entries
        return [
            Answer("low", "documents", "ambiguous" if fits else "amount_differs", party,
                   [part_row(e, case.line["amount"])], evidence)
            for e in listed[:5]
        ]  # fmt: skip
    fit, entry = fits[0]
    one_document = len({e["document_no"] for e in entries}) == 1
    doubt = doubtful(case, [entry], party)
    if one_document and fit.rule == "exact" and not doubt:
        rows = entry_rows(fit, [entry])
        return [Answer("high", "document_instalment", "", party, rows, evidence, strong=True)]
    reason = doubt or "amount_differs"
    return [Answer("medium", "documents_some", reason, party, entry_rows(fit, [entry]), evidence)]


def _several_parties(case: Case, entries: list[Entry]) -> list[Answer]:
    """Full numbers of several parties: all together, or the one party whose documents fit."""
    by_party: dict[Party, list[Entry]] = {}
    for entry in entries:
        by_party.setdefault(party_of(entry), []).append(entry)
    fits = [(p, fit) for p in sorted(by_party) if (fit := case.closing(by_party[p]))]
    evidence = names(entries)
    whole = case.closing(entries)
    if whole and whole.rule == "exact" and not fits:
        known = set(case.by_account) or (set() if case.close_name else set(case.by_name))
        stranger = known and not known & set(by_party)
        doubt = _any_held(case, by_party) or ("party_differs" if stranger else "")
        level = "medium" if doubt else "high"
        rows = entry_rows(whole, entries)
        party = party_of(entries[0])
        return [Answer(level, "documents_of_several", doubt, party, rows, evidence, strong=True)]
    if not fits and (fee := _payout_fee(case, entries)):
        return [_payout(case, entries, by_party, fee)]
    if not fits:
        return [Answer("low", "tie", "ambiguous", evidence=saw("documents_of_several"))]
    level = "medium" if len(fits) == 1 else "low"
    return [
        Answer(level, "tie", "ambiguous", party, entry_rows(fit, by_party[party]), evidence)
        for party, fit in fits[:5]
    ]


def _payout_fee(case: Case, entries: list[Entry]) -> int:
    """What a payout for documents of several parties lacks, where the line states it as a fee."""
    line = case.line
    fee = sum(entry["remaining_amount"] for entry in entries) - int(line["amount"])
    return fee if fee > 0 and line["amount"] > 0 and charged(line, fee) else 0


def _payout(
    case: Case, entries: list[Entry], by_party: dict[Party, list[Entry]], fee: int
) -> Answer:
    """Documents of several parties paid by one line less a stated fee (marketplace, lockbox).

    The limit of bank charges holds for each document, as if it were paid alone.
    """
    shares = tuple(Share(e["entry_id"], e["remaining_amount"]) for e in entries)
    doubt = _any_held(case, by_party) or ("document_closed" if case.closed_documents else "")
    beyond = fee > len(entries) * case.charge_limit
    doubt = doubt or ("needs_approval" if beyond else "")
    rows = [*entry_rows(Fit("exact", shares), entries), gl_row("bank_charges", -fee)]
    evidence = saw("names_less_fee", numbers(entries))
    party = party_of(entries[0])
    level = "medium" if doubt else "high"
    return Answer(level, "documents_less_fee", doubt, party, rows, evidence, strong=True)


def _any_held(case: Case, by_party: dict[Party, list[Entry]]) -> str:
    """The first reason why entries of one of these parties may not be settled, else empty."""
    return next((why for p in sorted(by_party) if (why := held(case, by_party[p], p))), "")


def held(case: Case, entries: list[Entry], party: Party) -> str:
    """The reason code why these entries may not be settled by themselves, else empty."""
    if party in case.blocked:
        return "party_blocked"
    if any(entry["source_conflict"] for entry in entries):
        return "source_conflict"
    if any(entry["on_hold"] for entry in entries):
        return "on_hold"
    if any(entry["posting_date"] > case.line["booking_date"] for entry in entries):
        return "not_yet_posted"
    return "ambiguous" if re.search(LEFT_OUT, case.line["text"]) else ""


def doubtful(case: Case, entries: list[Entry], party: Party) -> str:
    """The reason code why named documents may not post themselves, else empty."""
    known = set(case.by_account) or (set() if case.close_name else set(case.by_name))
    other = bool(known) and party not in known and party not in case.in_text
    return held(case, entries, party) or ("party_differs" if other else "")
