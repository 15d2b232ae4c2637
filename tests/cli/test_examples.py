"""Every command's --help ends with an example; here each one is run, with Airflow blocked."""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, ledger
from pipeline.ledger.verify import verify

BOOKS = {
    "bank-accounts": "no,name,currency,iban,last_statement_no,last_statement_balance,"
    "last_statement_date\nDE-EUR,Hansebank,EUR,DE38500400000123456700,210,1000.00,2026-10-28\n",
    "customers": "no,name,ibans\nC1,Sommer Handel OHG,DE91370501980000001105\n"
    "C2,Brandt & Söhne KG,DE75370501980000001102\nC3,Kessler Elektro GmbH,DE21370501980000001104\n",
    "ledger-entries": "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    + "".join(
        f"customer,{party},invoice,RE-{number},2026-10-01,EUR,{amount}\n"
        for party, number, amount in (
            ("C1", 1001, "250.00"), ("C1", 1002, "250.00"), ("C2", 1003, "500.00"),
            ("C2", 1004, "500.00"), ("C3", 1005, "90.00"), ("C3", 1006, "90.00"),
            ("C1", 1007, "40.00"),
        )
    ),
}  # fmt: skip
OTHERWISE = "lettrage load ledger-entries otherwise.csv"
"""The ERP says 45.00 of RE-1007: a conflict, exit 1."""
LINES = (
    ("C250,00", "166?20SVWZ+Zahlung?31DE91370501980000001105?32Sommer Handel OHG"),
    ("D77,00", "105?20SVWZ+Zeitschrift"),
    ("C500,00", "166?20SVWZ+Zahlung?31DE75370501980000001102?32Brandt und Soehne"),
    ("C90,00", "166?20SVWZ+Zahlung?31DE21370501980000001104?32Kessler Elektro GmbH"),
    ("C75,00", "166?20SVWZ+Irrlaeufer"),
    ("D75,00", "166?20SVWZ+Irrlaeufer zurueck"),
)
FEED = (
    ":20:HB\n:25:DE38500400000123456700\n:28C:211/1\n:60F:C261028EUR1000,00\n"
    + "".join(f":61:2610291029{amount}NTRFNONREF//X\n:86:{text}\n" for amount, text in LINES)
    + ":62F:C261029EUR1763,00\n-\n"
)
STRANGE = "lettrage ingest strange/"
"""A statement of somebody else's account: it is held, exit 1."""
PASSWORDS = "correct horse battery\n" * 4
SCRIPT = """
import contextlib, io, json, shlex, sys
from importlib.abc import MetaPathFinder

class Refuse(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] == 'airflow':
            raise ImportError(name + ' is imported')

sys.meta_path.insert(0, Refuse())
from pipeline.cli import main

found = {}
for example in json.loads(sys.argv[1]):
    out, err = io.TextIOWrapper(io.BytesIO(), 'utf-8', write_through=True), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(shlex.split(example)[1:])
        except SystemExit as stop:
            code = stop.code
    found[example] = [code, out.buffer.getvalue().decode(), err.getvalue()]
print(json.dumps(found))
"""


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, str]]:
    """Every command line that does something and ends: its name and the example of its --help."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in below:
        for word, command in action.choices.items():
            yield from commands(command, f"{name} {word}".strip())
    if not below and name != "serve":
        yield name, str(parser.epilog).removeprefix("example: ")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "hansebank.sta").write_text(FEED)
    (tmp_path / "strange").mkdir()
    strange = FEED.replace("DE38500400000123456700", "DE91100000000123456789")
    (tmp_path / "strange" / "bank.sta").write_text(strange.replace(":28C:211/1", ":28C:17/1"))
    for kind, text in BOOKS.items():
        (tmp_path / f"{kind}.csv").write_text(text)
    said = BOOKS["ledger-entries"].splitlines()
    changed = f"{said[0]}\n{said[-1].replace('40.00', '45.00')}\n"
    (tmp_path / "otherwise.csv").write_text(changed)
    return tmp_path


def run(folder: Path, examples: list[str]) -> dict[str, list[Any]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(examples)],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300, input=PASSWORDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


def test_the_example_of_every_command_runs_without_airflow(folder: Path) -> None:
    examples = dict(commands(cli.parser()))
    assert all(text.startswith(f"lettrage {name}") for name, text in examples.items())
    loads = [f"lettrage load {kind} {kind}.csv" for kind in BOOKS]
    asked = [
        "lettrage init",
        *loads,
        "lettrage nightly inbox/",
        OTHERWISE,
        STRANGE,
        *examples.values(),
    ]
    found = run(folder, list(dict.fromkeys(asked)))
    assert {
        text: said for text, said in found.items() if said[0] != (text in (OTHERWISE, STRANGE))
    } == {}
    settings = config.read(None, f"sqlite:///{folder}/lettrage.db", {})
    with ledger.open(settings.ledger) as book:
        assert [check.invariant for check in verify(book) if check.violations] == []


def test_every_command_that_reports_prints_one_json_object(folder: Path) -> None:
    loads = [f"lettrage load {kind} {kind}.csv" for kind in BOOKS]
    examples = {
        name: text
        for name, text in commands(cli.parser())
        if name != "demo"  # which tells a story
    }
    asked = ["lettrage init", *loads, "lettrage nightly inbox/", OTHERWISE, STRANGE]
    with_json = [f"{text} --json" for text in examples.values()]
    with_json += [f"lettrage export {kind} --json" for kind in ("exceptions", "journal")]
    found = run(folder, [*asked, *with_json])
    for text in with_json:
        code, out, _ = found[text]
        assert code == 0, (text, out)
        assert isinstance(json.loads(out), dict), text
