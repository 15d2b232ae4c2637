"""Text as keys, in bulk: what two spellings of one number, account or name have in common."""

import re
from typing import Any

import polars as pl

_MONEY = re.compile(r"[0-9](?:[0-9.,']*[0-9])?[.,][0-9]{2}(?![0-9])")
_CHARGED = re.compile(
    r"(?<![A-ZÄÖÜ])(?:CHARGES?|FEES?|COMMISSIONS?|[A-ZÄÖÜ]*(?:GEB(?:UE|Ü)HR(?:EN)?|SPESEN|KOSTEN)"
    r"|ENTGELTE?|FRAIS|GEBYR(?:ER)?|KOMMISSION(?:EN)?|PROVIS(?:ION(?:EN)?|JON|IE))(?![A-ZÄÖÜ])"
)
_OF_GOODS = re.compile(
    r"(?:FREIGHT|SHIPPING|HANDLING|DELIVERY|RESTOCKING|LATE)\s+(?:CHARGES?|FEES?)"
    r"|FRAIS\s+DE\s+(?:PORT|TRANSPORT|LIVRAISON)"
    r"|(?:FRACHT|VERSAND|TRANSPORT|LIEFER|VERPACKUNG|PORTO|MAHN|REISE|VERZEND)[A-ZÄÖÜ]*"
    r"(?:GEB(?:UE|Ü)HR|SPESEN|KOSTEN)"
)
LEFT_OUT = (  # "not for RE-4711", "ohne RE-4711": a number that is not meant
    r"(?i)\b(?:NICHT|OHNE|AUSSER|AUßER|NOT|EXCEPT|WITHOUT|EXCLUDING|SAUF|HORS|SANS|NIET|ZONDER|BEHALVE"
    r"|IKKE|UTEN|UNNTATT)\s+(?:(?:FUER|FÜR|MIT|FOR|WITH|POUR|AVEC|VOOR|MET"
    r"|RG|RECHNUNG|RNR|INVOICE|INV|FACTURE|FACT|FACTUUR|FAKTURA|NR|NO)\W+)*[A-Z]{0,4}[ -]?[0-9]{4}"
)
CHECK_WORDS = r"(?i)\b(CHECK|CHEQUE|CHQ|CHK|SCHECK|CHÈQUE)\b"
_CHECK_TYPES, _CHECK_CODES = frozenset(["NCHK", "CHECK"]), frozenset(["001", "070", "101", "170"])
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


def is_check(line: dict[str, Any]) -> bool:
    """Do code or text of a line (``frames.LINES``) say that it is a check?"""
    coded = line["type_code"] in _CHECK_TYPES or line["business_code"] in _CHECK_CODES
    return coded or bool(line["check_no"] or re.search(CHECK_WORDS, line["text"]))


def stated_amounts(text: str) -> set[int]:
    """Amounts with two digits of cents that stand in a text, however grouped, as minor units."""
    return {int(re.sub(r"[^0-9]", "", amount)) for amount in _MONEY.findall(text)}


def speaks_of_charges(text: str) -> bool:
    """Does a text say that something was charged for the payment?

    What is taken off for freight or reminders is the payer's claim, no charge.
    """
    return bool(_CHARGED.search(_OF_GOODS.sub(" ", text.upper())))


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
