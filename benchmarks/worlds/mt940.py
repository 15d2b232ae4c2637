"""MT940 as banks write it: one statement a day; ``:86:`` comes from the bank's dialect."""

from collections.abc import Iterable
from datetime import date

from benchmarks.worlds import written
from benchmarks.worlds.dialects import Dialect
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Line

_CODES = {"fee": "NCHG", "interest": "NINT", "check": "NCHK", "return": "NRTI", "own": "NTRF",
          "direct_debit": "NDDT", "batch": "NMSC", "deposit": "NMSC",
          "transfer": "NTRF"}  # fmt: skip


def statement(bank: Bank, currency: str, day: date, number: int, opening: int,
              lines: Iterable[Line], dialect: Dialect) -> list[str]:  # fmt: skip
    """The lines of the file for one day; balances follow from the opening one."""
    stamp = f"{day:%y%m%d}"
    rows = [f":20:{bank.no.replace('-', '')}{stamp}", f":25:{bank.account_id}",
            f":28C:{number:05}/001", f":60F:{_balance(opening, stamp, currency)}"]  # fmt: skip
    closing = opening
    for line in lines:
        closing += line.amount
        rows += _booked(line, bank, currency)
        rows += dialect(line, bank)
    return [*rows, f":62F:{_balance(closing, stamp, currency)}", "-"]


def _balance(amount: int, stamp: str, currency: str) -> str:
    mark = "D" if amount < 0 else "C"
    return f"{mark}{stamp}{currency}{written.decimal(amount, ',')}"


def _booked(line: Line, bank: Bank, currency: str) -> list[str]:
    mark = "D" if line.amount < 0 else "C"
    own = line.check_no or "NONREF"
    row = (f":61:{line.paid:%y%m%d}{line.day:%m%d}{mark}{written.decimal(line.amount, ',')}"
           f"{_CODES[line.kind]}{own}//{line.ref}")  # fmt: skip
    if line.original and line.charges and line.kind != "return":
        code, amount = line.original
        charge = written.decimal(line.charges, ",")
        return [row, f"/OCMT/{code}{written.decimal(amount, ',')}/CHGS/{currency}{charge}"]
    if bank.dialect == "british":
        name = written.name(line, bank)
        return [row, f"{name:<22}{'FPI' if line.amount > 0 else 'FPO'}"]
    return [row]
