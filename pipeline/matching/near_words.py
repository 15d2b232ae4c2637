"""Words around shortened numbers: what joins the ends of a list, and the two ends of a range."""

import re

import polars as pl

_TO = r"BIS|TO|THRU|THROUGH|UNTIL|A|À|AU|JUSQU|TOT|T/M|TM|TEM|T\.?O\.?M|TIL|TILL|AL|HASTA"
_AND = rf"(?:[,/;+&\u2013-]|\b(?:UND|U|AND|ET|EN|OG|E|{_TO})\b\.?)"
_JOINED = rf"[^A-Z0-9]*(?:[-\u2013]|(?:{_TO})[A-Z. ]*)[^0-9]*[0-9/_.-]*"
_RANGE = re.compile(rf"(?=([0-9]{{3}}){_JOINED}([0-9]{{2}})(?![0-9]))")
_SPAN = rf"[0-9][^A-Z0-9]*(?:[-\u2013]|{_TO})"


def list_ends(lines: pl.DataFrame) -> pl.DataFrame:
    """``line_id, token``: up to six digits that follow a sign or a word of a list or range."""
    end = pl.col("text").str.to_uppercase().str.extract_all(rf"{_AND}\s?[0-9]{{1,6}}(?:\b|[A-Z])")
    found = lines.select("line_id", end.alias("token"))
    found = found.explode("token", empty_as_null=True).drop_nulls("token")
    return found.with_columns(pl.col("token").str.replace_all(r"[^0-9]", "")).unique()


def spanning() -> pl.Expr:
    """May a line's text span numbers? A word or a dash of a range follows one, blanks aside."""
    return pl.col("text").str.to_uppercase().str.replace_all(" ", "").str.contains(_SPAN)


def ranges(text: str) -> set[tuple[str, str]]:
    """The last three digits of a number and the last two of another that ``text`` joins to it."""
    written = text.upper()
    said = (written, written.replace(" ", ""))
    return {(found[1], found[2]) for way in said for found in _RANGE.finditer(way)}
