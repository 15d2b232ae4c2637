"""``python -m benchmarks.queue_page``: the page of exceptions with very many of them."""

import argparse
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import polars as pl

from benchmarks.bank_files import write_mt940
from benchmarks.world import World, world
from pipeline import config, ledger, steps
from pipeline.ledger import people
from pipeline.ledger.load import load
from pipeline.page import passwords


def books(folder: Path, items: int) -> config.Settings:
    """A ledger in ``folder`` in which about ``items`` lines wait for a person."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = world(items, 10 * items)
    write_mt940(_unclear(made), folder / "mt940")
    settings = config.read(None, f"sqlite:///{folder.resolve()}/books.db")
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        for kind, frame in (("bank-accounts", made.bank_accounts), ("customers", made.customers),
                            ("ledger-entries", made.entries)):  # fmt: skip
            file = folder / f"{kind}.parquet"
            frame.write_parquet(file)
            load(book, kind, file, settings, actor="benchmark")
    steps.ingest(settings, [folder / "mt940"], "benchmark")
    steps.match(settings, "benchmark")
    return settings


def _unclear(made: World) -> pl.DataFrame:
    """The lines of a world without what would settle them: no account, no number, odd amounts."""
    half = pl.col("line") % 2 == 0
    return made.lines.with_columns(
        pl.lit("").alias("iban"),
        (pl.col("amount") + 7).alias("amount"),
        pl.when(half).then(pl.col("name").str.reverse()).otherwise("name").alias("name"),
        pl.format("Zahlung {} vom {}", pl.col("line") * 7919 % 100_003, "day").alias("text"),
        pl.lit("unknown").alias("case"),
    )


def served(settings: config.Settings, seconds: int) -> dict[str, str]:
    """The 50th and 99th percentile of each page, one request at a time, as ``wrk`` measures it."""
    password = secrets.token_urlsafe(12)
    with ledger.open(settings.ledger) as book:
        people.record(book, "bench", "add", "viewer", passwords.hashed(password), "benchmark")
        middle = book.rows("SELECT id FROM exception_item ORDER BY id LIMIT 1 OFFSET 100")[0][0]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    line = [sys.executable, "-m", "pipeline", "serve", "--ledger", settings.ledger]
    program = subprocess.Popen([*line, "--port", url.rpartition(":")[2]])
    try:
        cookie = _signed_in(url, password)
        searches = {"items": "?q=zahlung+791", "entries": f"item/{middle}?find=791123"}
        first = {f"first of {name}": _once(f"{url}/{path}", cookie)
                 for name, path in searches.items()}  # fmt: skip
        pages = {
            "first page": "/", "a search": "/?q=zahlung+791", "nothing found": "/?q=xyzzy",
            "what all have": "/?q=zahlung", "by amount": "/?sort=amount",
            "by payer": "/?sort=payer", "mine": "/?who=mine", "one item": f"/item/{middle}",
            "entries by number": f"/item/{middle}?find=791123",
            "by a name": f"/item/{middle}?find=Druck",
            "by an amount": f"/item/{middle}?find=249.50~1", "dashboard": "/dashboard",
        }  # fmt: skip
        asked = {name: _wrk(url + path, cookie, seconds, program.pid)
                 for name, path in pages.items()}  # fmt: skip
        return first | asked
    finally:
        program.terminate()
        program.wait()


def _signed_in(url: str, password: str) -> str:
    form = urllib.parse.urlencode({"name": "bench", "password": password}).encode()
    asked = urllib.request.Request(f"{url}/signin", form, {"Sec-Fetch-Site": "same-origin"})

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())
    for _ in range(300):
        try:
            opener.open(asked)
        except urllib.error.HTTPError as answer:
            return str(answer.headers["set-cookie"]).partition(";")[0]
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the page does not come up")


def _once(url: str, cookie: str) -> str:
    """The first search after a start."""
    asked = urllib.request.Request(url, headers={"Cookie": cookie})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    began = time.monotonic()
    opener.open(asked).read()
    return f"once: {(time.monotonic() - began) * 1000:.0f}ms"


def _wrk(url: str, cookie: str, seconds: int, server: int) -> str:
    """How long answers took, and the processor's time for each, which a busy machine leaves."""
    line = ["wrk", "-t1", "-c1", f"-d{seconds}s", "--latency", "-H", f"Cookie: {cookie}", url]
    before = _processor(server)
    said = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    spent = _processor(server) - before
    found = dict(re.findall(r"(50%|99%)\s+(\S+)", said))
    answers = re.search(r"(\d+) requests in", said)
    each = f"{spent / max(int(answers[1]), 1):5.1f}ms" if answers else ""
    wrong = "  ERRORS" if "Non-2xx" in said or "Socket errors" in said else ""
    return f"50 %: {found['50%']:>9}  99 %: {found['99%']:>9}  cpu: {each}{wrong}"


def _processor(process: int) -> float:
    """Milliseconds that a process took of the processor (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Build the books unless they are there, and print what the server needs for each page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue_page", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench/queue"))
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--keep", action="store_true", help="use the books that are there")
    parser.add_argument("--seconds", type=int, default=6, help="how long each page is asked for")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: install the package wrk")
    there = options.folder / "books.db"
    settings = config.read(None, f"sqlite:///{there.resolve()}")
    if not (options.keep and there.exists()):
        settings = books(options.folder, options.items)
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        counted = (
            "SELECT (SELECT count(*) FROM exception_item WHERE status = 'open'),"
            " (SELECT count(*) FROM entry WHERE remaining_amount <> 0)"
        )
        print("{:,} open items, {:,} open entries".format(*book.rows(counted)[0]))
    for name, said in served(settings, options.seconds).items():
        print(f"{name:<14} {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
