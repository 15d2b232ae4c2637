"""A made-up company of any size: books and the lines that its banks send, from one seed.

Amounts are minor units of EUR. The same sizes and seed give the same world on every machine.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

FIRST_NUMBER = 1_000_001
DAYS = ("2026-10-29", "2026-10-30")
ACCOUNTS = 8
_BLZ = 37050198
_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "del",
    "dor",
    "fa",
    "fe",
    "fin",
    "ga",
    "ger",
    "gin",
    "ha",
    "hel",
    "hof",
    "ka",
    "ker",
    "kin",
    "la",
    "le",
    "lin",
    "ma",
    "mer",
]
_TRADES = [
    "Bau",
    "Handel",
    "Technik",
    "Elektro",
    "Möbel",
    "Druck",
    "Logistik",
    "Holz",
    "Metall",
    "Papier",
    "Reisen",
    "Verlag",
]
_FORMS = ("GmbH", "AG", "KG", "OHG", "e.K.", "GmbH & Co. KG")

CASES = {  # what a line looks like, and how many of 1,000 lines do
    "reference": 120,  # ISO 11649 reference, exact amount
    "document": 400,  # one document number in the text, exact amount
    "discount": 100,  # one document number, discount in time taken
    "part": 40,  # one document number, a part of the amount
    "list": 150,  # two to four document numbers, exact sum
    "account": 80,  # nothing in the text, the payer's account is on file
    "name": 50,  # nothing in the text, no account, the payer's name only
    "unknown": 40,  # a payer whom nobody knows
    "fee": 20,  # a fee of the bank, by its type code
}


@dataclass(frozen=True, slots=True)
class World:
    """Frames of the books in the columns of ``lettrage load``, and the banks' lines with the truth.

    ``lines``: ``line, account, day, amount, case, name, iban, text, documents`` (documents: the
    numbers that the line truly settles, joined by ``;``).
    """

    bank_accounts: pl.DataFrame
    customers: pl.DataFrame
    entries: pl.DataFrame
    lines: pl.DataFrame


def world(lines: int, entries: int, seed: int = 7) -> World:
    """A company with ``entries`` open invoices, five a customer, and ``lines`` of two days."""
    chance = np.random.default_rng(seed)
    customers = _customers(max(entries // 5, 1), chance)
    books = _entries(entries, customers.height, chance)
    paid = _lines(lines, books, customers, chance)
    accounts = pl.DataFrame(
        {
            "no": [f"BANK{number}" for number in range(ACCOUNTS)],
            "name": [f"Bank {number}" for number in range(ACCOUNTS)],
            "currency": ["EUR"] * ACCOUNTS,
            "account_id": [f"50040000/{1000 + number}" for number in range(ACCOUNTS)],
            "last_statement_balance": ["0.00"] * ACCOUNTS,
            "last_statement_date": ["2026-10-28"] * ACCOUNTS,
        }
    )
    return World(accounts, customers, books, paid)


def _customers(count: int, chance: np.random.Generator) -> pl.DataFrame:
    number = np.arange(count, dtype=np.int64)
    parts = [chance.choice(_SYLLABLES, count) for _ in range(4)]
    name = pl.DataFrame(
        {"a": parts[0], "b": parts[1], "c": parts[2], "d": parts[3],
         "trade": chance.choice(_TRADES, count), "form": chance.choice(_FORMS, count)}
    ).select(
        pl.concat_str(
            pl.concat_str("a", "b", "c", "d").str.to_titlecase(), "trade", "form", separator=" "
        )
    ).to_series()  # fmt: skip
    on_file = chance.random(count) < 0.7
    iban = pl.Series(_iban(number + 1_100_000_000))
    return pl.DataFrame({"no": (number + 100_000).astype(str), "name": name}).with_columns(
        pl.when(pl.Series(on_file)).then(iban).otherwise(pl.lit("")).alias("ibans")
    )


def _iban(account: np.ndarray) -> list[str]:
    """German IBANs with right check digits (ISO 13616) for account numbers of ten digits."""
    rest = (_BLZ % 97 * pow(10, 16, 97) + (account * 1_000_000 + 131_400) % 97) % 97
    return [
        f"DE{98 - c:02}{_BLZ}{a:010}" for c, a in zip(rest.tolist(), account.tolist(), strict=True)
    ]


def _entries(count: int, customers: int, chance: np.random.Generator) -> pl.DataFrame:
    number = np.arange(count, dtype=np.int64) + FIRST_NUMBER
    amount = np.maximum(chance.lognormal(6.2, 1.1, count), 5.0)
    minor = (amount * 100).astype(np.int64)
    discounted = chance.random(count) < 0.3
    check = 98 - (number * 1_000_000 + 271_500) % 97
    frame = pl.DataFrame(
        {"number": number, "customer": number * 7919 % customers, "minor": minor,
         "discount": np.where(discounted, minor * 2 // 100, 0), "check": check}
    )  # fmt: skip
    return frame.select(
        pl.lit("customer").alias("party_type"),
        (pl.col("customer") + 100_000).cast(pl.String).alias("party_no"),
        pl.lit("invoice").alias("document_type"),
        pl.concat_str(pl.lit("RE-2026-"), pl.col("number")).alias("document_no"),
        pl.lit("2026-10-01").alias("posting_date"),
        pl.lit("EUR").alias("currency"),
        decimal(pl.col("minor")).alias("amount"),
        pl.lit("2026-11-15").alias("due_date"),
        pl.concat_str(
            pl.lit("RF"), pl.col("check").cast(pl.String).str.zfill(2), pl.col("number")
        ).alias("payment_reference"),
        pl.when(pl.col("discount") > 0).then(pl.lit("2026-11-02")).otherwise(pl.lit(""))
        .alias("discount_date"),
        pl.when(pl.col("discount") > 0).then(decimal(pl.col("discount"))).otherwise(pl.lit(""))
        .alias("discount_amount"),
    )  # fmt: skip


def decimal(minor: pl.Expr) -> pl.Expr:
    """Decimal text of minor units with two digits; never through a float."""
    cents = (minor % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str((minor // 100).cast(pl.String), cents, separator=".")


def _lines(
    count: int, entries: pl.DataFrame, customers: pl.DataFrame, chance: np.random.Generator
) -> pl.DataFrame:
    share = np.array(list(CASES.values())) / sum(CASES.values())
    case = chance.choice(list(CASES), count, p=share)
    many = np.where(case == "list", chance.integers(2, 5, count), 1)
    cents = pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64).alias("minor")
    off = pl.col("discount_amount").str.replace(".", "", literal=True)
    own = entries.with_columns(cents, off.cast(pl.Int64, strict=False).fill_null(0).alias("off"))
    free = _taken(own, case, many, chance)
    chosen = free.group_by("line", maintain_order=True).agg(
        pl.col("document_no"), pl.col("minor").sum(), pl.col("off").sum(),
        pl.col("party_no").first(), pl.col("payment_reference").first(),
    )  # fmt: skip
    lines = pl.DataFrame({"line": np.arange(count), "case": case})
    joined = lines.join(chosen, on="line", how="left", maintain_order="left").join(
        customers, left_on="party_no", right_on="no", how="left", maintain_order="left"
    )
    return _dressed(joined, chance)


def _taken(
    own: pl.DataFrame, case: np.ndarray, many: np.ndarray, chance: np.random.Generator
) -> pl.DataFrame:
    """Which open entries each line pays: all of one customer, none paid twice."""
    pays = np.flatnonzero((case != "unknown") & (case != "fee"))
    parties = own["party_no"].unique(maintain_order=True)
    order = chance.permutation(parties.len())
    rounds = -(-len(pays) // parties.len())
    if rounds > 1:
        raise ValueError(f"{len(pays)} paying lines, expected at most {parties.len()} customers")
    payer = pl.DataFrame(
        {"line": pays, "party_no": parties.gather(order[: len(pays)]), "many": many[pays],
         "wants": case[pays] == "discount"}
    )  # fmt: skip
    ranked = payer.join(own, on="party_no", maintain_order="left").sort(
        ["line", (pl.col("wants") & (pl.col("off") > 0)), "document_no"],
        descending=[False, True, False],
    )
    return ranked.filter(pl.int_range(pl.len()).over("line") < pl.col("many"))


def _dressed(lines: pl.DataFrame, chance: np.random.Generator) -> pl.DataFrame:
    """Amount, payer and text as the bank writes them."""
    case, whole = pl.col("case"), pl.col("minor")
    part = pl.Series("part", chance.integers(30, 70, lines.height))
    fee = pl.Series("fee", chance.integers(100, 3000, lines.height))
    number = pl.col("document_no").list
    bare = number.eval(pl.element().str.replace("RE-2026-", "")).list
    lines = lines.with_columns(part, fee, pl.int_range(pl.len()).alias("row"))
    stranger = pl.concat_str(pl.lit("Fremd"), pl.col("row"), pl.lit(" Import"))
    named = ~case.is_in(["unknown", "fee"])
    text = (
        pl.when(case == "reference").then("payment_reference")
        .when(case == "list").then(pl.concat_str(pl.lit("Rechnungen "), number.join(", ")))
        .when(case.is_in(["document", "discount"]))
        .then(pl.concat_str(pl.lit("Rechnung "), number.first(), pl.lit(" vom 01.10.2026")))
        .when(case == "part").then(pl.concat_str(pl.lit("Teilzahlung RE 2026 "), bare.first()))
        .otherwise(pl.lit("Vielen Dank"))
    )  # fmt: skip
    amount = (
        pl.when(case == "fee").then(-pl.col("fee"))
        .when(case == "unknown").then(pl.col("fee") * 7)
        .when(case == "discount").then(whole - pl.col("off"))
        .when(case == "part").then(whole * pl.col("part") // 100)
        .otherwise(whole)
    )  # fmt: skip
    with_account = case.is_in(["reference", "document", "list", "account"])
    return lines.select(
        "line",
        (pl.col("row") % ACCOUNTS).alias("account"),
        (pl.col("row") * len(DAYS) // pl.len()).alias("day"),
        amount.alias("amount"),
        "case",
        pl.when(named).then("name").when(case == "unknown").then(stranger)
        .otherwise(pl.lit("")).alias("name"),
        pl.when(with_account).then(pl.col("ibans").fill_null("")).otherwise(pl.lit(""))
        .alias("iban"),
        text.alias("text"),
        number.join(";").fill_null("").alias("documents"),
    )  # fmt: skip
