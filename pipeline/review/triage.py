"""Each unsettled line becomes one exception item: why, candidates, what would settle it.

An own transfer whose other side stays away becomes one too, although it is posted.
"""

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

_ITEMS = {
    "line_id": pl.Int64, "reason": pl.String, "remaining": pl.Int64,
    "candidates": pl.String, "hint": pl.String, "opened_on": pl.Date,
    "currency": pl.String, "bank_account_no": pl.String,
}  # fmt: skip
HINTS = {
    "unknown_payer": "Name the party or book to an account; the payer is known from then on.",
    "ambiguous": "Several entries fit equally; choose one of the candidates.",
    "amount_differs": "The party or document is known, the amount fits nothing; apply by hand.",
    "party_without_entry": "The payer is known and owes nothing; put it on account or ask.",
    "party_differs": "The document belongs to another party than the payer's account; confirm it.",
    "document_closed": "The named document is closed; a double payment, or put it on account.",
    "reference_partly_paid": "Some of what the reference stands for was paid; accept what is left.",
    "duplicate_payment": "All that the reference stands for is paid; pay it back, or keep it.",
    "not_yet_posted": "The named document is posted after the booking date; confirm it.",
    "document_unknown": "The text names a document that the books do not have; load it first.",
    "discount_late": "An entry less a discount that is late; grant it, or leave the rest open.",
    "possible_transfer": "Looks like a transfer between our own accounts; confirm it.",
    "currency_differs": "The named document is in another currency; decide at which rate.",
    "other_purpose": "The text says that the money is no payment of an invoice; ask the payer.",
    "on_hold": "The entry is on hold at its source; release it there and load it again.",
    "source_conflict": "Amount, currency or party differ at the entry's source; settle it there, or"
    " end it: lettrage conflict list.",
    "party_blocked": "The party is blocked; release it, or decide this payment by hand.",
    "no_date": "The bank gave neither a booking nor a value date; ask for the statement again.",
    "overpayment": "More was paid than is open; confirm what stays on account.",
    "unannounced_debit": "Money out that nothing in the books explains; book it or dispute it.",
    "customer_refund": "A refund to a customer without a bank entry; confirm it.",
    "payee_account_unknown": "The payee's account is not on file for this vendor; check it first.",
    "check_amount_differs": "A bank entry of this number has another amount; check it.",
    "check_irregular": "The bank entry was stopped, voided or cleared before; ask the bank.",
    "possible_return": "The bank takes back an earlier line; un-apply the original.",
    "correction": "The bank corrects a line that it sent before; compare both.",
    "needs_approval": "Above a limit; a person accepts it, a second one where a person decided it.",
    "mapping_not_approved": "A mapping leads to an account; accept it, or let it be approved.",
    "low_confidence": "One answer leads but something is missing; accept it or choose another.",
    "rejected": "What was proposed was rejected; apply by hand, or accept what is proposed now.",
    "reversed": "A person reversed what was posted; apply by hand, or accept it once more.",
    "period_closed": "Its period is closed; reopen it, or accept to post on the first open day.",
    "gap": "A statement before it is missing and [policy] on_gap holds; ask the bank for it.",
    "mandate_on_hold": "Two debits of this mandate came back; clear it with the customer first.",
    "to_reconcile": "Confirms an open bank entry; lettrage reconcile ties it to the statement.",
    "tax_withheld": "Interest less a tax; split it: interest income gross, the tax negative.",
    "tax_unknown": "The taxes of an entry are not loaded; load entry-taxes, or accept without.",
    "policy_not_approved": "The policy is new; two people approve it: lettrage policy approve.",
    "transfer_one_sided": "The other side of this own transfer has not come; ask that bank for its"
    " statement, or take the line back: lettrage reverse.",
    "account_not_set": "An account of the settings is empty; set it in [accounts].",
}


def triage(lines: pl.DataFrame, proposals: pl.DataFrame, proposed: pl.DataFrame) -> pl.DataFrame:
    """A row a line: ``line_id, reason, remaining, candidates, hint, opened_on, currency, ...``.

    ``remaining`` is the line's amount in minor units; ``candidates`` JSON, at most five.
    """
    rows: dict[tuple[int, int], list[dict[str, Any]]] = {}
    wanted = lines.select("line_id")
    for row in proposed.join(wanted, on="line_id", how="semi").to_dicts():
        rows.setdefault((row["line_id"], row["rank"]), []).append(row)
    heads: dict[int, list[dict[str, Any]]] = {}
    for head in proposals.join(wanted, on="line_id", how="semi").sort("line_id", "rank").to_dicts():
        heads.setdefault(head["line_id"], []).append(head)
    items = []
    for line in lines.sort("line_id").to_dicts():
        own = heads.get(line["line_id"], [])
        reason = (own[0]["reason"] if own else "") or "unknown_payer"
        listed = [_candidate(head, rows.get((head["line_id"], head["rank"]), [])) for head in own]
        items.append(
            {
                "line_id": line["line_id"],
                "reason": reason,
                "remaining": line["amount"],
                "candidates": json.dumps(listed[:5], sort_keys=True),
                "hint": HINTS.get(reason, ""),
                "opened_on": line["booking_date"] or line["value_date"],
                "currency": line["currency"],
                "bank_account_no": line["bank_account_no"],
            }
        )
    return pl.DataFrame(items, schema=_ITEMS)


def late_sides(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Items as of ``triage``, of lines that are posted as own transfers of one side.

    ``rows``: ``line_id, bank_account_no, posting_date``, and ``amount, currency`` on the account of
    transfers, debit positive.
    """
    reason = "transfer_one_sided"
    items = [
        {
            "line_id": row["line_id"],
            "reason": reason,
            "remaining": -row["amount"],
            "candidates": "[]",
            "hint": HINTS[reason],
            "opened_on": row["posting_date"],
            "currency": row["currency"],
            "bank_account_no": row["bank_account_no"],
        }
        for row in rows
    ]
    return pl.DataFrame(items, schema=_ITEMS)


def _candidate(head: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **{name: head[name] for name in ("rank", "confidence", "rule", "party_type", "party_no")},
        **{name: head[name] for name in ("explanation", "evidence", "probability")},
        "targets": [
            {"target": row["target"], "id": row["target_id"], "applied": row["applied_amount"]}
            for row in rows
        ],
    }
