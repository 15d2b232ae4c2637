"""The files as the banks sent them: kept with what was taken from them, and given back whole."""

import gzip
import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli, config, ledger
from pipeline.demo import samples
from pipeline.domain.original import packed, unpacked
from pipeline.ledger import feed_lines, reading
from pipeline.rereading import _read_again, _says

SENT = {file.read_bytes() for night in (1, 2) for file in (samples() / f"night-{night}").iterdir()}


def asked(settings: config.Settings, capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    capsys.readouterr()
    code = cli.main([*words, "--json", "--ledger", settings.ledger])
    return {"code": code, **json.loads(capsys.readouterr().out)}


def test_an_auditor_gets_every_file_that_was_taken_byte_by_byte(
    two_nights: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = asked(two_nights, capsys, "export", "files")["files"]
    taken = [file for file in files if file["status"] == "taken"]
    said = asked(two_nights, capsys, "export", "originals", "-o", f"{tmp_path}/out")
    assert (said["code"], said["files"]) == (0, len(taken))
    written = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    assert set(written) == {file["file_sha256"] for file in taken}
    for name, data in written.items():
        assert hashlib.sha256(data).hexdigest() == name
        assert data in SENT
    assert {file["actor"] for file in files} == {"tester"}, "who brought it is on record"
    assert all(file["size"] == len(written[file["file_sha256"]]) for file in taken)


def test_one_file_is_asked_for_as_a_statement_names_it(
    two_nights: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = asked(two_nights, capsys, "export", "statements")["statements"][0]
    call = ["export", "originals", "-o", f"{tmp_path}/out", "--file"]
    assert asked(two_nights, capsys, *call, statement["file_sha256"][:10].upper())["files"] == 1
    assert asked(two_nights, capsys, *call, "no hash")["code"] == 2
    assert asked(two_nights, capsys, "export", "originals")["code"] == 2, "a folder is needed"


@pytest.mark.parametrize("data", [b"", b"a", bytes(3_000_000)])
def test_bytes_come_back_a_megabyte_at_a_time(data: bytes) -> None:
    kept = packed(data)
    assert gzip.decompress(kept) == data
    assert b"".join(unpacked(kept)) == data
    for wrong in (kept[:-1], kept[:-9], kept + b"x", b"", b"plain"):
        with pytest.raises(ValueError, match=r"."):
            list(unpacked(wrong))


def test_what_is_stored_is_compared_with_the_files_that_it_came_from(
    two_nights: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """OFX files overlap, so that only the file itself says what its fingerprint was made of."""
    whole = asked(two_nights, capsys, "verify", "--files")
    assert (whole["code"], whole["broken"]) == (0, [])
    found = {check["invariant"]: check for check in whole["invariants"]}
    assert found["I24c"]["checked"] > 8
    assert "I24" not in whole["not_checked"]


def test_a_statement_that_does_not_say_what_its_file_says_is_named(
    two_nights: config.Settings,
) -> None:
    with ledger.open(two_nights.ledger) as book, reading.snapshot(book.engine) as books:
        number, sha256, ordinal, kept = books.rows(
            "SELECT id, sha256, ordinal, fingerprint FROM statement"
            " WHERE substr(format, 1, 3) = 'ofx' AND line_count > 1 ORDER BY id"
        )[0]
        (statement,) = [s for o, s in _read_again(books, sha256).items() if o == ordinal]
        lines = feed_lines.identities(statement.lines.frame(), ofx=True)
    assert number
    assert _says(statement, kept, Counter(lines))
    assert _says(statement, kept, Counter(lines[1:])), "an overlapped line is with another file"
    assert not _says(statement, kept, Counter([*lines, lines[0]])), "a line the file has not"
    assert not _says(statement, "0" * 64, Counter(lines)), "another fingerprint"
    changed = replace(statement, closing=(statement.closing or 0) + 1)
    assert not _says(changed, kept, Counter(lines)), "another balance in the file"
