"""Text as keys, in bulk: what two spellings of one number, account or name have in common."""

import re

import polars as pl

_MONEY = re.compile(r"[0-9](?:[0-9.,']*[0-9])?[.,][0-9]{2}(?![0-9])")
_CHARGED = re.compile(
    r"CHARGE|FEE|COMMISSION|GEB(?:UE|Ü)HR|SPESEN|ENTGELT|KOSTEN|FRAIS|GEBYR|KOMMISSION|PROVIS"
)
TOKEN = r"[A-Z0-9]+(?:[-./_][A-Z0-9]+)*"
_LEGAL = frozenset(
    [
        "GMBH",
        "AG",
        "KG",
        "OHG",
        "UG",
        "SE",
        "SA",
        "SAS",
        "SARL",
        "SRL",
        "BV",
        "NV",
        "LTD",
        "LLC",
        "PLLC",
        "INC",
        "CORP",
        "CO",
        "PLC",
        "OY",
        "OYJ",
        "AB",
        "AS",
        "SPA",
        "EK",
        "EV",
        "CIE",
        "MBH",
        "KGAA",
        "GBR",
        "GESMBH",
        "ASA",
        "APS",
        "ANS",
        "ENK",
        "LLP",
        "CIC",
        "EURL",
        "SASU",
        "SCI",
        "SNC",
        "SCOP",
        "KLG",
        "GENOSSENSCHAFT",
        "EG",
        "VOF",
        "CV",
        "DA",
    ]
)
_ONE_FORM = {
    "LIMITED": "LTD",
    "INCORPORATED": "INC",
    "CORPORATION": "CORP",
    "COMPANY": "CO",
    "AKTIENGESELLSCHAFT": "AG",
}
FORMS = frozenset([*_LEGAL, *_ONE_FORM])
LONG_FORMS = (*_ONE_FORM, "GENOSSENSCHAFT")
_FILLING = frozenset(["UND", "AND", "ET", "EN", "THE", "FILS"])
_FOLDED = {"ß": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH"}
_UMLAUTS = {"AE": "A", "OE": "O", "UE": "U"}


def stated_amounts(text: str) -> set[int]:
    """Amounts with two digits of cents that stand in a text, however grouped, as minor units."""
    return {int(re.sub(r"[^0-9]", "", amount)) for amount in _MONEY.findall(text)}


def speaks_of_charges(text: str) -> bool:
    """Does a text say that something was charged?"""
    return bool(_CHARGED.search(text.upper()))


def plain(text: pl.Expr) -> pl.Expr:
    """Upper case letters and digits of ``text``, everything else gone."""
    return text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")


def folded(name: pl.Expr) -> pl.Expr:
    """A name in upper case with single blanks, accents and umlauts folded however written."""
    upper = name.str.to_uppercase().str.replace_many(_FOLDED).str.normalize("NFKD")
    bare = upper.str.replace_all(r"\p{M}", "").str.replace_all(r"\b([A-Z])\.", "$1")
    words = bare.str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars()
    return words.str.replace_many(_UMLAUTS)


def bare_words(words: pl.Expr) -> pl.Expr:
    """The words of a folded name as they stand, without legal forms."""
    left_out = pl.element().is_in([*_LEGAL, *_ONE_FORM, *_FILLING, ""])
    return words.str.split(" ").list.eval(pl.element().filter(~left_out))


def name_words(words: pl.Expr) -> pl.Expr:
    """The words of a folded name in order of the alphabet, without legal forms."""
    return bare_words(words).list.eval(pl.element().sort())


def legal_forms(words: pl.Expr) -> pl.Expr:
    """The legal forms in a folded name, one spelling of each."""
    forms = pl.element().filter(pl.element().is_in([*_LEGAL, *_ONE_FORM]))
    return words.str.split(" ").list.eval(forms.replace(_ONE_FORM))
