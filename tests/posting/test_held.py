"""What a night holds for a limit or a setting: one file each, what the books say and what waits.

Written and read like the posting table (``golden/held``). ``closed DATE`` closes the books through
a day, ``gap`` lets the statement not follow the last known balance.
``pytest tests/posting/test_held.py --write-golden`` writes anew what stands below *Then*.
"""

import re
from pathlib import Path

import pytest

from pipeline import config
from tests.posting.golden_case import FOLDER, THEN, given, play, told
from tests.posting.test_golden import holds
from tests.posting.test_limits import close_through

HELD = FOLDER / "held"
CASES = sorted(path.stem for path in HELD.glob("*.md"))


def played(story: str, folder: Path) -> config.Settings:
    gap = "```gap\n" in story
    settings = given(story, f"sqlite:///{folder}/ledger.db", folder, gap=gap)
    for day in re.findall(r"^```closed (\S+)$", story, re.MULTILINE):
        close_through(settings, day)
    play(story, settings, folder)
    return settings


@pytest.mark.parametrize("name", CASES)
def test_what_waits_is_what_the_file_tells(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = HELD / f"{name}.md"
    story, _, then = path.read_text("utf-8").partition(THEN)
    settings = played(story, tmp_path)
    if request.config.getoption("--write-golden"):
        path.write_text(story + THEN + told(settings), "utf-8")
        pytest.fail("written anew: read it against the accounting rules, then run without")
    assert told(settings) == then
    holds(settings, tmp_path)
    assert told(settings) == then, "another night changes nothing"
