"""The desk of a person who decides what the nights of the sample company left."""

import json
import zlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import cli, config, ledger, steps
from pipeline.demo import samples
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.prepared import books, prepared

NIGHTS = [samples() / "night-1", samples() / "night-2"]


PARKED = [("", "CLEARING", "250.00", "none")]


class Desk:
    """The desk of a person: commands on one ledger, items named by their bank line."""

    def __init__(
        self, settings: config.Settings, capsys: pytest.CaptureFixture[str], more: Path
    ) -> None:
        self.settings, self.capsys, self.more = settings, capsys, more

    def run(self, *words: str, user: str = "anna", code: int = 0) -> dict[str, Any]:
        """Run ``lettrage exceptions ...``; what it printed, after checking its exit code."""
        options = ["--ledger", self.settings.ledger, "--user", user, "--json"]
        options += ["--config", str(self.more)]
        found = cli.main([*options, "exceptions", *words])
        printed = self.capsys.readouterr()
        assert found == code, printed.err
        whole: dict[str, Any] = json.loads(printed.out)
        return whole

    def id(self, line: str) -> str:
        """The number of the item of a line such as ``DE-EUR/211/4``."""
        names = ("bank_account_no", "statement_no", "line_no")
        found = {
            "/".join(str(row[name]) for name in names): str(row["id"])
            for row in self.run("list")["exceptions"]
        }
        return found[line]

    def exported(self, kind: str) -> pl.DataFrame:
        with ledger.open(self.settings.ledger) as book:
            return export(book, kind)

    def applied(self, line: str) -> list[tuple[Any, ...]]:
        account, statement, number = line.rsplit("/", 2)
        rows = self.exported("applications").filter(
            (pl.col("bank_account_no") == account)
            & (pl.col("statement_no") == statement)
            & (pl.col("line_no") == int(number))
            & (pl.col("status") == "posted")
        )
        names = ("document_no", "gl_account", "applied_amount", "confidence")
        return rows.select(names).rows()

    def remaining(self, document: str) -> list[str]:
        rows = self.exported("entries").filter(pl.col("document_no") == document)
        return rows["remaining_amount"].to_list()

    def registers(self) -> list[Any]:
        with ledger.open(self.settings.ledger) as book:
            return book.rows("SELECT kind, actor, reason FROM register ORDER BY no")

    def holds(self) -> None:
        """The books hold, the proof ties, and another night writes no register."""
        before = len(self.registers())
        steps.nightly(self.settings, NIGHTS, "tester")
        assert len(self.registers()) == before, self.registers()[before:]
        with ledger.open(self.settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        assert steps.night_report(self.settings)["problems"] == []


def desk_of(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], folder: Path, policy: str = ""
) -> Desk:
    more = folder / "lettrage.toml"
    more.write_text(f'[company]\ncurrency = "EUR"\n[policy]\n{policy}')

    def two_nights(url: str) -> None:
        books(url)
        for night in NIGHTS:
            steps.nightly(config.read(more, url), [night], "tester")

    prepared(settings.ledger, f"desk_{zlib.crc32(policy.encode())}", two_nights)
    return Desk(config.read(more, settings.ledger), capsys, more)
