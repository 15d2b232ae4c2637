"""``lettrage verify``: it says what was checked, and the content hash to who asks for it."""

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
