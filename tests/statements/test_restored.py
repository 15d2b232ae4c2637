"""A backup is restored that knows nothing of mails which left: none goes twice, somebody is asked.

The fault list, row 24: the evidence stands outside the ledger, beside it or where the settings say.
"""

import dataclasses
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline import config, deliveries, ledger, statement_runs
from pipeline.domain.errors import UsageError
from pipeline.ledger.verify import verify
from pipeline.statements import Choice, Form
from pipeline.steps import quiet
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import DAY, address, company, run_by_mail, states, with_server


def backup(settings: config.Settings, folder: Path) -> Path:
    file = Path(settings.ledger.removeprefix("sqlite:///"))
    shutil.copyfile(file, folder / "backup.db")
    return file


def restore(file: Path, folder: Path) -> None:
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(folder / "backup.db", file)


def mails(sink: Sink) -> Counter[str]:
    return Counter(str(mail["To"]) for mail in sink.messages())


def test_what_left_after_the_backup_is_unknown_and_goes_again_by_a_person_alone(
    tmp_path: Path,
) -> None:
    """One that the server refused never left: it is tried again as after any failure."""
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 5)
    with mail_server(Sink(faults={address(3): "address_5xx"})) as sink:
        settings = with_server(settings, sink.port, fallback="none")
        run = run_by_mail(settings)
        file = backup(settings, tmp_path)
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert mails(sink) == {address(n): 1 for n in (1, 2, 4, 5)}
        restore(file, tmp_path)
        sink.faults.clear()
        assert states(settings, run) == {"email pending": 5}
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert mails(sink) == {address(n): 1 for n in (1, 2, 3, 4, 5)}
        found = deliveries.report(settings, run)
        assert found["email"] == {"sent": 1, "unknown: left_before": 4}
        assert found["problems"] == ["4 unknown by email: left_before"]
        number = deliveries.listed(settings, run, "unknown")[0][0]
        deliveries.decide(settings, "resend", [number], "Mr Sommer has none", "anna")
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert mails(sink)[address(1)] == 2, "somebody said so"
        assert states(settings, run) == {"email sent": 2, "email unknown": 3}
    with ledger.open(settings.ledger) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []


def test_composed_anew_after_a_backup_of_before_the_run_nothing_goes_twice(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    with mail_server(Sink()) as sink:
        settings = with_server(settings, sink.port)
        file = backup(settings, tmp_path)
        for _ in range(2):
            run = run_by_mail(settings)
            deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
            restored = states(settings, run)
            restore(file, tmp_path)
        assert restored == {"email unknown": 3}
        assert set(mails(sink).values()) == {1}


def test_paper_that_was_made_before_the_backup_came_back_is_named(tmp_path: Path) -> None:
    """A file leaves no house by itself: a person is told before the post gets it twice."""
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 2)
    out = tmp_path / "out"
    words = (DAY, Form(), Choice(), "print", "anna", quiet)
    run = statement_runs.compose(settings, *words)["run"]
    statement_runs.approve(settings, run, "anna")
    file = backup(settings, tmp_path)
    assert deliveries.deliver(settings, run, out, "anna", quiet)["problems"] == []
    made = out / f"print-run-{run}-1.pdf"
    whole = made.read_bytes()
    restore(file, tmp_path)
    said = deliveries.deliver(settings, run, out, "anna", quiet)["problems"]
    asked = "look whether it went to the post before this one does"
    assert said == [f"{made.name} was there already, the same: {asked}"]
    restore(file, tmp_path)
    made.write_bytes(whole + b"%")  # as a run of other customers under the same number
    (other,) = (done := deliveries.deliver(settings, run, out, "anna", quiet))["print_files"]
    name = Path(other["file"]).name
    assert done["problems"] == [
        f"{made.name} was there already, with other pages than {name}: {asked}"
    ]
    assert (made.read_bytes(), (out / name).read_bytes()) == (whole + b"%", whole)


def test_a_later_month_and_a_revision_are_other_letters(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 2)
    with mail_server(Sink()) as sink:
        settings = with_server(settings, sink.port)
        for day in (DAY, DAY.replace(month=12), DAY):
            form = Form(language="de" if sum(mails(sink).values()) == 4 else "")
            done = statement_runs.compose(settings, day, form, Choice(), "email", "anna", quiet)
            statement_runs.approve(settings, done["run"], "anna")
            deliveries.deliver(settings, done["run"], tmp_path / "out", "anna", quiet)
        assert mails(sink) == {address(1): 3, address(2): 3}


def test_where_no_evidence_can_be_kept_nothing_leaves(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 2)
    (tmp_path / "taken").write_text("a file")
    with mail_server(Sink()) as sink:
        settings = with_server(settings, sink.port, sent_log=str(tmp_path / "taken"))
        run = run_by_mail(settings)
        with pytest.raises(UsageError, match=r"\[mail\] sent_log .*cannot be read"):
            deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert mails(sink) == {}
        own = dataclasses.replace(settings, mail={**settings.mail, "sent_log": f"{tmp_path}/sent"})
        deliveries.deliver(own, run, tmp_path / "out", "anna", quiet)
        kept = (tmp_path / "sent" / f"{DAY}.log").read_text()
    assert [line.split()[0] for line in kept.splitlines()] == ["left", "left"]
    assert not {"c1@customers.example", "C00001"} & set(kept.split()), "nobody is named"
