"""Storing what banks send: once, whole, in any number of processes, and held when in doubt."""

from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify

IBAN = "DE16370501980000001000"
BANKS = f"no,name,currency,iban,account_id,active_from\nB,Bank,EUR,{IBAN},37/1,2020-01-01\n"


@pytest.fixture
def books(tmp_path: Path) -> config.Settings:
    settings = config.read(None, f"sqlite:///{tmp_path}/ledger.db")
    ledger.init(settings.ledger)
    accounts(settings, tmp_path, BANKS)
    return settings


def accounts(settings: config.Settings, folder: Path, rows: str) -> None:
    file = folder / "banks.csv"
    file.write_text(rows)
    with ledger.open(settings.ledger) as book:
        load(book, "bank-accounts", file, settings, actor="tester")


def mt940(
    number: str,
    day: str,
    opening: int,
    *cents: int,
    account: str = IBAN,
    marks: tuple[str, str] = ("60F", "62F"),
    closing: int | None = None,
    currency: str = "EUR",
) -> str:
    def money(value: int) -> str:
        return f"{abs(value) // 100},{abs(value) % 100:02d}"

    lines = "".join(
        f":61:{day}{day[2:]}{'C' if value >= 0 else 'D'}{money(value)}NTRFNONREF//R{day}{place}\n"
        for place, value in enumerate(cents)
    )
    end = opening + sum(cents) if closing is None else closing
    return (
        f":20:T\n:25:{account}\n" + (f":28C:{number}\n" if number else "")
        + f":{marks[0]}:C{day}{currency}{money(opening)}\n{lines}"
        f":{marks[1]}:C{day}{currency}{money(end)}\n-\n"
    )  # fmt: skip


def ofx(day: str, closing: str, *rows: tuple[str, str, str, str]) -> str:
    listed = "".join(
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>{date}\n<TRNAMT>{amount}\n"
        + (f"<FITID>{fitid}\n" if fitid else "")
        + f"<NAME>{name}\n</STMTTRN>\n"
        for date, amount, fitid, name in rows
    )
    return (
        "OFXHEADER:100\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR\n<BANKACCTFROM>"
        f"<BANKID>37\n<ACCTID>1\n</BANKACCTFROM><BANKTRANLIST>\n{listed}</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{closing}\n<DTASOF>{day}\n</LEDGERBAL></STMTRS></STMTTRNRS>"
        "</BANKMSGSRSV1></OFX>\n"
    )


def night(settings: config.Settings, folder: Path, **files: str) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    receipt = steps.ingest(settings, [folder], "tester")
    with ledger.open(settings.ledger) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []
    return receipt


def statements(settings: config.Settings) -> list[tuple[str, str, str]]:
    found = exported(settings, "statements")
    return found.select("statement_no", "status", "reason").rows()


def exported(settings: config.Settings, kind: str) -> pl.DataFrame:
    with ledger.open(settings.ledger) as book:
        return export(book, kind)


def test_b30_the_same_file_twice_changes_nothing(books: config.Settings, tmp_path: Path) -> None:
    text = mt940("1", "260105", 0, 500)
    night(books, tmp_path / "a", one=text)
    receipt = night(books, tmp_path / "b", other_name=text)
    assert receipt["duplicate_files"] == 1
    assert statements(books) == [("1", "received", "")]


def test_b31_the_same_statement_in_other_bytes_is_known(
    books: config.Settings, tmp_path: Path
) -> None:
    text = mt940("1", "260105", 0, 500, 700)
    night(books, tmp_path / "a", one=text)
    receipt = night(books, tmp_path / "b", two=text.replace("\n", "\r\n") + "\n\n")
    assert receipt["duplicate"] == 1
    assert exported(books, "lines").height == 2


def test_b31_the_same_statements_in_another_order_and_envelope_are_known(
    books: config.Settings, tmp_path: Path
) -> None:
    one, two = mt940("1", "260105", 0, 500, 700), mt940("2", "260106", 1200, 100)
    night(books, tmp_path / "a", one=one + two)
    wrapped = f"{{1:F01BANKDEFFXXXX}}{{2:O9401200}}{{4:\n{one[:-2]}-}}"
    swapped = one.replace("//R2601050", "//R2601059", 1).replace("//R2601051", "//R2601050")
    receipt = night(books, tmp_path / "b", two=two + wrapped, three=one.replace(":20:T", ":20:U"))
    assert receipt["duplicate"] == 3
    assert exported(books, "lines").height == 3
    assert night(books, tmp_path / "c", x=swapped)["held"] == 1


def test_b32_another_content_under_the_same_number_is_held(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path / "a", one=mt940("1", "260105", 0, 500))
    receipt = night(books, tmp_path / "b", two=mt940("1", "260105", 0, 600))
    assert receipt["held"] == 1
    assert sorted(statements(books)) == [("1", "held", "number_reused"), ("1", "received", "")]


def test_b40_a_statement_that_does_not_tie_is_held_and_replaced_by_one_that_does(
    books: config.Settings, tmp_path: Path
) -> None:
    receipt = night(books, tmp_path / "a", one=mt940("1", "260105", 0, 500, closing=501))
    assert receipt["problems"] == ["one: statement 1 held: does_not_tie"]
    assert statements(books) == [("1", "held", "does_not_tie")]
    night(books, tmp_path / "b", two=mt940("1", "260105", 0, 500))
    assert statements(books) == [("1", "received", "")]
    assert exported(books, "lines")["status"].to_list() == ["unmatched"]


def test_b41_pages_wait_for_each_other_in_any_order(books: config.Settings, tmp_path: Path) -> None:
    first = mt940("5/1", "260105", 0, 500, marks=("60F", "62M"))
    second = mt940("5/2", "260105", 500, 70, marks=("60M", "62M"))
    third = mt940("5/3", "260105", 570, 8, marks=("60M", "62F"))
    receipt = night(books, tmp_path / "a", x=third)
    assert receipt["held"] == 1
    night(books, tmp_path / "b", x=first)
    assert [row[1:] for row in statements(books)] == [("held", "incomplete")] * 2
    night(books, tmp_path / "c", x=second)
    assert statements(books) == [("5", "received", "")]
    lines = exported(books, "lines")
    assert lines["amount"].to_list() == ["5.00", "0.70", "0.08"]
    assert lines["line_no"].to_list() == [1, 2, 3]


def test_b41_pages_in_one_file_are_one_statement(books: config.Settings, tmp_path: Path) -> None:
    first = mt940("5/1", "260105", 0, 500, marks=("60F", "62M"))
    second = mt940("5/2", "260105", 500, 70, marks=("60M", "62F"))
    receipt = night(books, tmp_path / "a", x=second + first)
    assert receipt["problems"] == []
    assert statements(books) == [("5", "received", "")]


def test_b45_an_unknown_account_is_held_until_it_is_loaded(
    books: config.Settings, tmp_path: Path
) -> None:
    other = "DE86370501980000001001"
    text = mt940("1", "260105", 0, 500) + mt940("1", "260105", 0, 900, account=other)
    receipt = night(books, tmp_path / "a", x=text)
    assert (receipt["received"], receipt["held"]) == (1, 1)
    assert ("1", "held", "unknown_account") in statements(books)
    accounts(books, tmp_path, BANKS + f"C,Other,EUR,{other},,2020-01-01\n")
    receipt = night(books, tmp_path / "a")
    assert receipt["problems"] == []
    assert statements(books) == [("1", "received", "")] * 2


def test_b45_what_was_wrong_beside_the_unknown_account_still_holds(
    books: config.Settings, tmp_path: Path
) -> None:
    other = "DE86370501980000001001"
    night(books, tmp_path / "a", x=mt940("1", "260105", 0, 900, account=other, closing=1))
    accounts(books, tmp_path, BANKS + f"C,Other,EUR,{other},,2020-01-01\n")
    night(books, tmp_path / "a")
    assert statements(books) == [("1", "held", "does_not_tie")]


@pytest.mark.parametrize(
    ("day", "currency", "reason"),
    [("260105", "CHF", "wrong_currency"), ("190105", "EUR", "account_inactive")],
)
def test_b46_a_statement_that_cannot_be_of_the_account_is_held(
    books: config.Settings, tmp_path: Path, day: str, currency: str, reason: str
) -> None:
    night(books, tmp_path / "a", x=mt940("1", day, 0, 500, currency=currency))
    assert statements(books) == [("1", "held", reason)]


def test_b38_numbers_restart_in_january_and_may_be_absent(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path / "a", x=mt940("1", "250105", 0, 500))
    night(books, tmp_path / "b", x=mt940("1", "260105", 500, 100))
    night(books, tmp_path / "c", x=mt940("", "260106", 600, 1), y=mt940("0", "260107", 601, 1))
    assert statements(books) == [
        ("1", "received", ""),
        ("1", "received", ""),
        ("2026-01-06", "received", ""),
        ("2026-01-07", "received", ""),
    ]


def test_an_mt940_that_overlaps_stored_lines_is_held(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path / "a", x=mt940("1", "260105", 0, 500))
    weekly = mt940("900", "260105", 0, 500, 70)
    night(books, tmp_path / "b", x=weekly)
    assert statements(books) == [("1", "received", ""), ("900", "held", "overlap")]


def test_b33_b34_b35_overlapping_ofx_ranges_and_twin_payments(
    books: config.Settings, tmp_path: Path
) -> None:
    a, b = ("20260105", "5.00", "", "Twin"), ("20260106", "7.00", "F2", "Other")
    night(books, tmp_path / "a", x=ofx("20260105", "5.00", a))
    receipt = night(books, tmp_path / "b", x=ofx("20260106", "17.00", a, a, b))
    assert receipt["lines"] == 2
    assert exported(books, "lines")["amount"].to_list() == ["5.00", "5.00", "7.00"]
    assert exported(books, "statements")["opening"].to_list() == ["0.00", "5.00"]


def test_the_same_fitid_with_another_text_is_the_same_line(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path / "a", x=ofx("20260105", "5.00", ("20260105", "5.00", "F1", "A")))
    changed = ("20260105", "5.00", "F1", "A changed")
    night(books, tmp_path / "b", x=ofx("20260106", "5.00", changed))
    assert exported(books, "lines").height == 1
    assert [row[0] for row in statements(books)] == ["2026-01-05", "2026-01-06"]


@pytest.mark.parametrize(
    ("closing", "lines", "fate"),
    [("20.00", 2, "received"), ("15.00", 1, "received"), ("99.00", 2, "held")],
)
def test_b53_a_fitid_twice_in_one_file_is_decided_by_the_balance(
    books: config.Settings, tmp_path: Path, closing: str, lines: int, fate: str
) -> None:
    night(books, tmp_path / "a", x=ofx("20260104", "10.00", ("20260104", "10.00", "F0", "A")))
    twice = ("20260105", "5.00", "F1", "A")
    night(books, tmp_path / "b", x=ofx("20260105", closing, twice, twice))
    assert exported(books, "lines").height == 1 + lines
    assert statements(books)[1][1] == fate


def test_two_ofx_statements_of_one_day_are_numbered(books: config.Settings, tmp_path: Path) -> None:
    night(books, tmp_path / "a", x=ofx("20260105", "5.00", ("20260105", "5.00", "F1", "A")))
    night(books, tmp_path / "b", x=ofx("20260105", "6.00", ("20260105", "1.00", "F2", "A")))
    night(books, tmp_path / "c", x=ofx("20260105", "8.00", ("20260105", "2.00", "F3", "A")))
    assert [row[0] for row in statements(books)] == ["2026-01-05", "2026-01-05/2", "2026-01-05/3"]


def test_b54_announced_lines_never_count_and_the_booked_one_takes_them_over(
    books: config.Settings, tmp_path: Path
) -> None:
    intraday = (
        f":20:I\n:25:{IBAN}\n:28C:1/1\n:34F:EUR0,\n:13D:2601051200+0100\n"
        ":61:2601050105C5,00NTRFNONREF//R1\n:90C:1EUR5,00\n-\n"
    )
    night(books, tmp_path / "a", x=intraday)
    assert exported(books, "lines")["status"].to_list() == ["announced"]
    night(books, tmp_path / "b", x=mt940("1", "260105", 0, 500))
    assert exported(books, "lines")["status"].to_list() == ["unmatched"]


def test_a_refused_statement_is_seen_beside_the_others(
    books: config.Settings, tmp_path: Path
) -> None:
    cut = mt940("2", "260106", 500, 100).split(":62F:")[0]
    receipt = night(books, tmp_path / "a", x=mt940("1", "260105", 0, 500) + cut)
    assert receipt["problems"] == [
        "x: statement 2, line 8: cut: field :62F: is missing; expected the closing balance"
    ]
    assert sorted(statements(books)) == [("1", "received", ""), ("2", "refused", "cut")]
    night(books, tmp_path / "b", x=mt940("2", "260106", 500, 100))
    assert sorted(statements(books)) == [("1", "received", ""), ("2", "received", "")]


def test_any_number_of_processes_gives_the_same_ledger(tmp_path: Path) -> None:
    found = []
    folder = tmp_path / "inbox"
    folder.mkdir()
    for place in range(6):
        text = mt940(str(place + 1), f"26010{place + 1}", 100 * place, 100)
        (folder / f"{9 - place}.sta").write_text(text)
    for workers in (0, 1, 2):
        settings = config.read(None, f"sqlite:///{tmp_path}/{workers}.db")
        ledger.init(settings.ledger)
        accounts(settings, tmp_path, BANKS)
        steps.ingest(settings, [folder], "tester", workers=workers)
        with ledger.open(settings.ledger) as book:
            rows = book.rows("SELECT * FROM statement_line ORDER BY line_id")
            found.append([tuple(row) for row in rows])
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 6


def test_b61_what_is_no_regular_file_is_refused_by_name_and_the_others_go_through(
    books: config.Settings, tmp_path: Path
) -> None:
    import os

    inbox = tmp_path / "a"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe")
    (inbox / "link").symlink_to(tmp_path / "banks.csv")
    (inbox / "folder").mkdir()
    (inbox / "half.sta.part").write_text("x")
    (inbox / ".hidden").write_text("x")
    receipt = night(books, inbox, good=mt940("1", "260105", 0, 500))
    assert receipt["problems"] == [
        "link: is a link; expected a regular file",
        "pipe: is no regular file; refused",
    ]
    assert receipt["received"] == 1
    assert not any("pipe" in text for text in receipt["problems_by_hash"])  # type: ignore[attr-defined]


def test_b61_what_cannot_be_read_is_told_once_and_stays_in_the_list(
    books: config.Settings, tmp_path: Path
) -> None:
    import os

    inbox = tmp_path / "a"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe")
    (inbox / os.fsdecode(b"x" * 250 + b"\xff.s")).write_text(mt940("1", "260105", 0, 500))
    assert night(books, inbox)["problems"] == ["pipe: is no regular file; refused"]
    assert night(books, inbox)["problems"] == []
    assert sorted(statements(books)) == [("", "refused", "not_readable"), ("1", "received", "")]


def test_a_changed_text_under_one_fitid_is_kept_beside_the_line(
    books: config.Settings, tmp_path: Path
) -> None:
    def file(day: str, name: str, *more: tuple[str, str, str, str]) -> str:
        return ofx(day, "5.00" if not more else "6.00", ("20260105", "5.00", "F1", name), *more)

    night(books, tmp_path / "a", x=file("20260105", "TERMINAL 12"))
    again = night(books, tmp_path / "b", x=file("20260105", "Bakery"))
    assert (again["lines"], again["changed_texts"]) == (0, 1)
    same = night(books, tmp_path / "c", x=file("20260105", "Bakery").replace("\n", "\r\n"))
    assert "changed_texts" not in same
    other = ("20260106", "1.00", "F2", "B")
    night(books, tmp_path / "d", x=file("20260106", "Bakery Ltd", other))
    lines, revisions = exported(books, "lines"), exported(books, "revisions")
    assert lines["counterparty_name"].to_list() == ["TERMINAL 12", "B"]
    assert revisions.select("bank_reference", "line_no", "text").rows() == [
        ("F1", 1, "Bakery"),
        ("F1", 1, "Bakery Ltd"),
    ]
    assert revisions["file_sha256"].n_unique() == 2


def test_of_twins_under_one_fitid_nobody_knows_which_one_changed(
    books: config.Settings, tmp_path: Path
) -> None:
    twins = [("20260105", "5.00", "F1", name) for name in ("A", "B")]
    night(books, tmp_path / "a", x=ofx("20260105", "10.00", *twins))
    changed = [("20260105", "5.00", "F1", name) for name in ("A", "C")]
    receipt = night(books, tmp_path / "b", x=ofx("20260105", "10.00", *changed))
    assert "changed_texts" not in receipt
    assert exported(books, "lines").height == 2


def test_a_wholly_refused_file_is_one_row_until_the_same_statements_come_whole(
    books: config.Settings, tmp_path: Path
) -> None:
    one, two = mt940("1", "260105", 0, 500), mt940("2", "260106", 500, 100)
    cut = one.split(":62F:")[0] + two.split(":62F:")[0]
    receipt = night(books, tmp_path / "a", x=cut)
    assert receipt["refused"] == 2
    assert [text.partition(": ")[2] for text in receipt["problems_by_hash"]] == [
        "statement 1, line 1: cut",
        "statement 2, line 6: cut",
    ]
    assert statements(books) == [("", "refused", "cut")]
    night(books, tmp_path / "b", x=one)
    assert sorted(statements(books)) == [("", "refused", "cut"), ("1", "received", "")]
    night(books, tmp_path / "c", x=two)
    assert statements(books) == [("1", "received", ""), ("2", "received", "")]


def test_lines_of_an_unknown_account_have_no_bank_account(
    books: config.Settings, tmp_path: Path
) -> None:
    night(books, tmp_path / "a", x=mt940("1", "260105", 0, 900, account="ELSEWHERE"))
    (line,) = exported(books, "lines").to_dicts()
    assert (line["bank_account_no"], line["status"]) == ("", "held")
    assert exported(books, "statements")["bank_account_no"].to_list() == [""]


def test_logs_get_codes_and_hashes_and_no_text_of_the_file(
    books: config.Settings, tmp_path: Path
) -> None:
    bad = mt940("1", "260105", 0, 900).replace(":60F:C260105EUR0,00", ":60F:Anna Canary")
    worse = ofx("20260105", "5.00", ("20260105", "Anna Canary", "F1", "A"))
    receipt = night(books, tmp_path / "a", canary=bad, canary2=worse, canary3="Anna Canary")
    assert len(receipt["problems_by_hash"]) == 3
    assert "anary" not in str(receipt["problems_by_hash"])


def test_a_long_statement_is_taken_in_pieces_and_an_overlap_stays_one(
    books: config.Settings, tmp_path: Path
) -> None:
    """Lines pass through memory in pieces of 2,000; the known ones lie on both sides of a cut."""
    rows = [("20261028", f"{1 + place % 7}.00", f"F{place}", f"N{place}") for place in range(3200)]
    sums = [sum(int(amount[:-3]) for _, amount, _, _ in rows[:end]) for end in (2300, 3200)]
    first, second = ofx("20261028", f"{sums[0]}.00", *rows[:2300]), rows[1000:]
    night(books, tmp_path / "one", **{"a.ofx": first})
    night(books, tmp_path / "two", **{"b.ofx": ofx("20261029", f"{sums[1]}.00", *second)})
    with ledger.open(books.ledger) as book:
        stored = book.rows(
            "SELECT l.bank_reference, l.counterparty_name, l.amount FROM statement_line l"
            " JOIN statement s ON s.id = l.statement_id ORDER BY s.id, l.line_no"
        )
        numbers = "SELECT count(*), min(line_no), max(line_no) FROM statement_line"
        assert book.rows(f"{numbers} GROUP BY statement_id ORDER BY statement_id") == [
            (2300, 1, 2300), (900, 1, 900),
        ]  # fmt: skip
    assert [tuple(row) for row in stored] == [
        (fitid, name, int(amount[:-3]) * 100) for _, amount, fitid, name in rows
    ]
