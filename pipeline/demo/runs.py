"""Two nights and the month end: by the steps themselves, or by the DAGs under Airflow."""

import sys
import time
from pathlib import Path

from pipeline import config, month_end, night, steps
from pipeline.demo import company, story
from pipeline.demo.stack import Stack

_MONTH_END = "month_end_statements"
_NIGHTLY = "nightly_bank_import"


def run(folder: Path, actor: str, *, airflow: bool = False, keep: bool = False) -> int:
    """Run the demo in ``folder`` and tell what became of each line; 0 if the books hold.

    ``airflow`` starts Airflow and lets its scheduler run the DAGs; ``keep`` leaves it up until
    Ctrl-C.
    """
    start = time.monotonic()
    folder = company.fresh(folder)
    _say(f"demo in {folder}: loading the books of the sample company")
    settings = company.set_up(folder, actor)
    if not airflow:
        _by_steps(settings, folder, actor)
        return _end(settings, folder, start)
    try:
        with Stack(folder, settings.ledger, _say) as stack:
            _by_dags(stack)
            code = _end(settings, folder, start)
            if keep:
                _say(f"\nAirflow stays up: {stack.url}  login admin, password {stack.password}")
                _say("Ctrl-C ends it")
                stack.wait()
    except KeyboardInterrupt:
        _say("interrupted; Airflow is stopped")
        return 130
    _say("Airflow is stopped")
    return code


def _by_steps(settings: config.Settings, folder: Path, actor: str) -> None:
    for name in company.NIGHTS:
        _say(f"{name}: ingest, match, post, reconcile")
        receipt = steps.nightly(settings, [folder / "sample_feeds" / name], actor)
        batch = receipt["batch"]["batch_id"]
        night.keep_report(receipt["report"], folder / "output" / "reports", batch)
    for month in month_end.announce_all(settings, "demo", actor):
        month_end.whole(settings, month, folder / "output" / "statements", actor)


def _by_dags(stack: Stack) -> None:
    """Trigger the import for each night, then wait for the run that the asset starts."""
    stack.unpause(_MONTH_END)
    stack.unpause(_NIGHTLY)
    announced = False
    for name in company.NIGHTS:
        number = stack.trigger(_NIGHTLY, {"inbox": name})
        states = stack.follow(_NIGHTLY, number, name)
        announced = announced or states.get("publish_month") == "success"
    if announced:
        stack.follow(_MONTH_END, stack.first_run(_MONTH_END), "month end")
    else:
        _say("no month is complete: no statements are due")


def _end(settings: config.Settings, folder: Path, start: float) -> int:
    broken = story.tell(settings, folder, _say)
    _say(f"the demo took {time.monotonic() - start:.0f} s")
    return 1 if broken else 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
