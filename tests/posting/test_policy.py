"""A policy that two people must approve posts nothing before; reports say who stands behind it."""

import dataclasses
from pathlib import Path

import pytest

from pipeline import approving, cli, config, ledger, reporting, steps
from pipeline.ledger.verify import verify
from pipeline.reports import night_text
from tests.posting.golden_case import FOLDER, THEN, given
from tests.posting.test_limits import RECEIPT, told, with_policy
from tests.posting.test_parking import registers

TWO = ("[policy]", 'approval = "two_people"', 'park = "nightly"')
WAITS = [("proposed", "policy_not_approved")]


def books(folder: Path, url: str = "") -> config.Settings:
    return given(with_policy(RECEIPT, *TWO), url or f"sqlite:///{folder}/ledger.db", folder)


def night(settings: config.Settings, folder: Path) -> None:
    steps.nightly(settings, [folder / "inbox"], "tester")
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []


def test_nothing_posts_and_nothing_is_parked_before_two_people_approved(
    url: str, tmp_path: Path
) -> None:
    settings = books(tmp_path, url)
    before = registers(settings)
    night(settings, tmp_path)
    assert registers(settings) == before
    assert approving.approve(settings, "anna", "as agreed")["posts"] is False
    assert approving.approve(settings, " Anna", "as agreed")["posts"] is False, "one person twice"
    night(settings, tmp_path)
    assert registers(settings) == before
    assert approving.approve(settings, "berta", "as agreed")["posts"] is True
    night(settings, tmp_path)
    report = reporting.night(settings)
    assert report["policy_approved_by"] == ["anna", "berta"]
    assert "policy approved by anna and berta" in night_text.text(report)
    assert approving.shown(settings)["approved_by"] == ["anna", "berta"]


def test_the_queue_says_what_the_lines_wait_for(tmp_path: Path) -> None:
    settings = books(tmp_path)
    night(settings, tmp_path)
    assert told(settings) == WAITS


def test_a_changed_policy_waits_anew_and_the_old_one_stays_approved(tmp_path: Path) -> None:
    settings = books(tmp_path)
    for name in ("anna", "berta"):
        approving.approve(settings, name, "as agreed")
    looser = dataclasses.replace(
        settings, policy={**settings.policy, "tolerance": {"default": "9.00"}}
    )
    night(looser, tmp_path)
    assert told(looser) == WAITS
    night(settings, tmp_path)
    assert told(settings) == [("reconciled", "")]


def test_in_single_user_mode_every_report_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (FOLDER / "receipt-in-full.md").read_text("utf-8").partition(THEN)[0]
    settings = given(text, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    night(settings, tmp_path)
    assert approving.approve(settings, "anna", "")["posts"] is True
    for report in ("night", "bank-reconciliation", "aging", "trial-balance"):
        words = ["--ledger", settings.ledger, "report", report, "--as-of", "2026-10-31"]
        capsys.readouterr()
        assert cli.main(words) == 0
        assert "single-user mode" in capsys.readouterr().out
