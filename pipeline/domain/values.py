"""Values in the company's currency of what is posted in others: the frames that carry them.

All amounts are Int64 minor units of the company's currency, but for those that ``frames`` names.
"""

from dataclasses import dataclass, field

import polars as pl

from pipeline.domain.frames import Schema, empty

_T, _N, _D = pl.String, pl.Int64, pl.Date

RATES: Schema = {
    "currency": _T,
    "date": _D,
    "rate": _T,  # units of the currency for one unit of the company's
}

CARRIED: Schema = {  # what entries and bank entries of other currencies are carried at
    "target": _T,  # entry | bank_entry
    "target_id": _N,
    "start_amount": _N,  # what was booked first, in the entry's currency
    "start_company": _N,
    "used_amount": _N,  # what applications took of it that have a value
    "used_company": _N,
}

PARTS: Schema = {
    "entry_company": _N,  # what the entry is carried at falls by
    "applied_company": _N,  # at the rate of the payment, as the two below
    "discount_company": _N,
    "difference_company": _N,
    "fx_company": _N,  # realised: entry less applied, discount and difference; a debit > 0
}

APPLIED: Schema = {  # values of applications that nothing undid
    "target": _T,
    "target_id": _N,
    "application": _N,  # its place among all of them
    **dict.fromkeys(("entry_amount", "discount_amount", "difference_amount"), _N),
    **PARTS,
}

APPLICATIONS: Schema = {
    "key": _T,  # of the journal entry that posts the value
    "of_key": _T,  # of the journal entry of the application; empty: the same
    "seq": _N,  # of the application
    **PARTS,
}

ENTRIES: Schema = {  # what entries that had no value are carried at from the start
    "key": _T,
    "entry_id": _N,
    "bank_entry_id": _N,
    "amount_company": _N,
}

VALUATIONS: Schema = {  # at which rate a journal entry was valued
    "key": _T,  # of the journal entry that posts the value
    "of_key": _T,  # of the journal entry that has one now; empty: the same
    "rate": _T,  # empty where none was needed
    "rate_date": _T,
}


@dataclass(frozen=True, slots=True)
class Values:
    """What a journal says of values beside its postings; nothing in the company's currency."""

    applications: pl.DataFrame = field(default_factory=lambda: empty(APPLICATIONS))
    entries: pl.DataFrame = field(default_factory=lambda: empty(ENTRIES))
    valuations: pl.DataFrame = field(default_factory=lambda: empty(VALUATIONS))

    def of(self, journal_entries: pl.DataFrame) -> "Values":
        """Those of ``journal_entries`` (``key``)."""
        return Values(*(
            frame.join(journal_entries, on="key", how="semi", maintain_order="left")
            for frame in (self.applications, self.entries, self.valuations)
        ))  # fmt: skip
