"""kill -9 at every SQL statement of posting and closing a batch, then again: the same books.

A fresh process does the work and kills itself just before its n-th statement; nothing of it is in
the test's own process, which only looks at what is left. A process that dies leaves its files: for
every statement they are copied from one run, and every eighth is a death that must leave the same.
What a run makes of a state hangs on the state alone: a state that was recovered from once, up to
times of recording, is not run again.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.demo import samples
from pipeline.ledger.content import content_hash
from pipeline.ledger.verify import verify
from tests.postgres import Server
from tests.prepared import books

NIGHT = samples() / "night-1"

# Forks after the imports and before any frame: polars threads do not survive a fork.
_WORKER = """
import contextlib, hashlib, os, shutil, signal, sqlite3, sys
from pathlib import Path
import polars, adbc_driver_sqlite.dbapi, alembic.command
from sqlalchemy import event
from sqlalchemy.engine import Engine
from pipeline import config, ledger, matching, posting, steps
from pipeline.ledger import bulk, checkpoints, content, proposal_writes, verify
from pipeline.ledger.schema import metadata
from pipeline.demo import samples

TIMES = {"register": {"recorded_at"}, "register_seal": {"hash", "prev_hash"},
         "statement_chain": {"recorded_at"}}

def work(url, kill_at, copies=None):
    seen = [0]
    def before(connection, cursor, statement, *rest):
        seen[0] += 1
        if kill_at == "half" and statement.startswith("INSERT INTO register "):
            # as code would do that marks what it takes and posts it in a second transaction
            cursor.execute("UPDATE entry SET on_hold = 'taken' WHERE remaining_amount <> 0")
            cursor.execute("COMMIT")
            os.kill(os.getpid(), signal.SIGKILL)
        if seen[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if copies:
            shutil.copytree(Path(url.removeprefix("sqlite:///")).parent, copies / str(seen[0]))
    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", lambda connection: before(connection, None, "COMMIT"))
    if not copies:
        checkpoints._ROWS = 1  # to die while a thread copies the log
    settings = config.read(samples() / "lettrage.toml", url)
    steps.post(settings, "tester")
    steps.reconcile(settings, actor="tester")
    return seen[0]

def child(action):
    number = os.fork()
    if number == 0:
        try:
            action()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])

def look(url, out):
    with ledger.open(url) as book:
        broken = [c.invariant for c in verify.verify(book) if c.violations]
        Path(out).write_text(f"{broken} {content.content_hash(book)}")

def state(file):
    digest = hashlib.sha256()
    with contextlib.closing(sqlite3.connect(file)) as books:
        for table in sorted(metadata.tables):
            left = [c.name for c in metadata.tables[table].columns
                    if c.name not in TIMES.get(table, ())]
            order = ", ".join(c.name for c in metadata.tables[table].primary_key) or "rowid"
            for row in books.execute(f"SELECT {', '.join(left)} FROM {table} ORDER BY {order}"):
                digest.update(repr(row).encode())
    return digest.digest()

def attempt(kills):
    trial = folder / f"trial-{first}"
    shutil.copytree(folder / "base", trial, dirs_exist_ok=True)
    url = f"sqlite:///{trial}/ledger.db"
    codes = [child(lambda at=at: work(url, at)) for at in kills]
    print(kills[0], codes[0], recovered(trial), flush=True)
    return codes[0]

def recovered(trial):
    "What another run makes of the files that are left."
    left, url = state(trial / "ledger.db"), f"sqlite:///{trial}/ledger.db"
    if left not in known:
        done = child(lambda: work(url, 0))
        child(lambda: look(url, trial / "found"))
        known[left] = f"{done} {(trial / 'found').read_text()}"
    shutil.rmtree(trial)
    return known[left]

def every_statement():
    trial, copies = folder / "trial-all", folder / "copies"
    shutil.copytree(folder / "base", trial)
    copies.mkdir()
    child(lambda: work(f"sqlite:///{trial}/ledger.db", 0, copies))
    for copy in sorted(copies.iterdir(), key=lambda copy: int(copy.name)):
        print(copy.name, "copied", recovered(copy), flush=True)
    of_copies = set(known)
    at = 1
    while attempt([at]):
        at += step
    print("states", len(of_copies), len(set(known) - of_copies), flush=True)

folder, first, step, again = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
known = {}
if first == "half":
    attempt(["half"])
elif first == "all":
    every_statement()
else:
    at = int(first)
    while attempt([at, *map(int, again)]):
        at += step
"""


def matched(settings: config.Settings) -> None:
    """A night up to the point where posting begins."""
    steps.ingest(settings, [NIGHT], "tester")
    steps.match(settings, "tester")


def finish(settings: config.Settings) -> str:
    steps.post(settings, "tester")
    steps.reconcile(settings, actor="tester")
    return content(settings)


def content(settings: config.Settings) -> str:
    with ledger.open(settings.ledger) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []
        return content_hash(book)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a matched night, and the content that undisturbed posting gives it."""
    folder = tmp_path_factory.mktemp("kill")
    (folder / "base").mkdir()
    matched(books(f"sqlite:///{folder}/base/ledger.db"))
    shutil.copytree(folder / "base", folder / "whole")
    whole = config.read(samples() / "lettrage.toml", f"sqlite:///{folder}/whole/ledger.db")
    return folder, finish(whole)


def killed(folder: Path, *numbers: int | str) -> list[list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, str(folder), *map(str, numbers)],
        check=True, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    return [line.split(" ") for line in done.stdout.splitlines()]


def test_killed_at_every_statement_and_run_again_the_books_are_the_same(
    base: tuple[Path, str],
) -> None:
    folder, expected = base
    *trials, [_, states, beside] = killed(folder, "all", 8)
    assert len([trial for trial in trials if trial[1] == "copied"]) > 50, "too few statements"
    deaths = [trial for trial in trials if trial[1] != "copied"]
    assert len(deaths) > 6
    assert [trial for trial in deaths[:-1] if trial[1] != str(-signal.SIGKILL)] == []
    assert {tuple(trial[2:]) for trial in trials} == {("0", "[]", expected)}
    assert int(states) > 5, "some of it was done"
    assert beside == "0", "who is killed leaves what was copied"


def test_work_that_is_not_one_transaction_would_be_found(base: tuple[Path, str]) -> None:
    """The same process, made to commit a mark of its own before it posts, and killed there."""
    folder, expected = base
    [[_, code, *left]] = killed(folder, "half", 1)
    assert code == str(-signal.SIGKILL)
    assert left != ["0", "[]", expected]


def test_killed_again_while_it_recovers_the_books_are_the_same(base: tuple[Path, str]) -> None:
    folder, expected = base
    trials = killed(folder, 5, 13, 9, 21)
    assert {tuple(trial[2:]) for trial in trials} == {("0", "[]", expected)}


_POSTER = """
import sys
from pipeline import config, steps
from pipeline.demo import samples
settings = config.read(samples() / "lettrage.toml", sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
steps.post(settings, "tester")
steps.reconcile(settings, actor="tester")
"""


def poster(url: str) -> subprocess.Popen[str]:
    """A process that stands ready to post and starts at a line on its standard input."""
    process = subprocess.Popen([sys.executable, "-c", _POSTER, url], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_processes_post_the_same_batch_at_once(
    settings: config.Settings, base: tuple[Path, str]
) -> None:
    matched(settings)
    both = [poster(settings.ledger) for _ in range(2)]
    for process in both:
        go(process)
    for process in both:
        process.communicate(timeout=120)
    assert content(settings) == base[1]


def test_a_zombie_that_wakes_after_the_retry_changes_nothing(
    settings: config.Settings, base: tuple[Path, str]
) -> None:
    matched(settings)
    zombie = poster(settings.ledger)
    os.kill(zombie.pid, signal.SIGSTOP)
    go(zombie)
    assert finish(settings) == base[1]
    os.kill(zombie.pid, signal.SIGCONT)
    zombie.communicate(timeout=120)
    assert zombie.returncode == 0
    assert content(settings) == base[1]


@pytest.mark.parametrize("milliseconds", [5, 40, 120])
def test_postgresql_survives_the_death_of_its_client(
    postgres: str, base: tuple[Path, str], milliseconds: int
) -> None:
    settings = books(postgres)
    matched(settings)
    client = poster(postgres)
    go(client)
    with pytest.raises(subprocess.TimeoutExpired):
        client.wait(milliseconds / 1000)
    client.kill()
    client.communicate()
    assert finish(settings) == base[1]


def test_postgresql_restarted_at_once_while_it_posts(
    server: Server, postgres: str, base: tuple[Path, str]
) -> None:
    settings = books(postgres)
    matched(settings)
    client = poster(postgres)
    go(client)
    server.restart_immediately()
    client.communicate(timeout=120)
    assert finish(settings) == base[1]
