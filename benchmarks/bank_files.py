"""What the banks send: the lines of a world as MT940 (German ?nn fields) and OFX 1 files."""

from pathlib import Path

import polars as pl

from benchmarks.world import DAYS
from pipeline.domain import money

_A_STATEMENT = 500


def write_mt940(lines: pl.DataFrame, folder: Path) -> None:
    """One file an account, one statement for each 500 lines of a day, balances that follow."""
    folder.mkdir(parents=True, exist_ok=True)
    for (account,), own in lines.sort("line").group_by("account", maintain_order=True):
        balance, number, text = 0, 0, []
        for (day,), dated in own.group_by("day", maintain_order=True):
            for start in range(0, dated.height, _A_STATEMENT):
                number += 1
                part = dated.slice(start, _A_STATEMENT)
                closing = balance + int(part["amount"].sum())
                date = DAYS[int(str(day))].replace("-", "")[2:]
                text += _statement(int(str(account)), number, date, balance, closing, part)
                balance = closing
        (folder / f"account-{account}.sta").write_text("\r\n".join(text) + "\r\n", "utf-8")


def _statement(
    account: int, number: int, date: str, opening: int, closing: int, part: pl.DataFrame
) -> list[str]:
    rows = [f":20:STARTUMS{number}", f":25:50040000/{1000 + account}", f":28C:{number}"]
    rows.append(f":60F:{_balance(opening, date)}")
    for row in part.rows(named=True):
        mark, amount = ("D", -row["amount"]) if row["amount"] < 0 else ("C", row["amount"])
        kind = "NCHG" if row["case"] == "fee" else "NTRF"
        figure = money.text(amount, "EUR").replace(".", ",")
        rows.append(f":61:{date}{date[2:]}{mark}{figure}{kind}NONREF//B{row['line']:08}")
        rows += _details(row)
    return [*rows, f":62F:{_balance(closing, date)}", "-"]


def _balance(amount: int, date: str) -> str:
    mark = "D" if amount < 0 else "C"
    return f"{mark}{date}EUR{money.text(abs(amount), 'EUR').replace('.', ',')}"


def _details(row: dict[str, object]) -> list[str]:
    """Field :86: in the German layout: remittance pieces of 27 characters, lines of 65."""
    text = f"EREF+E2E{row['line']:09}SVWZ+{row['text']}"
    pieces = [text[start : start + 27] for start in range(0, len(text), 27)]
    fields = [f"?{20 + place}{piece}" for place, piece in enumerate(pieces[:10])]
    iban = f"?30COLSDE33XXX?31{row['iban']}" if row["iban"] else ""
    name = str(row["name"])
    joined = f":86:166?00GUTSCHRIFT?109301{''.join(fields)}{iban}?32{name[:27]}"
    joined += f"?33{name[27:54]}" if len(name) > 27 else ""
    return [joined[start : start + 65] for start in range(0, len(joined), 65)]


def write_ofx(lines: pl.DataFrame, folder: Path) -> None:
    """One OFX 1 file an account with all its lines of both days; the balance is the sum."""
    folder.mkdir(parents=True, exist_ok=True)
    for (account,), own in lines.sort("line").group_by("account", maintain_order=True):
        rows = "".join(
            f"<STMTTRN><TRNTYPE>{'SRVCHG' if row['case'] == 'fee' else 'CREDIT'}"
            f"<DTPOSTED>{DAYS[row['day']].replace('-', '')}"
            f"<TRNAMT>{money.text(row['amount'], 'EUR')}<FITID>B{row['line']:08}"
            f"<NAME>{row['name'][:32].replace('&', '&amp;')}<MEMO>{row['text']}</STMTTRN>\n"
            for row in own.rows(named=True)
        )
        first, last = (day.replace("-", "") for day in (DAYS[0], DAYS[-1]))
        (folder / f"account-{account}.ofx").write_text(
            "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\n"
            "CHARSET:NONE\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
            "<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>EUR<BANKACCTFROM>"
            f"<BANKID>50040000<ACCTID>{1000 + int(str(account))}<ACCTTYPE>CHECKING</BANKACCTFROM>"
            f"<BANKTRANLIST><DTSTART>{first}<DTEND>{last}\n{rows}</BANKTRANLIST><LEDGERBAL>"
            f"<BALAMT>{money.text(int(own['amount'].sum()), 'EUR')}<DTASOF>{last}</LEDGERBAL>"
            "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n",
            "utf-8",
        )
