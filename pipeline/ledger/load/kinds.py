"""The kinds of files that ``load`` takes: columns, how each is read, and the key.

Source: interface, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of file may hold: columns by how they are read, and its key."""

    key: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    decimals: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[tuple[str, str], ...] = ()
    """Pairs of dates of which the first is usually not after the second."""
    signs: tuple[str, Mapping[str, int]] = ("", {})
    """A column that tells what a row is, and the usual sign of ``amount`` by what stands there.

    Of a customer where the kind has a ``party_type``; of a vendor it is the opposite one.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """All column names."""
        return self.required + self.optional


ENTRY_KEY = ("party_type", "party_no", "document_type", "document_no", "instalment")
SIDES = ("customer", "vendor")
DOCUMENTS = ("invoice", "credit_memo", "payment", "refund", "payment_return", "finance_charge",
             "reminder", "cash_sale", "opening")  # fmt: skip
_OWED = {"invoice": 1, "finance_charge": 1, "reminder": 1, "cash_sale": 1, "payment_return": 1,
         "credit_memo": -1, "payment": -1}  # a refund and an opening have either  # fmt: skip
_MOVED = {"payment": -1, "check": -1, "fee": -1, "receipt": 1, "deposit": 1}
_PARTY = (
    "name_2", "address", "postcode", "city", "country", "language", "currency", "email", "ibans",
    "phone", "customer_type", "payment_terms", "reminder_terms", "finance_charge_terms",
    "statement_method", "statement_style", "statement_template", "project_parent", "blocked",
    "active", "credit_limit", "tax_id", "aliases",
)  # fmt: skip
_PARTY_CHOICES = {
    "statement_method": ("email", "print", "none"),
    "statement_style": ("open_item", "balance_forward", "activity"),
}


def _party(account: str) -> Kind:
    return Kind(("no",), ("no", "name"), (*_PARTY, account), decimals=("credit_limit",),
                choices=_PARTY_CHOICES)  # fmt: skip


KINDS = {
    "customers": _party("receivables_account"),
    "vendors": _party("payables_account"),
    "gl-accounts": Kind(
        ("no",),
        ("no", "name"),
        ("kind",),
        choices={"kind": ("asset", "liability", "equity", "income", "expense")},
    ),
    "bank-accounts": Kind(
        ("no",),
        ("no", "name", "currency"),
        (
            "iban", "account_id", "gl_account", "last_statement_no", "last_statement_balance",
            "last_statement_date", "statement_frequency", "statement_numbering", "reconcile",
            "active_from", "closed_on",
        ),
        money=("last_statement_balance",),
        dates=("last_statement_date", "active_from", "closed_on"),
        choices={
            "statement_frequency": ("daily", "weekly", "monthly", "none"),
            "statement_numbering": ("continuous", "yearly", "none"),
            "reconcile": ("at_posting", "separate"),
        },
        order=(("active_from", "last_statement_date"), ("active_from", "closed_on")),
    ),
    "ledger-entries": Kind(
        ENTRY_KEY,
        (
            "party_type", "party_no", "document_type", "document_no", "posting_date", "currency",
            "amount",
        ),
        (
            "instalment", "remaining_amount", "due_date", "document_date", "external_document_no",
            "payment_reference", "discount_date", "discount_amount", "discount_tolerance_date",
            "discount_date_2", "discount_amount_2", "description", "project", "on_hold",
            "your_reference", "mandate_id", "amount_company", "remaining_company",
            "control_account",
        ),
        money=("amount", "remaining_amount", "discount_amount", "discount_amount_2"),
        dates=(
            "posting_date", "due_date", "document_date", "discount_date",
            "discount_tolerance_date", "discount_date_2",
        ),
        decimals=("amount_company", "remaining_company"),
        choices={"party_type": SIDES, "document_type": DOCUMENTS},
        order=(
            ("document_date", "due_date"), ("posting_date", "due_date"),
            ("discount_date", "due_date"), ("discount_date", "discount_tolerance_date"),
            ("discount_date", "discount_date_2"),
        ),
        signs=("document_type", _OWED),
    ),
    "bank-entries": Kind(
        ("bank_account_no", "entry_no"),
        ("bank_account_no", "entry_no", "posting_date", "amount", "entry_type"),
        (
            "document_no", "check_no", "description", "party_type", "party_no", "currency",
            "batch_no", "end_to_end_id", "mandate_id", "applies_to_document_no", "status",
        ),
        money=("amount",),
        dates=("posting_date",),
        choices={
            "entry_type": (
                "payment", "receipt", "check", "transfer", "fee", "other", "deposit",
                "direct_debit",
            ),
            "party_type": SIDES,
            "status": ("open", "stopped", "voided"),
        },
        signs=("entry_type", _MOVED),
    ),
    "entry-taxes": Kind(
        (*ENTRY_KEY, "tax_code"),
        (*ENTRY_KEY[:-1], "tax_code", "rate", "base_amount", "tax_amount"),
        ("instalment", "tax_account", "discount_tax_account"),
        money=("base_amount", "tax_amount"),
        decimals=("rate",),
        choices={"party_type": SIDES, "document_type": DOCUMENTS},
    ),
    "rates": Kind(
        ("date", "currency"),
        ("date", "currency", "rate"),
        dates=("date",),
        decimals=("rate",),
    ),
    "control-totals": Kind(
        ("account", "currency", "date"),
        ("account", "currency", "balance", "date"),
        money=("balance",),
        dates=("date",),
    ),
}  # fmt: skip
