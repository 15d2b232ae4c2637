"""Which bank account a statement belongs to, as feeds write accounts."""

from dataclasses import dataclass

from sqlalchemy import Connection

from pipeline.domain.bank_statement import BankStatement


@dataclass(frozen=True, slots=True)
class Account:
    """What storing a statement needs to know of our bank account."""

    no: str
    currency: str
    last_statement_date: str
    last_statement_balance: int | None
    numbering: str
    active_from: str
    closed_on: str

    def wrong(self, statement: BankStatement) -> str:
        """Reason code why the statement cannot be of this account, or empty."""
        if statement.currency != self.currency:
            return "wrong_currency"
        until = str(statement.to_date or "")
        if until and ((self.closed_on and until > self.closed_on) or until < self.active_from):
            return "account_inactive"
        return ""


class Accounts:
    """All bank accounts, by each way in which a feed may write them."""

    def __init__(self, connection: Connection) -> None:
        self._by_text: dict[str, set[str]] = {}
        self._accounts: dict[str, Account] = {}
        sql = (
            "SELECT bank_account_no, iban, currency, last_statement_date, last_statement_balance,"
            " statement_numbering, active_from, closed_on FROM bank_account"
        )
        for no, iban, currency, day, balance, numbering, start, end in connection.exec_driver_sql(
            sql
        ):
            account = Account(no, currency, day or "", balance, numbering, start or "", end or "")
            self._accounts[no] = account
            self._add(iban, no)
        ids = "SELECT account_id, bank_account_no FROM bank_account_id"
        for written, no in connection.exec_driver_sql(ids):
            self._add(written, no)

    def _add(self, written: str, no: str) -> None:
        if plain := written.replace(" ", "").upper():
            self._by_text.setdefault(plain, set()).add(no)

    def find(self, written: str, iban: str = "") -> Account | None:
        """The one account that ``written`` names (its IBAN, an account id, or its last part)."""
        last = written.split("/")[-1]
        for text in (iban, written, last):
            found = self._by_text.get(text.replace(" ", "").upper(), set())
            if len(found) == 1:
                return self._accounts[next(iter(found))]
        return None
