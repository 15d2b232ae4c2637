"""Customer statements: open entries or movements as of a date, as data and as PDF."""

from pipeline.statements.choice import BALANCES, Choice
from pipeline.statements.compose import compose
from pipeline.statements.form import AGED_BY, STYLES, Form
from pipeline.statements.language import languages
from pipeline.statements.render import Accounts, Renderer, file_name, write_all

__all__ = [
    "AGED_BY",
    "BALANCES",
    "STYLES",
    "Accounts",
    "Choice",
    "Form",
    "Renderer",
    "compose",
    "file_name",
    "languages",
    "write_all",
]
