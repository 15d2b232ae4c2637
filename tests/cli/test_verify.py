"""``lettrage verify``: it says what was checked, and the content hash to who asks for it."""

import json
import re

import pytest

from pipeline import config, ledger
from pipeline.cli import main
from pipeline.ledger.content import content_hash


def test_the_content_is_told_when_it_is_asked_for(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--ledger", sqlite_settings.ledger]
    with ledger.open(sqlite_settings.ledger) as book:
        content = content_hash(book)
    assert main(["verify", *place]) == 0
    plain = capsys.readouterr()
    assert content not in plain.out
    assert plain.out.splitlines()[-1].endswith("0 broken")
    assert "verify: " in plain.err, "how far it is"
    assert main(["verify", *place, "--content"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(f"0 broken; content {content}")
    assert main(["verify", *place, "--content", content]) == 0
    capsys.readouterr()
    assert main(["verify", *place, "--content", "0" * 64]) == 1
    assert "I41" in capsys.readouterr().out


def test_an_auditor_reads_what_must_hold_on_a_page(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--ledger", sqlite_settings.ledger, "--files"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["check", "what", "must", "hold", "rows", "result"]
    assert max(map(len, lines)) <= 100
    of = {line.split()[0]: line for line in lines if line.startswith(" I")}
    assert re.fullmatch(r" I1 +each journal entry balances in each currency +\d+ +ok *", of["I1"])
    assert "I24c" in of, "the files too"
    text = " ".join(" ".join(lines).split())
    assert "each gl account named in a row of posting exists (posting.gl_account)" in text


def test_every_check_says_in_plain_words_what_must_hold(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = ["--head", "0" * 64, "--content", "0" * 64, "--files"]
    assert main(["verify", "--ledger", sqlite_settings.ledger, "--json", *outside]) == 1
    said = json.loads(capsys.readouterr().out)["invariants"]
    assert {"I5", "I11c", "I24c", "I41", "I42", "I42b"} <= {check["invariant"] for check in said}
    of_keys = [check["holds"] for check in said if check["invariant"].startswith("I40 ")]
    others = [check["holds"] for check in said if not check["invariant"].startswith("I40 ")]
    assert len(others) == len(set(others)), "no two checks are for the same"
    for holds in of_keys + others:
        assert 20 <= len(holds) <= 90, holds
        assert not re.search(r"_|[A-Z]{4,}|\.$", holds.replace("MT940", "")), holds


def test_what_is_broken_says_what_must_hold_and_by_what_it_is_broken(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--ledger", sqlite_settings.ledger, "--head", "0" * 64]) == 1
    lines = capsys.readouterr().out.splitlines()
    kept = "the register hash that is kept elsewhere is one of these books"
    assert next(line.split()[-2:] for line in lines if kept in line) == ["1", "broken"]
    at = lines.index(f"I11c does not hold: {kept}")
    assert lines[at + 1] == f"  broken by {'0' * 64}"
    assert lines[-1].endswith("1 broken")
