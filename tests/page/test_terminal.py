"""What the page does, a terminal does: the table of the documentation is true and whole."""

import re
from pathlib import Path
from typing import Any

from pipeline import cli, ledger
from pipeline.page import held
from pipeline.page.exceptions import _DO
from tests.cli.test_examples import commands
from tests.page.desk import Browser
from tests.page.test_roles import LEAST
from tests.review.desk import Desk

TABLE = Path(__file__).parents[2] / "docs" / "queue.md"


def _rows() -> list[tuple[str, str, list[str]]]:
    """Key, address and commands of each row of the table."""
    rows = [line.split("|")[1:-1] for line in TABLE.read_text("utf-8").splitlines()[8:]]
    return [(keys.strip(), place.strip(" `"), re.findall(r"`lettrage ([^`]+)`", said))
            for _, keys, place, said in rows]  # fmt: skip


def test_every_route_and_decision_of_the_page_has_its_command() -> None:
    places = {f"{method} {path}" for method, path in LEAST}
    places -= {"POST /item/{number}", "POST /held/{number}"}
    places |= {f"POST /item/{{number}} {do}" for do in (*_DO, "find")}
    places |= {f"POST /held/{{number}} {do}" for do in held._DO}
    assert {place for _, place, _ in _rows()} == places
    known = {name for name, _ in commands(cli.parser())}
    for _, place, said in _rows():
        assert said or place == "GET /language", place
        for command in said:
            name = command.partition(" --")[0]
            assert name in known, command
            if " --" in command:
                assert f"--{command.partition(' --')[2]}" in _help(name), command


def _help(name: str) -> str:
    parser: Any = cli.parser()
    for word in name.split():
        parser = next(a for a in parser._actions if a.choices and word in a.choices).choices[word]
    return str(parser.format_help())


def test_every_key_of_the_page_stands_in_the_table(app: Any) -> None:
    shown = Browser(app).get("/").text
    keys = set(re.findall(r"<dt><kbd>([^<]+)</kbd>", shown)) - {"u"}  # back to the list
    told = {key for keys, *_ in _rows() for key in re.findall(r"`([^`]+)`", keys)}
    assert keys <= told


def test_one_item_in_a_terminal_is_what_the_page_shows_of_it(app: Any, lite: Desk) -> None:
    number = lite.id("DE-EUR/212/15")
    shown, told = Browser(app).get(f"/item/{number}").text, lite.run("show", number)
    with ledger.open(lite.settings.ledger) as book:
        [(raw,)] = book.rows("SELECT raw FROM statement_line l JOIN exception_item x ON x.line_id"
                             f" = l.line_id WHERE x.id = {int(number)}")  # fmt: skip
    assert told["raw"] == raw
    assert raw.splitlines()[0] in shown
    proposal = told["proposals"][0]
    assert proposal["explanation"] in shown
    assert (proposal["applied_amount"], proposal["left_open"]) == ("642.60", "0.00")
    for name in ("end_to_end_id", "mandate_id", "text", "counterparty_account"):
        assert told[name] in shown, name
