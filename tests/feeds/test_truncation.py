"""A file cut at any byte is refused or held: never a statement less than the bank sent."""

from pathlib import Path

import pytest

from pipeline import feeds
from pipeline.demo import samples

FILES = sorted(path for path in (samples() / "night-1").iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_cut_is_taken_as_another_statement(path: Path) -> None:
    data = path.read_bytes()
    (whole,) = feeds.parse(data).statements
    for end in range(1, len(data), 3):
        for statement in feeds.parse(data[:end]).statements:
            if not statement.hold_reason:
                assert statement.lines["amount"].equals(whole.lines["amount"]), end
                assert statement.closing == whole.closing, end
