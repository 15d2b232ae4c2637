"""``lettrage demo``: the sample company, two nights and the statements, without Airflow."""

import datetime as dt
import shutil
import sys
from pathlib import Path

from pipeline import config, ledger, steps
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify

BOOKS = ("gl-accounts", "bank-accounts", "customers", "vendors", "ledger-entries", "bank-entries")
NIGHTS = ("night-1", "night-2")


def samples() -> Path:
    """The folder of the sample company: inside an installed wheel, else beside the package."""
    inside = Path(__file__).parent / "_sample_feeds"
    return inside if inside.exists() else Path(__file__).parent.parent / "sample_feeds"


def run(folder: Path, actor: str) -> int:
    """Run the demo in ``folder``, which is made if it is missing; exit code 0 if the books hold."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "sample_feeds"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(samples(), data)
    settings = config.read(data / "lettrage.toml", f"sqlite:///{folder.resolve()}/ledger.db")
    (folder / "ledger.db").unlink(missing_ok=True)
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        for kind in BOOKS:
            file = data / f"{kind}.csv"
            if file.exists():
                _say(f"load {kind}: {_counts(load(book, kind, file, settings, actor=actor))}")
    for night in NIGHTS:
        receipt = steps.nightly(settings, [data / night], actor)
        for part in ("ingest", "match", "post", "reconcile"):
            _say(f"{night} {part}: {_counts(receipt[part])}")
    return _end(settings, folder)


def _end(settings: config.Settings, folder: Path) -> int:
    with ledger.open(settings.ledger) as book:
        lines = export(book, "lines").to_dicts()
        broken = [check.invariant for check in verify(book) if check.violations]
    for row in lines:
        _say(
            f"{row['bank_account_no']:<10} {row['statement_no']:>10}/{row['line_no']:<3} "
            f"{row['booking_date']} {row['amount']:>12} {row['currency']}  {row['status']:<15} "
            f"{row['rule'] or ''} {row['reason'] or ''}"
        )
    last = max(row["booking_date"] for row in lines)
    out = folder / "statements"
    steps.customer_statements(settings, dt.date.fromisoformat(str(last)), out)
    _say(f"\nledger {folder}/ledger.db, customer statements {out}, lettrage exceptions list")
    _say("verify: " + (f"BROKEN {broken}" if broken else "every invariant holds"))
    return 1 if broken else 0


def _counts(receipt: steps.Receipt) -> str:
    return ", ".join(f"{key} {value}" for key, value in receipt.items() if value)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
