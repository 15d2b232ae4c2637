"""MT940 as banks write it: one statement a day, ``:86:`` in the dialect of the bank."""

from collections.abc import Callable, Iterable
from datetime import date

from benchmarks.worlds import written
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Line

_CODES = {"fee": "NCHG", "interest": "NINT", "check": "NCHK", "return": "NRTI", "own": "NTRF",
          "direct_debit": "NDDT", "batch": "NMSC", "deposit": "NMSC",
          "transfer": "NTRF"}  # fmt: skip
_BUSINESS = {  # German business transaction code and booking text: money in, money out
    "transfer": ("166", "GUTSCHRIFT", "177", "UEBERWEISUNG"),
    "own": ("166", "GUTSCHRIFT", "116", "UEBERWEISUNG"),
    "direct_debit": ("171", "LASTSCHRIFTEINZUG", "105", "BASISLASTSCHRIFT"),
    "batch": ("192", "SAMMLER", "191", "SAMMLER"),
    "return": ("159", "RETOURE", "109", "RUECKLASTSCHRIFT"),
    "fee": ("805", "ABSCHLUSS", "805", "ABSCHLUSS"),
    "interest": ("814", "ZINSEN", "814", "ZINSEN"),
    "check": ("070", "SCHECKEINREICHUNG", "101", "SCHECK"),
    "deposit": ("082", "EINZAHLUNG", "083", "AUSZAHLUNG"),
}
Dialect = Callable[[Line, Bank], list[str]]


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
    return [row]


def wrapped(joined: str, width: int = 65) -> list[str]:
    """Hard line ends, inside words and numbers, as banks do."""
    return [joined[start : start + width].rstrip() for start in range(0, len(joined), width)]


def pieces(text: str, width: int = 27) -> list[str]:
    """Pieces of a sub-field."""
    return [text[start : start + width] for start in range(0, len(text), width)]


def german(line: Line, bank: Bank) -> list[str]:
    """``?nn`` sub-fields of 27 characters with SEPA codewords."""
    codes = _BUSINESS[line.kind]
    code, booking = codes[:2] if line.amount > 0 else codes[2:]
    text = " ".join(part for part in (line.reference, written.text(line, bank)) if part)
    back = line.kind == "return" and line.charges
    told = [(mark, value) for mark, value in (
        ("EREF+", line.end_to_end), ("MREF+", line.mandate),
        ("OAMT+", written.decimal(line.original[1], ",") if back and line.original else ""),
        ("COAM+", written.decimal(line.charges, ",") if back else ""),
        ("SVWZ+", text)) if value]  # fmt: skip
    places = [piece for mark, value in told for piece in pieces(mark + value)]
    numbers = [*range(20, 30), *range(60, 64)]
    fields = "".join(f"?{n}{piece}" for n, piece in zip(numbers, places, strict=False))
    name = written.name(line, bank)
    account = f"?30{_bic(line.account)}?31{line.account}" if line.account and name else ""
    account = account or (f"?31{line.account}" if line.account else "")
    for place, piece in enumerate(pieces(name)[:2]):
        account += f"?{32 + place}{piece}"
    reason = "?34912" if line.kind == "return" else ""
    return wrapped(f":86:{code}?00{booking}?109301{fields}{account}{reason}")


def _bic(account: str) -> str:
    return f"{account[4:8] if account[4:8].isalpha() else 'COBA'}{account[:2]}FFXXX"
