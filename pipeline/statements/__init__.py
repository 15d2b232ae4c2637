"""Customer statements: open entries or movements as of a date, as data and as PDF."""

from pipeline.statements.choice import BALANCES, Choice
from pipeline.statements.compose import compose
from pipeline.statements.form import AGED_BY, STYLES, Form
from pipeline.statements.language import languages
from pipeline.statements.paying import paying
from pipeline.statements.payment_part import PaymentPart, as_rows, payment_parts
from pipeline.statements.render import Accounts, Renderer, chosen, file_name, write_all

__all__ = [
    "AGED_BY",
    "BALANCES",
    "STYLES",
    "Accounts",
    "Choice",
    "Form",
    "PaymentPart",
    "Renderer",
    "as_rows",
    "chosen",
    "compose",
    "file_name",
    "languages",
    "paying",
    "payment_parts",
    "write_all",
]
