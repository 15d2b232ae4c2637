"""Small books and lines in which numbers, names, amounts and dates collide on purpose."""

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import strategies as st

from pipeline.domain import frames

DAY = dt.date(2026, 10, 12)
BEFORE = dt.date(2026, 10, 5)
LONG_AGO = dt.date(2026, 1, 5)
AFTER = dt.date(2026, 10, 20)
Row = dict[str, Any]


def line(number: int, amount: int, **more: Any) -> Row:
    dates = {"booking_date": DAY, "value_date": DAY}
    own = {"line_id": number, "bank_account_no": "B1", "currency": "EUR", "amount": amount}
    return own | dates | more


def entry(number: int, amount: int, party: str = "C1", **more: Any) -> Row:
    return {
        "entry_id": number, "party_type": "customer", "party_no": party,
        "document_type": "invoice", "document_no": f"RE{100000 + number}",
        "posting_date": BEFORE, "due_date": BEFORE, "currency": "EUR", "amount": amount,
        "remaining_amount": amount,
    } | more  # fmt: skip


def bank_entry(number: int, amount: int, **more: Any) -> Row:
    return {
        "bank_entry_id": number, "bank_account_no": "B1", "posting_date": BEFORE,
        "amount": amount, "remaining_amount": amount, "currency": "EUR", "status": "open",
    } | more  # fmt: skip


def party(no: str, iban: str = "", party_type: str = "customer", **more: Any) -> Row:
    return {
        "party_type": party_type, "party_no": no, "name": f"Firma {no} Handel",
        "ibans": [iban] if iban else [], "aliases": [],
    } | more  # fmt: skip


def mapping(number: int, kind: str, pattern: str, to: tuple[str, str], **more: Any) -> Row:
    """What was taught; ``to`` is the type and number of where it leads to."""
    return {
        "mapping_no": number, "kind": kind, "pattern": pattern, "target_type": to[0],
        "target_no": to[1], "side": "both" if to[0] == "gl" else "in", "amount_limit": None,
    } | more  # fmt: skip


def frame(rows: list[Row], schema: frames.Schema) -> pl.DataFrame:
    blank: Row = {pl.String: "", pl.Int64: 0, pl.Boolean: False}
    full = [{n: row.get(n, blank.get(kind)) for n, kind in schema.items()} for row in rows]
    return pl.DataFrame(full, schema=schema)


ACCOUNTS = frame(
    [
        {"bank_account_no": "B1", "currency": "EUR", "account_ids": [], "iban": "DE1111111111111"},
        {"bank_account_no": "B2", "currency": "EUR", "account_ids": [], "iban": "DE2222222222222"},
    ],
    frames.BANK_ACCOUNTS,
)

_AMOUNTS = st.sampled_from([1000, 2000, 3000, 980, 5000, 400])
_NAMES = ["Nordlicht Handel GmbH", "Nordlicht Handel AG", "Brandt Bau KG", "Sommer"]
_OTHERS = ["Brant Bau KG", "Holding Nord"]
_ACCOUNTS = ["DE77", "DE78", "DE79", "DE80"]
_WORDS = [
    "RE100001", "RE-100002", "RE 100003", "100004", "RE100005/06", "RE100009", "C1", "C2",
    "Rechnung", "Danke", "12.10.2026", "ZA-2001", "RUN-7", "DE2222222222222", "RE10 0001",
    "RE101002", "RE100010", "0003", "RE10000", "RE100001 bis 100003", "RE100004, 05", "100020",
]  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> list[Row]:
    found = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        amount = draw(_AMOUNTS)
        less = draw(st.sampled_from([0, 0, 20]))
        sign = draw(st.sampled_from([1, 1, 1, -1]))
        found.append(
            entry(
                number, sign * amount, draw(st.sampled_from(["C1", "C2", "C3"])),
                discount_amount=sign * less, discount_date=DAY if less else None,
                on_hold=draw(st.integers(0, 9)) == 0,
                posting_date=draw(st.sampled_from([BEFORE, BEFORE, BEFORE, AFTER])),
            )
        )  # fmt: skip
    return found


@st.composite
def owed(draw: st.DrawFn) -> list[Row]:
    """Entries whose amounts, discounts and sums are each other's, of a customer for each line."""
    return [
        entry(
            number, draw(st.sampled_from([300, 700, 1000, 1000, 1020, 1300, 2000, 2000, -300])),
            draw(st.sampled_from(["C1", "C2", "C3"])),
            discount_amount=draw(st.sampled_from([0, 0, 0, 20, 300])), discount_date=DAY,
            discount_amount_2=draw(st.sampled_from([*[0] * 9, 10])), discount_date_2=AFTER,
            on_hold=draw(st.integers(0, 19)) == 0,
            currency=draw(st.sampled_from([*["EUR"] * 9, "CHF"])),
            posting_date=draw(st.sampled_from([BEFORE, BEFORE, BEFORE, AFTER])),
        )
        for number in range(1, draw(st.integers(3, 12)) + 1)
    ]  # fmt: skip


@st.composite
def silent_lines(draw: st.DrawFn) -> list[Row]:
    """Receipts of known payers who say nothing, each mostly of another one."""
    payers = draw(st.permutations(["DE77", "DE78", "DE81"]))
    return [
        line(
            number, draw(st.sampled_from([300, 1000, 1000, 1300, 2000])),
            counterparty_account=draw(st.sampled_from([payer, payer, payer, "DE77"])),
            text=draw(st.sampled_from([*[""] * 9, "Danke", "RE100001", "Nordlicht Handel AG"])),
            booking_date=DAY + dt.timedelta(days=draw(st.integers(0, 1))),
        )
        for number, payer in enumerate(payers, 1)
    ]  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> list[Row]:
    found = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        day = DAY + dt.timedelta(days=draw(st.integers(0, 2)))
        words = draw(st.lists(st.sampled_from(_WORDS), max_size=3))
        found.append(
            line(
                number, draw(st.sampled_from([1, 1, 1, -1])) * draw(_AMOUNTS),
                booking_date=day, value_date=day, text=" ".join(words),
                bank_account_no=draw(st.sampled_from(["B1", "B1", "B2"])),
                counterparty_name=draw(st.sampled_from(["", *_NAMES, *_OTHERS])),
                counterparty_account=draw(st.sampled_from(["", "", *_ACCOUNTS])),
                type_code=draw(st.sampled_from(["", "", "", "NCHG"])),
            )
        )  # fmt: skip
    return found


@st.composite
def bank_entries(draw: st.DrawFn) -> list[Row]:
    return [
        bank_entry(
            number, draw(st.sampled_from([1, -1])) * draw(_AMOUNTS),
            document_no=draw(st.sampled_from(["", "ZA-2001"])),
            batch_no=draw(st.sampled_from(["", "RUN-7"])),
        )
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]  # fmt: skip


_C1, _C2, _FEES = ("customer", "C1"), ("customer", "C2"), ("gl", "FEES")
_TAUGHT = [
    ("payer_account", "DE80", _C1, {}), ("payer_account", "DE80", _C2, {}),
    ("payer_account", "DE77", _C2, {}), ("payer_name", "Holding Nord", _C1, {}),
    ("payer_name", "Brandt Bau KG", _C2, {}), ("text", "Danke", _C2, {}),
    ("text", "Rechnung", _FEES, {"approved": True, "amount_limit": 3000, "currency": "EUR"}),
    ("text", "Danke", _FEES, {}), ("payer_account", "DE79", ("gl", "RENT"), {}),
]  # fmt: skip


@st.composite
def mappings(draw: st.DrawFn) -> list[Row]:
    taught = draw(st.lists(st.sampled_from(range(len(_TAUGHT))), unique=True, max_size=4))
    return [
        mapping(number, kind, pattern, to, **more)
        for number, (kind, pattern, to, more) in enumerate((_TAUGHT[n] for n in taught), 1)
    ]


PARTIES = [
    party("C1", "DE77", name=_NAMES[0]),
    party("C2", "DE78", name=_NAMES[1], aliases=["Sommer"]),
    party("C3", "DE81", name=_NAMES[2]),
    party("V1", "DE79", "vendor"),
]
