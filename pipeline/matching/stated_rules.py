"""Documents of another currency than the line's, of which the bank states the original amount.

What was sent, in the currency in which it was sent, is compared to the cent with what is open. The
line's own amount says what arrived; both are the rate (accounting rules, section 1).
"""

from dataclasses import replace
from typing import Any

from pipeline.domain.seen import Seen, saw
from pipeline.matching.amounts import Entry
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.document_rules import doubtful
from pipeline.matching.entry_rows import names, party_of
from pipeline.matching.payer_rules import doubt_of_payer, parties_of, payer
from pipeline.matching.stated_amount import shared, stated
from pipeline.matching.sums import MOST_FOR_SUMS, sums

_CURRENCY = "currency_differs"


def by_stated_amount(case: Case, side: str) -> list[Answer]:
    """The answer where named documents of ``side`` are in other currencies than the line.

    They post where the stated amount is exactly what is open of all of them; else they wait.
    """
    entries = [e for e in case.full if e["currency"] != case.line["currency"]]
    if not entries:
        return []
    party = party_of(entries[0])
    rows = shared(case.line, entries)
    if not rows or party[0] != side or {party_of(e) for e in entries} != {party}:
        return [Answer("low", "other_currency", _CURRENCY, party, [], names(entries))]
    doubt = doubtful(case, entries, party)
    return [_answer(case, "document_original", party, rows, doubt, names(entries))]


def by_payer(case: Case, side: str) -> list[Answer]:
    """The payer is known: the one entry of the stated amount, or what the line's own amount says.

    Where both amounts fit something it is a question.
    """
    found = payer(case, side)
    entry = _only_entry(case, side)
    if entry is None:
        return found
    party = party_of(entry)
    why = doubt_of_payer(case, party) or ("" if case.surely(party) else "ambiguous")
    sure = found[0].confidence == "high" and found[0].rule != "party_oldest"
    told = saw("one_stated")
    best = _answer(case, "party_original", party, shared(case.line, [entry]),
                   why or ("ambiguous" if sure else ""), told)  # fmt: skip
    if sure:
        return [replace(found[0], confidence="medium", reason="ambiguous"), best, *found[1:]]
    return [best, *(answer for answer in found if answer.rows)]


def _only_entry(case: Case, side: str) -> Entry | None:
    """The one open entry of the one payer that is the stated amount; no sum of others may be."""
    parties = parties_of(case, side)
    whole = stated(case.line)
    if not whole or len(parties) != 1:
        return None
    day, code = case.line["booking_date"], case.line["original_currency"]
    ready = [
        e for e in case.entries_of(parties[0])
        if e["remaining_amount"] and e["currency"] == code and e["posting_date"] <= day
        and not e["on_hold"]
    ]  # fmt: skip
    alike = [e for e in ready if e["remaining_amount"] == whole]
    others = len(ready) > MOST_FOR_SUMS or sums(whole, ready)
    return alike[0] if len(alike) == 1 and not others else None


def _answer(
    case: Case, rule: str, party: Party, rows: list[dict[str, Any]], why: str, evidence: Seen
) -> Answer:
    why = why or (_CURRENCY if case.line["charges"] else "")  # in which currency nobody says
    level, strong = "medium" if why else "high", rule == "document_original"
    return Answer(level, rule, why, party, rows, evidence, strong=strong)
