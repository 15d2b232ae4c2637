"""Files and ledgers that cannot be read or written: said with their place, and nothing happens."""

import io
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli, config
from pipeline.demo import samples

Said = pytest.CaptureFixture[str]
NIGHT = str(samples() / "night-1")


def refused(words: list[str], said: Said) -> str:
    """The message with which a command refuses as wrong usage, as text and as JSON."""
    assert cli.main([*words, "--json"]) == 2, words
    printed = said.readouterr()
    text: str = json.loads(printed.out)["error"]
    assert text in printed.err
    return text


def test_what_is_no_ledger_is_named_and_left_as_it_is(tmp_path: Path, capsys: Said) -> None:
    text, other, nowhere = (tmp_path / name for name in ("notes.txt", "other.sqlite", "no/l.db"))
    text.write_text("the minutes of the last meeting\n" * 100)
    with sqlite3.connect(other) as books:
        books.execute("CREATE TABLE tune (name TEXT)")
    books.close()
    before = text.read_bytes(), other.read_bytes()
    for words in (["init"], ["verify"], ["nightly", NIGHT], ["nightly", NIGHT, "--dry-run"]):
        assert "is not a database" in refused(["--ledger", f"sqlite:///{text}", *words], capsys)
    for place in (nowhere, tmp_path):
        found = refused(["--ledger", f"sqlite:///{place}", "init"], capsys)
        assert str(place) in found
        assert "unable to open" in found
    for words in (["init"], ["load", "customers", str(samples() / "customers.csv")]):
        found = refused(["--ledger", f"sqlite:///{other}", *words], capsys)
        assert "tables of another program" in found
    assert (text.read_bytes(), other.read_bytes()) == before
    for url in ("sqlite://", "sqlite:///:memory:", "mysql://books", "books.db"):
        assert "expected sqlite:////FILE" in refused(["--ledger", url, "init"], capsys)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["export", "lines", "-o"], "--output"),
        (["export", "lines", "--format", "parquet", "-o"], "--output"),
        (["export", "journal", "-o"], "--output"),
        (["report", "night", "-o"], "--output"),
        (["statements", "--as-of", "2026-10-31", "--out"], "--out"),
        (["demo"], "cannot be a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(
    words: list[str], option: str, sqlite_two_nights: config.Settings, tmp_path: Path, capsys: Said
) -> None:
    file = tmp_path / "file"
    file.touch()
    for place in (file / "inside", *([tmp_path] if "-o" in words else [])):
        found = refused(["--ledger", sqlite_two_nights.ledger, *words, str(place)], capsys)
        assert option in found
        assert str(place) in found


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_said(sqlite_two_nights: config.Settings) -> None:
    code = "from pipeline.cli import main; raise SystemExit(main())"
    words = ["--ledger", sqlite_two_nights.ledger, "report", "night"]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run([sys.executable, "-c", code, *words], stdout=full,
                             stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == "lettrage: No space left on device\n"


def test_words_that_fit_nothing_do_not_look_like_an_empty_queue(
    sqlite_two_nights: config.Settings, capsys: Said
) -> None:
    queue = ["--ledger", sqlite_two_nights.ledger, "exceptions"]
    assert "did you mean unknown_payer?" in refused(
        [*queue, "list", "--reason", "unknown_payr"], capsys
    )
    assert "did you mean DE-EUR?" in refused([*queue, "list", "--bank-account", "DE-EU"], capsys)
    assert "comment is empty" in refused([*queue, "comment", "4", " "], capsys)
    for words in (["list", "--limit", "-1"], ["list", "--limit", "0"], ["show", "x"],
                  ["accept", "4", "--rank", "0"], ["show", "9" * 23]):  # fmt: skip
        with pytest.raises(SystemExit):
            cli.main([*queue, *words])
        assert "expected a whole number from 1" in capsys.readouterr().err
    assert cli.main([*queue, "list", "--limit", "2", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["exceptions"]) == 2


def test_a_file_of_the_books_in_another_encoding_is_named_with_its_line(
    tmp_path: Path, capsys: Said
) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes("no,name\n1,Bäcker\n".encode("latin-1"))
    load = ["--ledger", f"sqlite:///{tmp_path}/l.db", "load", "customers"]
    found = refused([*load, str(file)], capsys)
    assert "customers.csv" in found
    assert "line 2: found byte 0xe4, expected UTF-8" in found
    assert "is no regular file" in refused([*load, str(tmp_path)], capsys)


def test_a_night_in_the_wrong_place_says_that_there_are_no_books(
    tmp_path: Path, capsys: Said
) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    (tmp_path / "inbox").mkdir()
    assert cli.main(["--ledger", url, "nightly", str(tmp_path / "inbox")]) == 0
    printed = capsys.readouterr().out
    assert "no bank account is loaded, so nothing posts: is this the right ledger" in printed
    assert "Night's control report, no bank line yet" in printed
    assert cli.main(["--ledger", url, "nightly", NIGHT, "--json"]) == 1
    held = json.loads(capsys.readouterr().out)["ingest"]["problems"]
    assert held
    assert all("load bank-accounts with it" in text for text in held)


def test_a_port_that_another_program_has_is_named(
    sqlite_two_nights: config.Settings, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = ["--ledger", sqlite_two_nights.ledger]
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    assert cli.main([*ledger, "user", "add", "anna", "--password-stdin"]) == 0
    capsys.readouterr()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = refused([*ledger, "serve", "--port", str(port)], capsys)
    assert f"--port {port}: cannot be listened on" in found
