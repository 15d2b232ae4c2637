"""The reports of the sample company as files that a person can read, the same on both databases.

``pytest tests/reports/test_golden.py --write-golden`` writes them anew, and fails, so that nobody
takes a written file for a checked one. Hashes are left out, since they hold the time of recording,
and the numbers of registers, which say how often the night wrote.
"""

import contextlib
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import cli, config, ledger, steps
from pipeline.demo import samples
from pipeline.ledger import reads
from pipeline.ledger.verify import verify

GOLDEN = Path(__file__).parent / "golden"
_HASH = re.compile(r"\b[0-9a-f]{16}(?:[0-9a-f]{48})?\b")
_NUMBER = re.compile(r"(?<=register )[0-9]+|(?<=^2026-10-[0-9]{2},)[0-9]+", re.MULTILINE)


def report(settings: config.Settings, file: Path, words: Sequence[str]) -> str:
    """What ``lettrage report`` writes to ``file``."""
    options = ["--ledger", settings.ledger, "--config", str(samples() / "lettrage.toml")]
    assert cli.main([*options, "report", *words, "-o", str(file)]) == 0
    return file.read_text("utf-8")


def masked(text: str) -> str:
    return _NUMBER.sub("<no>", _HASH.sub("<hash>", text))


def head(settings: config.Settings) -> str:
    with ledger.open(settings.ledger) as book:
        return str(reads.register_head(book)["no"])


FIRST = {"night-1.txt": ("night",)}
"""As seen after the first night, and as known at its last register after the second one."""
AGAIN = {
    **FIRST,
    "bank-reconciliation-10-30-after-night-1.txt":
        ("bank-reconciliation", "--as-of", "2026-10-30"),
}  # fmt: skip
SECOND = {
    "night-2.txt": ("night",),
    "bank-reconciliation-10-30.txt": ("bank-reconciliation", "--as-of", "2026-10-30"),
    "bank-reconciliation-10-31.txt": ("bank-reconciliation", "--as-of", "2026-10-31"),
    "bank-reconciliation-10-31.csv":
        ("bank-reconciliation", "--as-of", "2026-10-31", "--format", "csv"),
    "aging-10-31.txt": ("aging", "--as-of", "2026-10-31"),
    "aging-10-29-customers.csv":
        ("aging", "--as-of", "2026-10-29", "--party-type", "customer", "--format", "csv"),
    "trial-balance-10-31.txt": ("trial-balance", "--as-of", "2026-10-31"),
    "trial-balance-10-30-to-10-31.txt":
        ("trial-balance", "--as-of", "2026-10-31", "--from", "2026-10-30"),
    "trial-balance-10-31.csv": ("trial-balance", "--as-of", "2026-10-31", "--format", "csv"),
}  # fmt: skip


def test_the_reports_of_the_sample_company(
    settings: config.Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "report"
    steps.nightly(settings, [samples() / "night-1"], "tester")
    found = {name: report(settings, file, words) for name, words in AGAIN.items()}
    register = head(settings)
    steps.nightly(settings, [samples() / "night-2"], "tester")
    for name, words in AGAIN.items():
        rebuilt = report(settings, file, (*words, "--as-known-at", register))
        assert rebuilt == found[name], f"{name}: the same register gives the same bytes"
    found |= {name: report(settings, file, words) for name, words in SECOND.items()}
    if request.config.getoption("--write-golden"):
        for name, text in found.items():
            (GOLDEN / name).write_text(masked(text), "utf-8")
        pytest.fail("written anew: read them as an accountant would, then run without")
    for name, text in found.items():
        assert masked(text) == (GOLDEN / name).read_text("utf-8"), name
    _again(settings, found["night-2.txt"])
    told = json.loads(report(settings, file, ("night", "--format", "json")))
    assert {a["proof"]["difference"] for a in told["accounts"].values()} == {"0.00"}
    with ledger.open(settings.ledger) as book:
        assert [check.invariant for check in verify(book) if check.violations] == []


def _again(settings: config.Settings, page: str) -> None:
    """`nightly` ends with the same page, and says once that the month became complete."""
    words = ["--ledger", settings.ledger, "--config", str(samples() / "lettrage.toml"), "nightly"]
    for said in (["2026-10"], []):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            assert cli.main([*words, str(samples() / "night-2")]) == 0
        head, _, rest = out.getvalue().partition("\n\n")
        assert rest == page
        listed = head.partition("months complete: ")[2].splitlines()[:2]
        assert listed == [str(len(said)), *[f"  {month}" for month in said]][:2]
