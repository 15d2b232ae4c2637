"""Hostile input: refused or held with a reason; never a crash, never another statement."""

import datetime as dt
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import feeds
from pipeline.demo import samples
from pipeline.feeds import inbox
from tests.feeds.corpus_sample import CORPUS

FILES = sorted(path for night in ("night-1", "night-2") for path in (samples() / night).iterdir())
HEAD = ":20:T\n:25:DE16370501980000001000\n:28C:7/1\n:60F:C260101EUR100,00\n"
TAIL = ":62F:C260102EUR101,00\n-\n"
LINE = ":61:2601020102C1,00NTRFX\n"


def _sound(data: bytes) -> list[tuple[list[int], int | None]]:
    """What would be taken: amounts and closing of each statement that is not held."""
    taken = []
    for statement in feeds.parse(data).statements:
        if statement.kind == "booked" and not statement.hold_reason:
            amounts = statement.lines["amount"].to_list()
            if statement.format.startswith("mt940"):
                assert statement.opening is not None
                assert statement.opening + sum(amounts) == statement.closing
            taken.append((amounts, statement.closing))
    return taken


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_b43_sample_files_cut_at_every_byte(path: Path) -> None:
    data = path.read_bytes()
    whole = _sound(data)
    for end in range(len(data)):
        assert all(found in whole for found in _sound(data[:end])), end


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name[-40:])
def test_b43_real_files_cut_at_every_byte(path: Path) -> None:
    data = path.read_bytes()
    whole = _sound(data)
    for end in range(len(data)):
        assert all(found in whole for found in _sound(data[:end])), end


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"OFXHEADER:100\n", b"<OFX>", b":20:X\n"])
def test_b44_empty_or_only_a_header_is_refused(data: bytes) -> None:
    result = feeds.parse(data)
    assert not result.statements
    assert result.refused[0].reason


@pytest.mark.parametrize("text", [":61:2601020102C999,00NTRFX", "-", "{4:", "{1:F01}{4:", ":13:00"])
def test_b55_a_narrative_that_looks_like_structure_gains_nothing(text: str) -> None:
    data = (HEAD + LINE + f":86:Rechnung\n{text}\nEnde\n" + TAIL).encode()
    assert all(amounts == [100] for amounts, _ in _sound(data))


def test_b58_control_characters_are_shown() -> None:
    text = HEAD + LINE + ":86:a\0b\x07c\x85d\n" + TAIL
    (statement,) = feeds.parse(text.encode()).statements
    assert statement.lines["text"].to_list() == ["a\u2400b\u2407c\ufffdd"]


def test_b64_a_field_of_a_megabyte_is_read_in_linear_time() -> None:
    for filler in ("?20", "/EREF/", "RF18 ", "SVWZ+", "<NAME>", "0 ", "{4:", "\n-", "+++123/"):
        big = filler * (1_000_000 // len(filler))
        feeds.parse((HEAD + LINE + ":86:166?00" + big + "\n" + TAIL).encode())
        feeds.parse(f"OFXHEADER:100\n\n<OFX><STMTRS><STMTTRN>{big}</STMTRS></OFX>".encode())


def test_b61_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "regular" in inbox.read(tmp_path / "pipe").problem


def test_b61_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert "link" in inbox.read(tmp_path / "link").problem


def test_b62_what_is_hashed_is_what_is_parsed(tmp_path: Path) -> None:
    import hashlib

    path = tmp_path / "file"
    path.write_bytes(b"a" * 100_000)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for letter in (b"a", b"b"):
                (tmp_path / "new").write_bytes(letter * 100_000)
                (tmp_path / "new").replace(path)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(200):
            file = inbox.read(path)
            assert file.sha256 == hashlib.sha256(file.data).hexdigest()
            assert len(set(file.data)) == 1
    finally:
        stop.set()
        thread.join()


def test_b63_a_file_beyond_the_cap_is_refused_by_size(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 11)
    assert inbox.read(tmp_path / "big", largest=10).problem == "11 bytes; expected at most 10"


def test_b49_amounts_beyond_the_largest_are_refused() -> None:
    lines = ":61:260102C90000000000000,00NTRFX\n" * 2
    result = feeds.parse((HEAD + lines + TAIL).encode())
    assert [item.detail for item in result.refused] == ["a sum beyond the largest amount"]


SEEDS = [path.read_bytes() for path in FILES[:5]]
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=12))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(EDIT, min_size=1, max_size=6))
def test_a_changed_file_never_raises_and_never_breaks_the_balance(
    data: bytes, edits: list[tuple[float, int, bytes]]
) -> None:
    for place, dropped, added in edits:
        at = int(place * len(data))
        data = data[:at] + added + data[at + dropped :]
    _sound(data)
    result = feeds.parse(data)
    assert result.statements or result.refused
    for statement in result.statements:
        assert statement.lines["line_no"].to_list() == list(range(1, statement.lines.height + 1))
        assert statement.to_date is None or isinstance(statement.to_date, dt.date)


def test_b42_a_file_that_grows_while_it_is_read_waits_and_is_never_taken_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sta"
    path.write_bytes(b"x" * 100)
    real = os.fstat
    calls: list[int] = []

    def slow_writer(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        if not calls:
            with path.open("ab") as writer:
                writer.write(b"y")
        calls.append(descriptor)
        return found

    monkeypatch.setattr(os, "fstat", slow_writer)
    file = inbox.read(path)
    monkeypatch.undo()
    assert (file.growing, file.data) == (True, b"")
    assert inbox.read(path).size == 101


@pytest.mark.parametrize("name", ["a.sta.part", "a.TMP", "a.filepart", "a.crdownload", ".a.sta"])
def test_b42_an_unfinished_upload_is_left_alone_until_it_is_renamed(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("x")
    assert inbox.listing([tmp_path]) == []
    (tmp_path / name).rename(tmp_path / "a.sta")
    assert inbox.listing([tmp_path]) == [tmp_path / "a.sta"]


@pytest.mark.parametrize(
    ("marks", "closing", "amounts"),
    [
        (("C", "RC"), "100,00", [2500, -2500]),
        (("D", "RD"), "100,00", [-2500, 2500]),
        (("RC",), "75,00", [-2500]),
        (("RD",), "125,00", [2500]),
    ],
)
def test_b47_rc_lowers_and_rd_raises_the_balance(
    marks: tuple[str, ...], closing: str, amounts: list[int]
) -> None:
    lines = "".join(f":61:2601020102{mark}25,00NTRFX\n" for mark in marks)
    data = (HEAD + lines + TAIL.replace("101,00", closing)).encode()
    (statement,) = feeds.parse(data).statements
    assert (statement.hold_reason, statement.lines["amount"].to_list()) == ("", amounts)
    assert statement.lines["is_reversal"].to_list() == [mark[0] == "R" for mark in marks]
