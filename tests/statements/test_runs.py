"""Runs of statements: numbered without a gap, once for the same books, late postings told."""

import datetime as dt
import itertools
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline import (
    cli,
    config,
    deliveries,
    delivering,
    ledger,
    printing,
    statement_runs,
    statements,
)
from pipeline.ledger import as_of, outbox
from pipeline.ledger import statement_runs as runs
from pipeline.ledger.load import load
from pipeline.ledger.outbox import Scope
from pipeline.statements import Choice, Form
from pipeline.steps import quiet
from tests.ledger.letters import DAY
from tests.statements.posting_house import company
from tests.statements.test_formats import kept_before
from tests.statements.tying import days_of, late_not_tied

NEXT = dt.date(2026, 11, 30)


def run(settings: config.Settings, day: dt.date, form: Form | None = None) -> dict[str, int]:
    """A run on paper; how many statements, and how many none by reason."""
    number = statement_runs.compose(
        settings, day, form or Form(), Choice(), "print", "anna", quiet
    )["run"]  # fmt: skip
    statement_runs.approve(settings, number, "anna")
    found = deliveries.report(settings, number)
    return {"statements": found["statements"], **found["skipped"]}


def kept(settings: config.Settings, customer: str) -> list[tuple[int, int, dict[str, object]]]:
    """Number, revision and content of what a customer was told."""
    with ledger.open(settings.ledger) as book:
        rows = book.rows(
            "SELECT number, revision, content FROM customer_statement WHERE customer_no ="
            f" '{customer}' ORDER BY number"
        )
    return [(row[0], row[1], json.loads(row[2])) for row in rows]


def invoice(settings: config.Settings, folder: Path, number: str, day: str, amount: str) -> None:
    file = folder / f"{number}.csv"
    file.write_text(
        "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
        f"customer,C00002,invoice,{number},{day},EUR,{amount}\n"
    )
    with ledger.open(settings.ledger) as book:
        load(book, "ledger-entries", file, settings, actor="tester")


def test_the_same_again_is_no_new_statement_and_changed_books_are_a_revision(
    settings: config.Settings, tmp_path: Path
) -> None:
    settings = company(settings.ledger, tmp_path, 3)
    assert run(settings, DAY) == {"statements": 3}
    assert run(settings, DAY) == {"statements": 0, "has_it_already": 3}
    invoice(settings, tmp_path, "RE-LATE", "2026-10-31", "7.00")
    assert run(settings, DAY) == {"statements": 1, "has_it_already": 2}
    told = kept(settings, "C00002")
    assert [(number, revision) for number, revision, _ in told] == [(1, 0), (2, 1)]
    assert run(settings, NEXT) == {"statements": 3}
    assert [number for number, _, _ in kept(settings, "C00002")] == [1, 2, 3]


def test_a_newer_release_tells_nobody_that_the_books_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps more of the same facts; what waits of the older one goes."""
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    forms, keep = [Form(style) for style in statements.STYLES], statements.kept
    with monkeypatch.context() as older:
        older.setattr(statements, "kept", lambda data: keep(kept_before(data)))
        assert [run(settings, DAY, form) for form in forms] == [{"statements": 3}] * 3
    invoice(settings, tmp_path, "RE-LATE", "2026-10-31", "7.00")
    told = {"statements": 1, "has_it_already": 2}
    assert [run(settings, DAY, form) for form in forms] == [told] * 3
    for number in (1, 2, 3):
        done = deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
        assert (done["rendered"], done["printed"]) == (2, 2)


def test_a_revision_replaces_what_came_and_what_waits_does_not_go_any_more(
    settings: config.Settings, tmp_path: Path
) -> None:
    settings = company(settings.ledger, tmp_path, 3)

    def composed(amount: str) -> int:
        invoice(settings, tmp_path, f"RE-{amount}", "2026-10-31", amount)
        return int(statement_runs.compose(
            settings, DAY, Form(), Choice(), "print", "anna", quiet
        )["run"])  # fmt: skip

    first, second = composed("1.00"), composed("2.00")
    for number in (first, second):
        statement_runs.approve(settings, number, "anna")
        deliveries.deliver(settings, number, tmp_path, "anna", quiet)
    waited = [row[5:8] for row in deliveries.listed(settings, first, None) if row[2] == "C00002"]
    assert waited == [["print", "suppressed", "books_changed"]], "it would have been a second one"
    third = composed("3.00")
    with ledger.open(settings.ledger) as book:
        for number, replaces, notice in (
            (second, 0, None),
            (third, 2, "Revision 2 of the statement of this date: the books changed after it was"
             " sent. It replaces statement no. 2."),
        ):  # fmt: skip
            (found,) = [outbox.those(book, [n])[0] for n in outbox.ids(book, Scope(number))]
            said = statements.page(found.content, "0" * 64, found.number, found.revision,
                                   (found.replaces, found.replaced))  # fmt: skip
            assert (found.customer_no, found.replaces) == ("C00002", replaces)
            assert said.get("notice") == notice


@pytest.mark.parametrize("style", ["open_item", "balance_forward"])
def test_what_is_posted_late_shows_on_the_next_statement(tmp_path: Path, style: str) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    run(settings, DAY, Form(style))
    invoice(settings, tmp_path, "RE-LATE", "2026-10-30", "7.00")
    invoice(settings, tmp_path, "RE-NEXT", "2026-11-03", "9.00")
    run(settings, NEXT, Form(style))
    section = kept(settings, "C00002")[-1][2]["currencies"][0]  # type: ignore[index]
    told = [
        (row.get("text", row.get("document")), row.get("charge", ""), row["balance"])
        for row in section["late"]
    ]
    assert told == [
        ("Balance on 31 Oct 2026 as in statement no. 1", "", "2.50"),
        ("RE-LATE", "7.00", "9.50"),
        ("Balance on 31 Oct 2026 as of today", "", "9.50"),
    ]
    if style == "balance_forward":
        assert section["account"][0]["balance"] == "9.50", "it is what the next one begins with"
    other = kept(settings, "C00001")[-1][2]["currencies"][0]  # type: ignore[index]
    assert "late" not in other


def test_stated_and_late_are_what_the_next_begins_with_for_any_day_and_registers(
    sqlite_two_nights: config.Settings,
) -> None:
    chance = random.Random(31)
    with ledger.open(sqlite_two_nights.ledger) as book:
        days, last = days_of(book), book.rows("SELECT max(register_no) FROM register_seal")[0][0]
        pairs = list(itertools.combinations(range(last + 1), 2))
        tried = [(chance.choice(days), *chance.choice(pairs)) for _ in range(60)]
        assert [case for case in tried if late_not_tied(book, *case)] == []
        late = [as_of.customer_movements(book, d, to, after_register=at) for d, at, to in tried]
    assert sum(frame.height > 0 for frame in late) >= 5, "there was something to show"


def killed(settings: config.Settings, occasion: str = "", **form: object) -> None:
    """A run on paper whose process ends after 20 letters."""
    program = (
        "import json, os, signal, sys\n"
        "from pipeline import config, statement_runs\n"
        "from pipeline.ledger import statement_runs as runs\n"
        "from pipeline.steps import quiet\n"
        "from pipeline.statements import Choice, Form\n"
        "from tests.ledger.letters import DAY\n"
        "statement_runs._PART = 10\n"
        "whole, left = runs.record, [3]\n"
        "def record(*given):\n"
        "    left[0] -= 1\n"
        "    if not left[0]:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    whole(*given)\n"
        "runs.record = record\n"
        "settings = config.read(None, sys.argv[1], {})\n"
        "form = Form(**json.loads(sys.argv[3]))\n"
        "asked = (settings, DAY, form, Choice(), 'print', 'anna', quiet)\n"
        "statement_runs.compose(*asked, occasion=sys.argv[2])\n"
    )
    root = Path(__file__).parents[2]
    words = [sys.executable, "-c", program, settings.ledger, occasion, json.dumps(form)]
    assert subprocess.run(words, cwd=root, check=False).returncode == -9


def test_a_run_that_was_killed_goes_on_and_its_numbers_have_no_gap(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 60)
    killed(settings)
    with ledger.open(settings.ledger) as book:
        assert len(runs.done(book, 1)) == 20
        begun = dict(book.rows("SELECT customer_no, content FROM customer_statement"))
    asked = (settings, DAY, Form(), Choice(), "print", "anna", quiet)
    statement_runs.compose(*asked, workers=1)  # by another process, as many customers are
    with ledger.open(settings.ledger) as book:
        told = book.rows("SELECT customer_no, number, content FROM customer_statement ORDER BY id")
    assert [row[:2] for row in told] == [(f"C{number:05}", 1) for number in range(1, 61)]
    assert begun.items() <= {row[0]: row[2] for row in told}.items(), "what was kept stays"
    assert [row[0] for row in deliveries.all_runs(settings)] == [1], "it is the same run"


def test_who_has_a_letter_of_a_run_that_nobody_ends_gets_one_of_the_next(tmp_path: Path) -> None:
    """Killed, and asked for in other words since: by a person, or by a release that has more."""
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 60)
    killed(settings)
    assert run(settings, DAY, Form("open_item")) == {"statements": 60}
    assert run(settings, DAY)["has_it_already"] == 40, "the first one goes on, and tells nobody"
    goes = [row[2] for row in deliveries.listed(settings, None, "pending")]
    assert sorted(goes) == [f"C{number:05}" for number in range(1, 61)], "each once"


def test_a_letter_of_a_run_that_nobody_ends_was_told_to_nobody(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 60)
    killed(settings)
    invoice(settings, tmp_path, "RE-LATE", "2026-10-30", "7.00")
    run(settings, NEXT)
    assert "late" not in kept(settings, "C00002")[-1][2]["currencies"][0]  # type: ignore[index]


def test_a_run_of_an_occasion_is_there_once_in_its_first_words(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    words = (Choice(), "print", "anna", quiet, "2026-10")
    first = statement_runs.compose(settings, DAY, Form("activity"), *words)
    again = statement_runs.compose(settings, DAY, Form("open_item"), *words)
    assert first == again
    assert kept(settings, "C00001")[0][2]["style"] == "activity"


def test_printed_by_postcode_in_one_file(tmp_path: Path) -> None:
    from pypdf import PdfReader

    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 5)
    number = statement_runs.compose(
        settings, DAY, Form(), Choice(), "print", "anna", quiet
    )["run"]  # fmt: skip
    statement_runs.approve(settings, number, "anna")
    done = deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
    (file,) = done["print_files"]
    pages = PdfReader(file["file"]).pages
    assert (len(pages), file["pages"]) == (5, 5)
    said = [re.search(r"C0000\d", page.extract_text()) for page in pages]
    assert [found[0] for found in said if found] == [f"C0000{n}" for n in (5, 4, 3, 2, 1)]


def test_what_is_printed_again_takes_the_place_of_no_file(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    number = statement_runs.compose(
        settings, DAY, Form(), Choice(), "print", "anna", quiet
    )["run"]  # fmt: skip
    statement_runs.approve(settings, number, "anna")
    deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
    whole = (tmp_path / "out" / f"print-run-{number}-1.pdf").read_bytes()
    deliveries.decide(settings, "bounced", [1], "the post gave it back", "anna")
    deliveries.decide(settings, "resend", [1], "the address is right now", "anna")
    (file,) = deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)["print_files"]
    assert (Path(file["file"]).name, file["pages"]) == (f"print-run-{number}-1-1.pdf", 1)
    assert (tmp_path / "out" / f"print-run-{number}-1.pdf").read_bytes() == whole


def test_a_statement_that_was_erased_stops_no_other_on_its_way_to_the_printer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And parts as small as can be are the same files and figures."""
    monkeypatch.setattr(delivering, "_PART", 2)
    monkeypatch.setattr(printing, "_MOST", 2)
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 5)
    number = statement_runs.compose(
        settings, DAY, Form(), Choice(), "print", "anna", quiet
    )["run"]  # fmt: skip
    statement_runs.approve(settings, number, "anna")
    said: list[tuple[str, int, int]] = []
    done = delivering.render(
        settings, Scope(number), tmp_path / "out", "anna", lambda *told: said.append(told)
    )
    assert (done, said[-1]) == ({"rendered": 5, "not_rendered": 0}, ("render", 5, 5))
    with ledger.open(settings.ledger) as book, book.transaction() as connection:
        connection.exec_driver_sql("UPDATE customer_statement SET content = '' WHERE id = 2")
    printed = printing.print_batch(settings, Scope(number), tmp_path / "out", "anna")
    assert [file["statements"] for file in printed["print_files"]] == [1, 2, 1]
    assert deliveries.report(settings, number)["print"] == {"sent": 4, "failed: not_rendered": 1}


def test_the_command_line_tells_a_run(
    sqlite_two_nights: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = ["--ledger", sqlite_two_nights.ledger]
    words = [*start, "statements", "--as-of", "2026-10-31", "--out", str(tmp_path / "out")]
    assert cli.main([*words, "--print", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["print"] == {"sent": told["statements"]}
    assert cli.main([*words, "--print"]) == 0
    assert f"has it already: {told['statements']}" in capsys.readouterr().out
    assert cli.main([*words, "--email"]) == 2
    assert "[mail] host: nothing is set" in capsys.readouterr().err
    assert cli.main([*start, "outbox", "list", "--state", "sent"]) == 0
    assert "2026-10-31" in capsys.readouterr().out
    assert cli.main([*start, "outbox", "confirm", "999", "--reason", "x"]) == 1
    assert "delivery 999: there is none" in capsys.readouterr().err
    assert cli.main([*start, "outbox", "report", "--run", "9"]) == 2
    assert "--run 9: no such run" in capsys.readouterr().err


def test_what_is_erased_is_gone_and_the_ledger_holds(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    run(settings, DAY)
    with ledger.open(settings.ledger) as book:
        with book.transaction() as connection:
            connection.exec_driver_sql("UPDATE customer_statement SET content = '' WHERE id = 2")
            connection.exec_driver_sql("UPDATE delivery SET recipient = '' WHERE id = 2")
        assert book.frame("SELECT content FROM customer_statement WHERE id = 2",
                          {"content": pl.String})["content"][0] == ""  # fmt: skip


def test_a_report_names_customers_whose_payment_waits_for_a_decision(
    sqlite_two_nights: config.Settings,
) -> None:
    """The books have not decided whose a line is; who reads the report may, before it goes."""
    for per in ("customer", "parent"):
        words = (Form(per=per), Choice(), "print", "anna", quiet)
        number = statement_runs.compose(sqlite_two_nights, DAY, *words)["run"]
        found = deliveries.report(sqlite_two_nights, number)
        if per == "customer":
            assert found["may_have_paid"] == {"10050": 1, "10190": 1, "10290": 1}
    early = statement_runs.compose(sqlite_two_nights, dt.date(2026, 10, 1), *words)["run"]
    assert "may_have_paid" not in deliveries.report(sqlite_two_nights, early)
