"""How the statements of a run look: style, period, aging, language, columns and lines."""

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.defaults import CHOICES, TEMPLATE
from pipeline.domain.errors import UsageError

STYLES = ("open_item", "balance_forward", "activity")
AGED_BY = ("due", "posting", "document", "off")
LINES = CHOICES["lines"]
REVERSED = ("show", "hide")
BANDS = (30, 60, 90)
Customer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What a run asks for; where it is silent a template, then the customer's own wishes hold.

    ``style``: one of ``STYLES``. ``first``: first day of the period of movements; None: that of the
    month of the as-of date. ``aged_by``: the date that entries age from, ``bands`` the last day of
    each band but the last; empty: by due date, ``BANDS``. ``language``: a BCP 47 tag. ``per``: one
    of ``recipient.PER``. ``template`` names the one of ``templates`` that a run asks for; else a
    customer has its own (``statement_template``), or that of its type (``by_type``).
    ``dated`` is the day that the letter bears, where that is not the as-of date.
    ``due_dates`` shows when an entry is due and since when it is overdue; ``lines``: each entry or
    movement, or what all of a kind of document come to: the books know no lines of invoices.
    ``reversed``: whether movements are shown that others of the period take back, and those; empty:
    they are.
    """

    style: str = ""
    first: dt.date | None = None
    aged_by: str = ""
    bands: tuple[int, ...] = ()
    language: str = ""
    per: str = "customer"
    template: str = ""
    templates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    by_type: Mapping[str, str] = field(default_factory=dict, hash=False)
    dated: dt.date | None = None
    due_dates: bool = True
    lines: str = LINES[0]
    reversed: str = ""

    def named(self, customer: Customer) -> str:
        """The template of a customer; empty for none."""
        own = customer.get("statement_template") or ""
        return self.template or own or self.by_type.get(customer.get("customer_type") or "", "")

    def of(self, customer: Customer) -> "Form":
        """What holds for one customer: the run, its template, the customer, other templates."""
        wishes = (customer.get("statement_style") or "", customer.get("language") or "")
        return _resolved(self, self.named(customer), *wishes)

    def checked(self, place: str) -> "Form":
        """Itself; UsageError that names the ``place`` where a run asks for an unknown template."""
        if self.template not in ("", *self.templates):
            known = ", ".join(sorted(self.templates)) or "none"
            raise UsageError(
                f"{place} {self.template}: there is no [statements.templates.{self.template}]"
                f" (known: {known})"
            )
        return self

    def shows_movements(self, customers: Iterable[Customer]) -> bool:
        """Whether any of the customers gets more than open items."""
        return any(self.of(customer).style != STYLES[0] for customer in customers)

    def first_day(self, as_of: dt.date) -> dt.date:
        """The first day of the movements that a statement as of a date shows."""
        return self.first or as_of.replace(day=1)


@functools.cache
def _resolved(form: Form, named: str, style: str, language: str) -> Form:
    said = {**TEMPLATE, **form.templates.get(named, {})}
    asked = said if form.template else TEMPLATE
    return Form(
        form.style or asked["style"] or style or said["style"] or STYLES[0],
        form.first,
        form.aged_by or said["aging"] or AGED_BY[0],
        form.bands or tuple(said["bands"]) or BANDS,
        form.language or asked["language"] or language or said["language"],
        dated=form.dated,
        due_dates=said["due_dates"],
        lines=said["lines"],
        reversed=form.reversed or said["reversed"] or REVERSED[0],
    )
