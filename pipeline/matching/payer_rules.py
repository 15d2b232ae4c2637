"""The payer is known and no document is named: exactly one entry or one sum must fit."""

from pipeline.domain.seen import saw
from pipeline.matching.amounts import Entry, Fit, any_discount
from pipeline.matching.cases import Answer, Case, Party
from pipeline.matching.entry_rows import entry_rows, part_row, party_of
from pipeline.matching.oldest_first import oldest_first
from pipeline.matching.sums import MOST_FOR_SUMS, MOST_FOR_SURE_SUMS, net_sums, sums

_PLAIN = ("exact", "discount", "tolerance")
"""Ways in which an amount closes entries, the plainest first."""


def payer(case: Case, side: str) -> list[Answer]:
    """The answers where account, number, mandate or name tell the party of ``side``."""
    parties = parties_of(case, side)
    if not parties:
        return []
    if len(parties) > 1:
        return _tie_of_parties(case, parties)
    return of_party(case, parties[0])


def of_party(case: Case, party: Party) -> list[Answer]:
    """The answers where it is known that ``party`` pays or is paid."""
    entries = [e for e in case.entries_of(party) if e["remaining_amount"]]
    ready = [e for e in entries if _is_ready(case, e)]
    if not ready:
        return [_without_entry(case, party, entries)]
    found = _by_amount(case, party, ready)
    return found if doubt_of_payer(case, party) else oldest_first(case, party, ready, found)


def parties_of(case: Case, side: str) -> list[Party]:
    """The parties of ``side``; where an account is shared, those that the name tells too."""
    by_account = [p for p in case.by_account if p[0] == side]
    by_name = [p for p in case.by_name if p[0] == side]
    both = [p for p in by_account if p in by_name]
    return both or by_account or by_name


def _is_ready(case: Case, entry: Entry) -> bool:
    line = case.line
    return bool(
        entry["currency"] == line["currency"]
        and entry["posting_date"] <= line["booking_date"]
        and not entry["on_hold"]
    )


def doubt_of_payer(case: Case, party: Party) -> str:
    """The reason code why this party's entries may not be settled by amount, else empty."""
    if party in case.blocked:
        return "party_blocked"
    if case.closed_documents:
        return "document_closed"
    if case.unknown_documents:
        return "document_unknown"
    if contradicted(case, party):
        return "party_differs"
    return "ambiguous" if fits_another(case, party) else ""


def contradicted(case: Case, party: Party) -> bool:
    """Does a sure name, or a number in the text, tell another party than the account?"""
    sure_names = [] if case.close_name else [p for p in case.by_name if p[0] == party[0]]
    return bool(case.by_account and sure_names and party not in sure_names)


def fits_another(case: Case, party: Party) -> bool:
    """Is the amount an open entry of somebody else to whom the line may belong as well?

    One of another party whose digits or name stand in the text: who pays for a sister company
    writes these. Or one on the other side of the books, where the payer is customer and vendor.
    """
    other_side = [e for e in case.party_entries if e["party_type"] != party[0]]
    by_name = [e for p in case.others for e in case.entries_of(p) if e["remaining_amount"]]
    beside = (*case.named, *by_name, *other_side)
    others = [e for e in beside if party_of(e) != party and _is_ready(case, e)]
    return any(e["remaining_amount"] == case.line["amount"] for e in others)


def _by_amount(case: Case, party: Party, entries: list[Entry]) -> list[Answer]:
    line = case.line
    single = [(fit, e) for e in entries if (fit := case.closing([e]))]
    exact = [pair for pair in single if pair[0].rule == "exact"]
    summed = sums(line["amount"], entries)
    doubt = doubt_of_payer(case, party)
    many = len(entries) > MOST_FOR_SUMS  # no other sum can be ruled out
    level = "medium" if doubt or many or not case.surely(party) else "high"
    fits = exact or single
    if len(fits) == 1 and not summed:
        fit, entry = fits[0]
        if any(pair[0].rule == "discount" for pair in single if pair[1] is not entry) or net_sums(
            line["amount"], entries, line["value_date"], case.grace
        ):
            level, doubt = "medium", doubt or "ambiguous"
        rows = entry_rows(fit, [entry])
        return [Answer(level, f"party_{fit.rule}", doubt, party, rows, saw("one_fits"))]
    if not fits and not summed:
        return _by_net_sum(case, party, entries, level, doubt) or _nothing_fits(
            case, party, entries, doubt
        )
    if not fits and len(summed) == 1:
        chosen = [e for e in entries if e["entry_id"] in summed[0]]
        return [_sum(case, party, entries, chosen, level, doubt)]
    return _tie(party, [(fit, [e]) for fit, e in fits], entries, summed, case)


def _sum(
    case: Case, party: Party, entries: list[Entry], chosen: list[Entry], level: str, doubt: str
) -> Answer:
    """One sum of entries; among many entries some sum fits almost any amount."""
    if len(entries) > MOST_FOR_SURE_SUMS:
        level = "medium"
    fit = case.closing(chosen)
    rows = entry_rows(fit, chosen) if fit else []
    return Answer(level, "party_sum", doubt, party, rows, saw("one_sum"))


def _by_net_sum(
    case: Case, party: Party, entries: list[Entry], level: str, doubt: str
) -> list[Answer]:
    """One sum of entries, each less its discount in time."""
    found = net_sums(case.line["amount"], entries, case.line["value_date"], case.grace)
    if len(found) != 1:
        return []
    chosen = [e for e in entries if e["entry_id"] in found[0]]
    fit = case.closing(chosen)
    if fit is None:
        return []
    level = "medium" if 2 * len(entries) > MOST_FOR_SURE_SUMS else level
    rows = entry_rows(fit, chosen)
    return [Answer(level, "party_sum_discount", doubt, party, rows, saw("one_sum_discount"))]


def _tie(
    party: Party,
    fits: list[tuple[Fit, list[Entry]]],
    entries: list[Entry],
    summed: list[tuple[int, ...]],
    case: Case,
) -> list[Answer]:
    found = list(fits)
    for ids in summed:
        chosen = [e for e in entries if e["entry_id"] in ids]
        fit = case.closing(chosen)
        if fit:
            found.append((fit, chosen))
    found.sort(key=lambda way: _PLAIN.index(way[0].rule))
    return [
        Answer("low", "party_tie", "ambiguous", party, entry_rows(fit, chosen), saw("several_fit"))
        for fit, chosen in found[:5]
    ] or [Answer("low", "party_tie", "ambiguous", party, [], saw("several_sums"))]


def _nothing_fits(case: Case, party: Party, entries: list[Entry], doubt: str) -> list[Answer]:
    """No entry or sum fits: the entries nearest in amount are candidates."""
    amount = case.line["amount"]
    late = [
        e for e in entries if amount in (e["remaining_amount"] - d for d in any_discount(e))
    ]  # fmt: skip
    if len(late) == 1:
        rows = [part_row(late[0], amount)]
        reason = doubt or "discount_late"
        evidence = saw("one_late")
        return [Answer("medium", "party_discount_late", reason, party, rows, evidence)]
    alike = [e for e in entries if (e["remaining_amount"] > 0) == (amount > 0)]
    near = sorted(
        alike, key=lambda e: (abs(e["remaining_amount"] - amount), e["due_date"], e["entry_id"])
    )
    evidence = saw("nothing_fits")
    reason = doubt or "amount_differs"
    return [
        Answer("low", "party", reason, party, [part_row(e, amount)], evidence) for e in near[:5]
    ] or [Answer("low", "party", reason, party, [], evidence)]


def _tie_of_parties(case: Case, parties: list[Party]) -> list[Answer]:
    """Several parties have this account or name: those that an entry of theirs fits come first."""
    evidence = saw("several_payers")
    found = []
    for entry in case.party_entries:
        if party_of(entry) in parties and _is_ready(case, entry) and (fit := case.closing([entry])):
            rows = entry_rows(fit, [entry])
            found.append(Answer("low", "tie", "ambiguous", party_of(entry), rows, evidence))
    return found[:5] or [Answer("low", "tie", "ambiguous", evidence=evidence)]


def _without_entry(case: Case, party: Party, entries: list[Entry]) -> Answer:
    doubt = doubt_of_payer(case, party)
    if not doubt and any(e["on_hold"] for e in entries):
        doubt = "source_conflict" if any(e["source_conflict"] for e in entries) else "on_hold"
    wanted = case.policy["party_without_entry"] == "on_account" and case.line["amount"] > 0
    if wanted and not doubt and case.surely(party) and not entries:
        row = {"target": "on_account", "target_id": 0, "party_type": party[0],
               "party_no": party[1], "applied_amount": case.line["amount"]}  # fmt: skip
        return Answer("high", "party_on_account", "", party, [row], saw("no_open_entry"))
    return Answer("low", "party", doubt or "party_without_entry", party, [], saw("no_open_entry"))
