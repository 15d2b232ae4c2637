"""Words around shortened numbers: what joins the ends of a list, and the two ends of a range."""

import re

import polars as pl

_TO = r"BIS|TO|THRU|THROUGH|UNTIL|A|À|AU|JUSQU|TOT|T/M|TM|TEM|T\.?O\.?M|TIL|TILL|AL|HASTA"
_AND = rf"(?:[,/;+&\u2013-]|\b(?:UND|U|AND|ET|EN|OG|E|{_TO})\b\.?)"
_JOINED = rf"[^A-Z0-9]*(?:[-\u2013]|(?:{_TO})[A-Z. ]*)[^0-9]*[0-9/_.-]*"
_SPAN = rf"[0-9][^A-Z0-9]*(?:[-\u2013]|{_TO})"


def list_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """``line_id, token``: up to six digits that follow a sign or a word of a list or range."""
    end = pl.col("text").str.to_uppercase().str.extract_all(rf"{_AND}\s?[0-9]{{1,6}}\b")
    found = lines.select("line_id", end.alias("token"))
    found = found.explode("token", empty_as_null=True).drop_nulls("token")
    return found.with_columns(pl.col("token").str.replace_all(r"[^0-9]", "")).unique()


def spanning() -> pl.Expr:
    """May a line's text span numbers? A word or a dash of a range follows one, blanks aside."""
    return pl.col("text").str.to_uppercase().str.replace_all(" ", "").str.contains(_SPAN)


def range_between(text: str, first: str, last: str) -> bool:
    """Does ``text`` join two numbers of letters and digits as a range, the second cut or not?"""
    joined = rf"{first[-3:]}{_JOINED}{last[-2:]}(?![0-9])"
    written = text.upper()
    return any(re.search(joined, said) for said in (written, written.replace(" ", "")))
