"""Customer statements: open entries or movements as of a date, as data and as PDF."""

from pipeline.statements.choice import BALANCES, Choice
from pipeline.statements.compose import compose
from pipeline.statements.form import AGED_BY, REVERSED, STYLES, Form
from pipeline.statements.language import check as check_language
from pipeline.statements.language import languages
from pipeline.statements.letters import Accounts, Composed, chosen, letters
from pipeline.statements.look import Look, look
from pipeline.statements.movements import Told, carried
from pipeline.statements.page import kept, page
from pipeline.statements.paying import paying
from pipeline.statements.payment_part import PaymentPart, as_rows, payment_parts
from pipeline.statements.recipient import PER, Recipient, families
from pipeline.statements.render import FORMATS, Renderer, content_of, file_name, pages, write_all

__all__ = [
    "AGED_BY",
    "BALANCES",
    "FORMATS",
    "PER",
    "REVERSED",
    "STYLES",
    "Accounts",
    "Choice",
    "Composed",
    "Form",
    "Look",
    "PaymentPart",
    "Recipient",
    "Renderer",
    "Told",
    "as_rows",
    "carried",
    "check_language",
    "chosen",
    "compose",
    "content_of",
    "families",
    "file_name",
    "kept",
    "languages",
    "letters",
    "look",
    "page",
    "pages",
    "paying",
    "payment_parts",
    "write_all",
]
