"""Legal forms at the end of a name, damaged by the payer or cut by the bank."""

import polars as pl
from rapidfuzz.distance import OSA

from pipeline.matching import payers
from pipeline.matching.text import FORMS, LONG_FORMS

_FORM_CUT, _FORM_BEGINS, _FORM_SLIPS = 2, 3, 6


def mended(names: pl.DataFrame) -> pl.DataFrame:
    """``names`` where a legal form at the end, damaged or cut, is read as what it is.

    ``names``: as the line has them (``written``), and folded (``words``); with ``cut``.
    """
    end = pl.col("words").str.extract(r"([A-Z]+)$").alias("end")
    named = names.with_columns(end, payers.wide().alias("cut"))
    ends = named.select("end", "cut").drop_nulls().unique().sort("end", "cut")
    forms = pl.Series("form", [_form(*row) for row in ends.rows()], dtype=pl.String)
    named = named.join(ends.with_columns(forms), on=["end", "cut"], how="left")
    whole = pl.concat_str(pl.col("words").str.replace(r"[A-Z]+$", ""), "form")
    words = pl.when(pl.col("form") != "").then(whole).otherwise("words")
    return payers.with_keys(named.with_columns(words.alias("words")).drop("end", "form"))


def _form(word: str, cut: bool) -> str:
    """The long legal form that ``word`` begins, with one slip at most; empty where there is none.

    Two letters are enough where the bank ``cut`` the name; there also of a short form, where only
    one begins so. What is a form needs no mending.
    """
    if word in FORMS:
        return ""
    begins = _FORM_CUT if cut else _FORM_BEGINS
    for form in LONG_FORMS:
        slips = [OSA.distance(word, form[:size], score_cutoff=1) for size in
                 range(len(word) - 1, len(word) + 2)]  # fmt: skip
        if (form.startswith(word) and len(word) >= begins) or (
            min(slips) <= 1 and len(word) >= _FORM_SLIPS
        ):
            return form
    short = [form for form in FORMS if form.startswith(word)]
    return short[0] if cut and len(word) >= _FORM_CUT and len(short) == 1 else ""
