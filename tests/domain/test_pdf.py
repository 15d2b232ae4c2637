"""Documents by typst in a process of its own: what one of them does stops no other."""

import os
import signal
from pathlib import Path

import pytest

from pipeline.domain import pdf
from pipeline.domain.pdf import NotDrawnError, Template

ENDLESS = """
#set document(date: none)
#let said = json("data.json")
#if said.hangs { for a in range(9999) { for b in range(9999) { for c in range(9999) {} } } }
#said.text
"""


def template(folder: Path, text: str = ENDLESS) -> Template:
    (folder / "page.typ").write_text(text)
    return Template(folder / "page.typ")


def processes_of(parent: int) -> set[int]:
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    return {int(word) for file in listed for word in file.read_text("ascii").split()}


def test_a_page_that_takes_for_ever_is_given_up_and_the_next_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    pages = template(tmp_path)
    before = pages.pdf({"hangs": False, "text": "one"})
    with pytest.raises(NotDrawnError, match=r"more than 0\.5 s") as told:
        pages.pdf({"hangs": True, "text": "never"})
    assert told.value.reason == "rendering_too_slow"
    assert pages.pdf({"hangs": False, "text": "one"}) == before


def test_a_process_that_is_killed_is_one_page_at_most_and_none_is_left_behind(
    tmp_path: Path,
) -> None:
    """As by the system that runs out of memory: between two pages nobody notices."""
    others = processes_of(os.getpid())
    pages = template(tmp_path)
    before = pages.pdf({"hangs": False, "text": "one"})
    (own,) = processes_of(os.getpid()) - others
    os.kill(own, signal.SIGKILL)
    os.waitid(os.P_PID, own, os.WEXITED | os.WNOWAIT)
    assert pages.pdf({"hangs": False, "text": "one"}) == before
    assert own not in processes_of(os.getpid())
    del pages
    assert not (processes_of(os.getpid()) - others)


def test_a_template_stays_as_it_was_read_also_in_a_new_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.5)
    pages = template(tmp_path)
    before = pages.pdf({"hangs": False, "text": "one"})
    (tmp_path / "page.typ").write_text("something else")
    with pytest.raises(NotDrawnError):
        pages.pdf({"hangs": True, "text": "never"})
    assert pages.pdf({"hangs": False, "text": "one"}) == before
