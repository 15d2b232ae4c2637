"""The exception queue between the nights.

After each night, and by the clock, what waits is matched again to the entries and mappings that
came since, finds somebody who takes care of it, and these people are told by mail. It posts
nothing: what became sure is posted by the next night, what people decide on the page at once.

* **Who**: `[queue.route]` of the settings leads a reason or a bank account to a person,
  `escalate_to` gets what is older than `overdue_days`. Each item is routed once and escalated once.
* **Mail**: `[mail]` and the connection `lettrage_smtp`; people by `[queue.addresses]`. Numbers,
  counts and sums; one mail a person and run, none where nothing is new.
* **Approvals**: what waits for a second person starts `apply_decisions`.
* **When**: after `nightly_bank_import`, and `LETTRAGE_QUEUE`, a cron expression, by default every
  two hours of a working day; empty: after the nights only.

Steps: `pipeline.exception_queue`.
"""

import os
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from lettrage_tasks import (
    COMMON,
    POOL,
    decisions_waiting,
    ledger_name,
    reconciled_bank_entries,
    settings,
    with_mail,
)

ACTOR = "exception_queue"
Receipt = dict[str, Any]
_WHEN = os.environ.get("LETTRAGE_QUEUE", "0 8-18/2 * * 1-5")
_AFTER = [reconciled_bank_entries]
SCHEDULE: Any = _AFTER
if _WHEN:
    _CLOCK = CronTriggerTimetable(_WHEN, timezone="UTC")
    SCHEDULE = AssetOrTimeSchedule(timetable=_CLOCK, assets=_AFTER)


@task(pool=POOL, multiple_outputs=False)
def rematch() -> Receipt:
    """Propose anew for what waits."""
    from pipeline import exception_queue

    return exception_queue.rematch(settings(), ACTOR)


@task(pool=POOL, multiple_outputs=False)
def route() -> Receipt:
    """Give what nobody has, and what is old, to whom the settings say; how old the queue is."""
    from pipeline import exception_queue

    return exception_queue.route(settings(), ACTOR)


@task(pool=POOL, multiple_outputs=False)
def notify() -> Receipt:
    """Tell people by mail; red where a server refuses an address for good."""
    from pipeline import exception_queue

    done = exception_queue.notify(with_mail(settings()), ACTOR)
    if done["failed"]:
        raise AirflowFailException(f"{done['failed']} addresses of [queue.addresses] are refused")
    return done


@task(pool=POOL, outlets=[decisions_waiting])
def announce(*, outlet_events: Any) -> int:
    """Say that decisions wait for a second person; skip where none does."""
    from pipeline import exception_queue

    found = settings()
    waits = len(exception_queue.waiting(found)["asked"])
    if not waits:
        raise AirflowSkipException("nothing waits for a second person")
    outlet_events[decisions_waiting].extra = {"ledger": ledger_name(found), "decisions": waits}
    return waits


@dag(
    schedule=SCHEDULE,
    doc_md=__doc__,
    **COMMON,
)
def exception_queue() -> None:
    """Wire the steps; that a mail does not go keeps nobody from being asked."""
    routed = route()
    rematch() >> routed >> [notify(), announce()]


exception_queue()
