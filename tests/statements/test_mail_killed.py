"""A run by mail that is killed again and again: nobody gets two, nobody is left out silently.

``LETTRAGE_MAIL_CUSTOMERS`` and ``LETTRAGE_MAIL_KILLS`` make it larger than it is by default.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import config, deliveries, delivering
from pipeline.ledger.outbox import Scope
from pipeline.steps import quiet
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import company, run_by_mail, states, with_server

CUSTOMERS = int(os.environ.get("LETTRAGE_MAIL_CUSTOMERS", "80"))
KILLS = int(os.environ.get("LETTRAGE_MAIL_KILLS", "6"))
_WORKER = """
import sys
from pipeline import config, delivering
from pipeline.ledger.outbox import Scope
from pipeline.steps import quiet
from tests.statements.posting_house import with_server

delivering._PAUSES = (0.05, 0.2)
settings = with_server(config.read(None, sys.argv[1], {}), int(sys.argv[2]))
delivering.mail(settings, Scope(int(sys.argv[3])), "worker", quiet)
"""


def worker(settings: config.Settings, run: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", _WORKER, settings.ledger, str(settings.mail["port"]), str(run)]
    return subprocess.Popen(words, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)  # fmt: skip


def killed_somewhere(sink: Sink, process: subprocess.Popen[bytes], chance: random.Random) -> bool:
    """Kill the worker after some more mails; whether it was still at work."""
    wanted = len(sink.taken) + chance.randint(1, max(1, 3 * CUSTOMERS // (2 * KILLS)))
    end = time.monotonic() + 120
    while len(sink.taken) < wanted and process.poll() is None and time.monotonic() < end:
        time.sleep(chance.random() / 500)
    process.kill()
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("faults", [0.0, 0.01])
def test_killed_at_any_moment_each_customer_gets_one_mail_or_somebody_is_asked(
    tmp_path: Path, faults: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "_PAUSES", (0.05, 0.2))
    chance = random.Random(20261031)
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, CUSTOMERS)
    with mail_server(Sink(fault_rate=faults)) as sink:
        settings = with_server(settings, sink.port)
        run = run_by_mail(settings)
        delivering.render(settings, Scope(run), tmp_path / "out", "anna", quiet)
        kills = sum(killed_somewhere(sink, worker(settings, run), chance) for _ in range(KILLS))
        assert worker(settings, run).wait(timeout=3600) == 0
        for _ in range(4):  # what was refused for a time is tried again
            deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    taken = sink.counts()
    assert [found for found, count in taken.items() if count > 1] == [], "nobody gets two"
    counted = states(settings, run)
    assert sum(counted.values()) == CUSTOMERS
    assert set(counted) <= {"email sent", "email unknown"}
    assert counted.get("email unknown", 0) <= kills + sink.lost_answers
    assert counted["email sent"] <= len(taken), "what is said to be sent was taken"
    unknown = deliveries.listed(settings, run, "unknown")
    assert CUSTOMERS - len(taken) <= len(unknown), "who got none is among those that are asked for"
    asked, none = counted.get("email unknown", 0), CUSTOMERS - len(taken)
    said = (
        f"{kills} kills, {sink.lost_answers} answers lost: {asked} are asked for, {none} got none"
    )
    print(said)  # noqa: T201 - the figures of a large run
    assert kills >= KILLS // 2, "the workers were at work when they were killed"


def test_two_workers_at_once_send_each_mail_once(tmp_path: Path) -> None:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, CUSTOMERS)
    with mail_server(Sink()) as sink:
        settings = with_server(settings, sink.port, unknown_after_minutes=15)
        run = run_by_mail(settings)
        delivering.render(settings, Scope(run), tmp_path / "out", "anna", quiet)
        both = [patient(settings, run) for _ in range(2)]
        assert [process.wait(timeout=300) for process in both] == [0, 0]
    assert set(sink.counts().values()) == {1}
    assert len(sink.taken) == CUSTOMERS
    assert states(settings, run) == {"email sent": CUSTOMERS}


def patient(settings: config.Settings, run: int) -> subprocess.Popen[bytes]:
    """A worker that gives the others time to answer."""
    program = _WORKER.replace("int(sys.argv[2]))", "int(sys.argv[2]), unknown_after_minutes=15)")
    words = [sys.executable, "-c", program, settings.ledger, str(settings.mail["port"]), str(run)]
    return subprocess.Popen(words, cwd=Path(__file__).parents[2])


def test_a_worker_that_was_thought_dead_speaks_for_no_later_claim(tmp_path: Path) -> None:
    """Stopped in the middle of a mail, declared lost, resent by a person; then it wakes up."""
    from pipeline import ledger
    from pipeline.ledger import outbox

    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    settings = with_server(settings, 1)
    run = run_by_mail(settings)
    delivering.render(settings, Scope(run), tmp_path / "out", "anna", quiet)
    with ledger.open(settings.ledger) as book:
        asleep = outbox.turn(book, Scope(run), None, "asleep")
        assert asleep is not None
        assert outbox.lost(book, 0, "anna") == 1
        deliveries.decide(settings, "resend", [asleep.id], "it never came", "anna")
        second = outbox.turn(book, Scope(run), None, "second")
        assert second is not None
        assert (second.id, second.tries) == (asleep.id, 2)
        outbox.settle(book, outbox.Outcome(asleep, "pending", "connection_lost"), "asleep")
        outbox.settle(book, outbox.Outcome(asleep, "sent"), "asleep")
        assert [row[0] for row in deliveries.listed(settings, run, "sending")] == [second.id]
        outbox.settle(book, outbox.Outcome(second, "sent"), "second")
    assert states(settings, run) == {"email pending": 2, "email sent": 1}
