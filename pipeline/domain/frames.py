"""The declared schemas of the frames that carry business data in bulk between the stages.

All amounts are Int64 minor units of the row's currency. Text is never null: empty means unknown.
Dates may be null where the source has none. Names that end in ``_company`` are amounts in the
company's currency: null while there is no value, and in its own currency, where the amount is it.
"""

from typing import Any

import polars as pl

Schema = dict[str, Any]

LINE_DOCUMENT = "LINE/"  # what a line leaves with a party is the document LINE/account/line key

_T, _N, _D, _B = pl.String, pl.Int64, pl.Date, pl.Boolean

FEED_LINES: Schema = {
    "line_no": _N,  # ordinal in the statement, from 1
    "booking_date": _D,  # :61: entry date, OFX DTPOSTED (local date as printed)
    "value_date": _D,
    "amount": _N,  # money in > 0; RC lowers, RD raises
    "is_reversal": _B,  # RC or RD
    "type_code": _T,  # NTRF, N051, OFX TRNTYPE
    "bank_reference": _T,  # :61: after //, OFX FITID
    "customer_reference": _T,  # :61: before //, OFX REFNUM
    "check_no": _T,
    "counterparty_name": _T,
    "counterparty_account": _T,  # IBAN or account as written, no blanks
    "text": _T,  # remittance text, one blank between pieces
    "payment_reference": _T,  # a structured creditor reference, compact, check digits right
    "end_to_end_id": _T,
    "mandate_id": _T,
    "creditor_id": _T,
    "business_code": _T,  # German GVC, BTC
    "charges": _N,  # stated charges, magnitude, 0 if none
    "original_amount": _N,  # stated original amount, magnitude, 0 if none
    "original_currency": _T,
    "corrects": _T,  # OFX CORRECTFITID
    "raw": _T,  # the line's raw text
}

LINES: Schema = {  # a stored line that is not settled yet, as matching and posting see it
    "line_id": _N,
    "line_key": _T,  # what the line is within its account, whenever and in whatever file it came
    "bank_account_no": _T,
    "statement_no": _T,
    "currency": _T,
    **{name: kind for name, kind in FEED_LINES.items() if name != "raw"},
}

ENTRIES: Schema = {  # open customer and vendor entries
    "entry_id": _N,
    "party_type": _T,  # customer | vendor
    "party_no": _T,
    "document_type": _T,
    "document_no": _T,
    "instalment": _N,
    "posting_date": _D,
    "due_date": _D,
    "currency": _T,
    "amount": _N,
    "remaining_amount": _N,
    "external_document_no": _T,
    "payment_reference": _T,
    "discount_date": _D,
    "discount_amount": _N,  # sign of the entry, gross of tax
    "discount_tolerance_date": _D,
    "discount_date_2": _D,
    "discount_amount_2": _N,
    "on_hold": _B,  # also true for a source_conflict
    "source_conflict": _B,  # its source states other amounts than the ledger
    "mandate_id": _T,
    "control_account": _T,
}

REFERENCES: Schema = {  # own references of customers and vendors, of entries open and closed
    "entry_id": _N,
    "your_reference": _T,
}

PAYMENT_PARTS: Schema = {  # what a payment part of a statement stands for, a row an entry
    "payment_reference": _T,
    "party_type": _T,
    "party_no": _T,
    "currency": _T,
    "entry_id": _N,
    "amount": _N,  # what was open of the entry, its sign
}

NAMED_PARTS: Schema = {  # what references stand for, with the entries as they are now
    "payment_reference": _T,
    "stated_amount": _N,  # what was open of the entry when the part was made
    **ENTRIES,
}

BANK_ENTRIES: Schema = {  # open bank entries
    "bank_entry_id": _N,
    "bank_account_no": _T,
    "entry_no": _T,
    "posting_date": _D,
    "amount": _N,  # money in > 0
    "remaining_amount": _N,
    "currency": _T,
    "entry_type": _T,
    "document_no": _T,
    "check_no": _T,
    "description": _T,
    "party_type": _T,
    "party_no": _T,
    "batch_no": _T,
    "end_to_end_id": _T,
    "mandate_id": _T,
    "status": _T,  # open | stopped | voided | cleared
}

ENTRY_TAXES: Schema = {  # how an entry is taxed; what no code covers is a row of its own
    "entry_id": _N,
    "tax_code": _T,  # empty for what no code covers
    "rate": _T,  # per cent, as loaded
    "gl_account": _T,  # takes the tax of a discount: the discount's tax account, else the tax's
    "base_amount": _N,  # sign of the entry
    "tax_amount": _N,
}

APPLIED_TAXES: Schema = {  # shares of applications that nothing undid
    "entry_id": _N,
    "application": _N,  # its place among those of the entry
    "entry_amount": _N,  # of the application
    "discount_amount": _N,
    "difference_amount": _N,
    "part": _T,
    **{name: ENTRY_TAXES[name] for name in ("tax_code", "rate", "gl_account", "base_amount",
                                            "tax_amount")},
}  # fmt: skip

PARTIES: Schema = {
    "party_type": _T,
    "party_no": _T,
    "name": _T,
    "name_2": _T,
    "ibans": pl.List(_T),
    "aliases": pl.List(_T),
    "project_parent": _T,  # the customer above it in its group
    "blocked": _B,
    "control_account": _T,
}

MAPPINGS: Schema = {  # what people taught, as it stands
    "mapping_no": _N,
    "kind": _T,  # payer_account | payer_name | text
    "pattern": _T,  # as written
    "target_type": _T,  # customer | vendor | gl
    "target_no": _T,
    "side": _T,  # in | out | both: money in, money out
    "amount_limit": _N,  # magnitude up to which it posts to an account by itself; null: none
    "currency": _T,  # of the limit, else empty
    "approved": _B,  # by a second person, as it stands
}

BANK_ACCOUNTS: Schema = {
    "bank_account_no": _T,
    "name": _T,
    "currency": _T,
    "iban": _T,
    "account_ids": pl.List(_T),
    "gl_account": _T,
    "transit_account": _T,
    "reconcile": _T,
}

PROPOSALS: Schema = {  # one row a line and rank; rank 1 is the answer, the others are candidates
    "line_id": _N,
    "rank": _N,
    "confidence": _T,  # none | low | medium | high | manual | accepted
    "rule": _T,
    "reason": _T,  # exception reason code when it may not post itself, else empty
    "party_type": _T,  # customer | vendor | bank | gl | empty
    "party_no": _T,
    "explanation": _T,  # evidence in words; ids and document numbers, no names
    "evidence": _T,  # its levels, "document=full amount=exact"; what says nothing is left out
    "probability": _T,  # that the answer is right, by calibration; empty where it settles nothing
    "seen": _T,  # what the rule saw, by keys of words: the explanation in any language
}

PROPOSED: Schema = {  # the rows of a proposal; their applied amounts sum to at most the line
    "line_id": _N,
    "rank": _N,
    "seq": _N,
    "target": _T,  # entry | bank_entry | on_account | gl | transfer
    "target_id": _N,  # entry_id or bank_entry_id, else 0
    "party_type": _T,
    "party_no": _T,
    "gl_account": _T,  # key of [accounts] or account number, for gl
    "applied_amount": _N,  # share of the line, sign as accounting.md section 2
    "entry_amount": _N,  # what the entry's remaining falls by, the entry's sign
    "discount_amount": _N,
    "difference_amount": _N,
    "difference_kind": _T,  # tolerance | rounding | bank_charge | write_off | empty
}

REVERSED: Schema = {  # what open lines settled until a person reversed it, a row each
    **{name: kind for name, kind in PROPOSED.items() if name not in ("rank", "seq")},
    "rule": _T,
    "fits": _N,  # 1 where the entry or bank entry can take it again
}

ORIGINALS: Schema = {  # what posted lines settle, one row each, for the returns that take them back
    "original_id": _N,  # line_id
    **{
        name: LINES[name]
        for name in ("bank_account_no", "currency", "amount", "booking_date", "value_date",
                     "bank_reference", "customer_reference", "counterparty_account",
                     "counterparty_name", "end_to_end_id", "mandate_id")
    },
    "place": _N,
    "target": _T,  # entry | bank_entry; what stayed on account is the payment entry
    "target_id": _N,
    "part_end_to_end_id": _T,  # of the bank entry
    "part_mandate_id": _T,  # of the entry or bank entry
    "document_no": _T,
    "entry_currency": _T,  # what is settled; of the line where that is no entry
    **{name: PROPOSED[name] for name in ("party_type", "party_no", "applied_amount",
                                         "entry_amount", "discount_amount", "difference_amount",
                                         "difference_kind")},
    "undoable": _B,  # an entry's application, or money that is still on account
}  # fmt: skip

JOURNAL_ENTRIES: Schema = {
    "key": _T,  # derived idempotency key, unique
    "posting_date": _D,
    # payment | confirmation | refund | return | fee | transfer | parking | release | opening
    # | external | reversal | unapplication | application | valuation | exchange
    "kind": _T,
    "line_id": _N,  # null when no line stands behind it
    "reverses_key": _T,  # key of the journal entry that this one reverses, else empty
    "reason": _T,
}

POSTINGS: Schema = {
    "key": _T,
    "seq": _N,
    "gl_account": _T,
    "currency": _T,
    "amount": _N,  # debit > 0; 0 where the posting moves a value in company currency alone
    "party_type": _T,
    "party_no": _T,
    "bank_account_no": _T,
    "amount_company": _N,
}

NEW_ENTRIES: Schema = {  # payment, refund and return entries that posting creates
    "key": _T,
    "party_type": _T,
    "party_no": _T,
    "document_type": _T,
    "document_no": _T,  # derived from the line: bank account/statement/line
    "posting_date": _D,
    "currency": _T,
    "amount": _N,
    "control_account": _T,
    "start_company": _N,
}

APPLICATIONS: Schema = {
    "key": _T,
    "seq": _N,
    "role": _T,  # settles: explains the line | counter: the payment entry's side
    "line_id": _N,
    "target": _T,  # entry | new_entry | bank_entry | on_account | gl
    "target_id": _N,
    "party_type": _T,
    "party_no": _T,
    "gl_account": _T,
    "applied_amount": _N,
    "entry_amount": _N,
    "discount_amount": _N,
    "difference_amount": _N,
    "difference_kind": _T,
    "confidence": _T,
    "rule": _T,
}

APPLIED: Schema = {  # what lines settle now, a row an application of an entry
    "journal_entry_no": _N,
    "key": _T,  # of that journal entry
    "seq": _N,
    "line_id": _N,
    "line": _T,  # BANK_ACCOUNT/STATEMENT_NO/LINE_NO
    "posting_date": _D,  # of the line's posting
    "entry_id": _N,
    "document_no": _T,
    "currency": _T,
    "control_account": _T,
    "payment_id": _N,  # the entry that the line's posting left with the party, null when none
    "payment_account": _T,  # its control account
    **{name: APPLICATIONS[name] for name in ("party_type", "party_no", "applied_amount",
                                             "entry_amount", "discount_amount",
                                             "difference_amount", "difference_kind",
                                             "confidence", "rule")},
    **{f"{name}_company": _N for name in ("entry", "applied", "discount", "difference", "fx")},
}  # fmt: skip

APPLICATION_TAXES: Schema = {  # the shares of an application's discount or difference
    "key": _T,
    "seq": _N,  # of the application
    "part": _T,  # discount | difference
    **{name: ENTRY_TAXES[name] for name in ("tax_code", "rate", "gl_account", "base_amount",
                                            "tax_amount")},
}  # fmt: skip


def empty(schema: Schema) -> pl.DataFrame:
    """A frame of ``schema`` without rows."""
    return pl.DataFrame(schema=schema)


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """``frame`` with exactly the columns of ``schema``: missing text empty, missing numbers 0.

    A missing value in company currency is null: nothing says what it is.
    """
    if not frame.columns:
        return empty(schema)
    columns = []
    for name, kind in schema.items():
        if name in frame.columns:
            columns.append(pl.col(name).cast(kind))
        elif kind == pl.String:
            columns.append(pl.lit("").alias(name))
        elif kind == pl.Int64:
            nothing = None if name.endswith("_company") else 0
            columns.append(pl.lit(nothing, dtype=pl.Int64).alias(name))
        elif kind == pl.Boolean:
            columns.append(pl.lit(False).alias(name))
        else:
            columns.append(pl.lit(None, dtype=kind).alias(name))
    return frame.select(columns)
