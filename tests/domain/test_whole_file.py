"""What a loss of power may not take away: each file, its name, and the folders that it is in."""

import os
from pathlib import Path

import pytest

from pipeline.domain import whole_file


def test_all_of_a_file_is_on_the_disk_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of what is made safe, and what stood in the place of the file at that moment."""
    synced: list[tuple[str, bool]] = []
    target, names = tmp_path / "a" / "b" / "x.pdf", {}

    def sync(number: int) -> None:
        synced.append((names[number], target.exists()))

    def opened(path: Path, flags: int) -> int:
        number = whole(path, flags)
        names[number] = str(Path(path).relative_to(tmp_path))
        return number

    whole = os.open
    monkeypatch.setattr(whole_file.os, "open", opened)
    monkeypatch.setattr(whole_file.os, "fsync", sync)
    whole_file.folder(target.parent)
    assert synced == [("a", False), (".", False)]
    whole_file.folder(target.parent)
    assert len(synced) == 2, "it was there"
    whole_file.put(b"%PDF", target)
    assert synced[2:] == [("a/b/x.pdf.part", False), ("a/b", True)]
    assert target.read_bytes() == b"%PDF"
