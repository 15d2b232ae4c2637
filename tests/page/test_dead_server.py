"""The page's process is killed in the middle of a decision: all of it is in the books, or nothing.

It dies just before a statement to the database, a later one each time, until a decision is through.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.page.desk import Browser, app_of, hidden, registers
from tests.review.desk import Desk

# Forks after the imports and before any frame: polars threads do not survive a fork.
_SERVERS = """
import json, os, signal, sys
from pathlib import Path
import polars, adbc_driver_sqlite.dbapi, alembic.command
from sqlalchemy import event
from sqlalchemy.engine import Engine
from pipeline import config, ledger
from pipeline.ledger.content import content_hash
from tests.page.desk import Browser, app_of

url, toml, path, fields, stride = json.loads(sys.argv[1])

def serve(kill_at):
    "One server; it answers one form, or dies before a statement of the request."
    seen = [0]
    def before(*_):
        seen[0] += 1
        if seen[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", before)
    answer = Browser(app_of(config.read(Path(toml), url))).post(path, fields)
    assert answer.status_code == 303, answer.text

def look():
    with ledger.open(url) as book:
        print(json.dumps([content_hash(book), *[book.rows(sql)[0][0] for sql in (
            "SELECT count(*) FROM register_seal",
            "SELECT count(*) FROM decision",
            "SELECT count(*) FROM exception_item WHERE status = 'open'")]]), flush=True)

def child(action, *given):
    number = os.fork()
    if number == 0:
        try:
            action(*given)
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])

child(look)
kill_at, code = 1, -signal.SIGKILL
while code == -signal.SIGKILL:
    code = child(serve, kill_at)
    print(json.dumps(code), flush=True)
    child(look)
    kill_at += stride
child(serve, 0)
child(look)
"""


@pytest.mark.parametrize("many", [False, True])
def test_a_server_that_dies_leaves_a_decision_whole_or_none_of_it(desk: Desk, many: bool) -> None:
    anna = Browser(app_of(desk.settings))
    lines = ("DE-EUR/212/15", "DE-EUR/212/16")[: 2 if many else 1]
    numbers = [desk.id(line) for line in lines]
    before = registers(desk.settings)
    path = "/many" if many else f"/item/{numbers[0]}"
    token = anna.fields(f"/item/{numbers[0]}", "comment")["token"]
    asked = {"token": token, "id": numbers} if many else anna.fields(path, "accept")
    found = _killed(desk, path, _previewed(anna, path, asked, numbers))
    first, states, codes = found[0], found[0::2], found[1:-1:2]
    assert codes[-1] == 0, "at last one lives long enough"
    assert set(codes[:-1]) == {-9}, codes
    assert len(codes) > 5, "it died at many places"
    last = states[-1]
    assert last[1] == first[1] + 1, "one register, however often it was sent"
    assert last[2:] == [first[2] + len(lines), first[3] - len(lines)]
    for state in states:
        assert state in (first, last), "nothing half done"
    assert registers(desk.settings) == [*before, ("decision", "anna")]
    assert desk.remaining("RE-2026-1038") == ["0.00"]
    desk.holds()


def _previewed(anna: Browser, path: str, asked: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    """The form below a preview, as it is sent to post."""
    text = anna.post(path, asked).text
    form = text[text.index('class="once"') :]
    sent: dict[str, Any] = hidden(form[: form.index("</form>")])
    return sent | ({"id": ids} if path == "/many" else {}) | {"step": "post"}


def _killed(desk: Desk, path: str, fields: dict[str, Any]) -> list[Any]:
    """What the books were, then by turns how a server ended and what they were after it."""
    stride = 3 if desk.settings.ledger.startswith("sqlite") else 7
    given = json.dumps([desk.settings.ledger, str(desk.more), path, fields, stride])
    line = [sys.executable, "-W", "ignore", "-c", _SERVERS, given]
    here = Path(__file__).parents[2]
    done = subprocess.run(line, capture_output=True, text=True, cwd=here, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]
