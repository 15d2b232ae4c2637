"""The numbers under which DATEV knows our accounts and parties."""

from collections.abc import Sequence

from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.ledger.connection import Ledger

_SHOWN = 10


def numbers(ledger: Ledger, accounts: Sequence[str], settings: Settings) -> dict[str, str]:
    """The number of each G/L account and of each ``customer/NO`` and ``vendor/NO``.

    ``[datev.accounts]`` says it, else it is the number itself. A transit account that is not named
    there is its bank's, for books that keep both on one. UsageError names all that have none: G/L
    accounts have ``account_length`` digits at most, parties one more.
    """
    said, length = settings.datev["accounts"], settings.datev["account_length"]
    rows = ledger.rows("SELECT transit_account, gl_account FROM bank_account")
    bank_of = {transit: account for transit, account in rows if transit not in said}
    found, missing = {}, []
    for account in accounts:
        kind, slash, party = account.partition("/")
        is_party = bool(slash) and kind in ("customer", "vendor")
        own = bank_of.get(account, account)
        number = said.get(own, party if is_party else own)
        digits = range(length + 1, length + 2) if is_party else range(1, length + 1)
        if number.isascii() and number.isdecimal() and len(number) in digits:
            found[account] = number
        else:
            missing.append(own)
    if missing:
        listed = sorted(set(missing))
        more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
        raise UsageError(
            f"[datev.accounts]: no number for {', '.join(listed[:_SHOWN])}{more}; expected up to"
            f" {length} digits for an account and {length + 1} for a party, such as"
            f' "{listed[0]}" = "{"1" * (length + ("/" in listed[0]))}"'
        )
    return found
