"""Pages that cannot be made, and templates that change in the middle of a run."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from pipeline import config, deliveries, delivering, ledger, month_end, statement_runs
from pipeline.domain import pdf
from pipeline.ledger.outbox import Scope
from pipeline.statements import Choice, Form, render
from pipeline.steps import quiet
from tests.statements.posting_house import DAY, company
from tests.statements.test_runs import killed

ENDLESS = """
#if json("data.json").no == "C00002" {
  for a in range(9999) { for b in range(9999) { for c in range(9999) {} } }
}
"""


def own_templates(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The template of statements where a test may edit it."""
    shutil.copytree(render._HERE, folder / "templates", ignore=shutil.ignore_patterns("*.py"))
    monkeypatch.setattr(render, "_HERE", folder / "templates")
    return folder / "templates" / "customer_statement.typ"


def composed(settings: config.Settings) -> int:
    done = statement_runs.compose(settings, DAY, Form(), Choice(), "print", "anna", quiet)
    statement_runs.approve(settings, done["run"], "anna")
    return int(done["run"])


def test_a_statement_that_typst_never_ends_has_failed_and_all_others_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 4)
    file = own_templates(tmp_path, monkeypatch)
    file.write_text(ENDLESS + file.read_text())
    monkeypatch.setattr(pdf, "SECONDS", 1.0)
    number = composed(settings)
    done = deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
    assert (done["rendered"], done["not_rendered"], done["printed"]) == (3, 1, 3)
    told = deliveries.report(settings, number)
    assert told["problems"] == ["1 failed by print: rendering_too_slow"]
    (late,) = deliveries.listed(settings, number, "failed")
    assert late[2] == "C00002"
    monkeypatch.undo()
    deliveries.decide(settings, "resend", [late[0]], "the template is mended", "anna")
    deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
    assert deliveries.report(settings, number)["print"] == {"sent": 4}


def test_a_template_that_is_edited_between_rendering_and_printing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    file = own_templates(tmp_path, monkeypatch)
    number = composed(settings)
    delivering.render(settings, Scope(number), tmp_path / "out", "anna", quiet)
    file.write_text(file.read_text().replace("#1d2b36", "#000000"))
    done = deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
    assert done["printed"] == 3
    (said,) = done["warnings"]
    assert said.startswith("3 PDFs are drawn otherwise than they were rendered: a template")


def test_named_templates_are_those_with_which_a_run_began(tmp_path: Path) -> None:
    """Killed, and the settings edited before it goes on: the month has one look."""
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 60)

    def named(style: str) -> config.Settings:
        said = {**settings.statements, "template": "ours", "templates": {"ours": {"style": style}}}
        return dataclasses.replace(settings, statements=said)

    period = {"month": "2026-10", "as_of": DAY.isoformat(), "occasion": "2026-10"}
    killed(settings, "2026-10", template="ours", templates={"ours": {"style": "activity"}})
    month_end.select(named("open_item"), period, {}, "anna")
    with ledger.open(settings.ledger) as book:
        assert book.rows("SELECT style, count(*) FROM customer_statement GROUP BY style") == [
            ("activity", 60)
        ]
