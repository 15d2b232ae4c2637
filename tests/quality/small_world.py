"""A small world by hand: the sample company, lines of its first two nights, and the truth."""

import datetime as dt

import polars as pl

from benchmarks.quality.answers import Answers

LINES = [  # reference, day, minor units, situation, decidable
    ("HB0001", 29, 119_000, "reference", True),
    ("HB0002", 29, 98_000, "discount", True),
    ("HB0003", 29, 70_000, "credit_memo", True),
    ("HB0004", 29, 25_000, "ambiguous", False),
    ("HB0005", 29, -100_000, "payment_run", True),
    ("HB0006", 29, -50_000, "own_transfer", True),
    ("HB0007", 29, -1_250, "fee", True),
    ("HB0008", 29, 148_750, "damaged_number", True),
    ("HB0010", 29, 49_997, "tolerance", True),
    ("HB0013", 29, 110_000, "overpayment", True),
    ("HB0022", 29, -125_000, "standing_order", True),
    ("HB0102", 31, 50_000, "unknown_payer", False),
    ("HB0115", 30, 64_260, "third_party", True),
]
PARTS = [  # reference, target, party type, party, document, applied, discount, difference
    ("HB0001", "entry", "customer", "10010", "RE-2026-1001", 119_000, 0, 0),
    ("HB0002", "entry", "customer", "10020", "RE-2026-1002", 98_000, 2_000, 0),
    ("HB0003", "entry", "customer", "10040", "RE-2026-1004", 31_050, 0, 0),
    ("HB0003", "entry", "customer", "10040", "RE-2026-1005", 45_000, 0, 0),
    ("HB0003", "entry", "customer", "10040", "GS-2026-0007", -6_050, 0, 0),
    ("HB0004", "entry", "customer", "10050", "RE-2026-1007", 25_000, 0, 0),
    ("HB0005", "bank_entry", "", "DE-EUR", "1", -89_000, 0, 0),
    ("HB0005", "bank_entry", "", "DE-EUR", "2", -11_000, 0, 0),
    ("HB0006", "transfer", "", "", "", -50_000, 0, 0),
    ("HB0007", "gl_account", "", "", "BANK-FEES", -1_250, 0, 0),
    ("HB0008", "entry", "customer", "10100", "RE-2026-1013", 148_750, 0, 0),
    ("HB0010", "entry", "customer", "10120", "RE-2026-1016", 49_997, 0, 3),
    ("HB0013", "entry", "customer", "10150", "RE-2026-1019", 105_000, 0, 0),
    ("HB0013", "on_account", "customer", "10150", "", 5_000, 0, 0),
    ("HB0022", "bank_entry", "", "DE-EUR", "7", -125_000, 0, 0),
    ("HB0115", "entry", "customer", "10290", "RE-2026-1038", 64_260, 0, 0),
]


def truth() -> tuple[pl.DataFrame, pl.DataFrame]:
    """``truth_lines`` and ``truth_parts`` as a generated world has them."""
    lines = pl.DataFrame(
        LINES, orient="row", schema=["line_ref", "day", "amount", "situation", "decidable"]
    ).select(
        "line_ref",
        pl.lit("DE-EUR").alias("bank_account_no"),
        pl.col("day").map_elements(lambda day: dt.date(2026, 10, day), pl.Date)
        .alias("booking_date"),
        "amount", pl.lit("EUR").alias("currency"), "situation", "decidable",
        pl.when("decidable").then(pl.lit("")).otherwise(pl.col("situation")).alias("why"),
    )  # fmt: skip
    columns = ["line_ref", "target", "party_type", "party_no", "document_no", "applied_amount",
               "discount_amount", "difference_amount"]  # fmt: skip
    return lines, pl.DataFrame(PARTS, orient="row", schema=columns)


def answers_as_true(also_posted: tuple[str, ...] = ()) -> Answers:
    """An answer that is the truth, posted where the line is decidable but for one, HB0115."""
    lines, parts = truth()
    known = lines.filter(pl.col("line_ref").is_in(parts["line_ref"].implode()))
    posted = (pl.col("decidable") & (pl.col("line_ref") != "HB0115")) | pl.col("line_ref").is_in(
        also_posted
    )
    kept = known.filter(pl.col("decidable") | posted).select("line_ref", posted.alias("posted"))
    mine = parts.join(kept, on="line_ref", how="semi")
    return Answers.of(kept, mine.with_columns(pl.lit(1, pl.Int64).alias("rank")))
