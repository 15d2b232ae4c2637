"""The statements of the month end.

One statement as PDF for each customer with open entries, as of the last day of a month that is
complete for every bank account. The asset `bank_month_reconciled` starts it; a second event for the
same month sends nothing. By hand: conf `{"month": "2026-10"}`.

The statements are put below `LETTRAGE_OUTPUT`, in `statements/<month>/`.
"""

import datetime as dt
from typing import Any

from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from lettrage_tasks import (
    DEFAULTS,
    POOL,
    bank_month_reconciled,
    ledger_name,
    most_mapped,
    output,
    settings,
)

ACTOR = "month_end_statements"
Receipt = dict[str, Any]


def _months(found: Any) -> list[str]:
    """The months of the events that started this run, for our ledger, and that of its conf."""
    context = get_current_context()
    asked = (context["dag_run"].conf or {}).get("month")
    months = {asked} if asked else set()
    for events in (context.get("triggering_asset_events") or {}).values():
        extras = [event.extra for event in events]
        months |= {e["month"] for e in extras if e.get("ledger") == ledger_name(found)}
    return sorted(months)


@task(multiple_outputs=False)
def check_period() -> list[Receipt]:
    """The months of the events whose statements are not sent yet; skip if there is none."""
    from pipeline import month_end

    found = settings()
    periods = [month_end.check_period(found, month) for month in _months(found)]
    due = [period for period in periods if period]
    if not due:
        raise AirflowSkipException("the statements of this month are sent")
    return due


@task(multiple_outputs=False)
def select(periods: list[Receipt]) -> list[Receipt]:
    """Ranges of customers who have open entries."""
    from pipeline import month_end

    found, most = settings(), most_mapped() // len(periods)
    return [chunk for period in periods for chunk in month_end.select(found, period, most)]


@task(multiple_outputs=False)
def render(chunk: Receipt) -> Receipt:
    """Render the statements of one range."""
    from pipeline import month_end

    return month_end.render(settings(), chunk, output() / "statements", ACTOR)


@task(pool=POOL, multiple_outputs=False, trigger_rule="none_failed_min_one_success")
def deliver(periods: list[Receipt]) -> list[Receipt]:
    """Put them into the month's folder and record that they are sent."""
    from pipeline import month_end

    found, folder = settings(), output() / "statements"
    return [month_end.deliver(found, period, folder, ACTOR) for period in periods]


@dag(
    schedule=[bank_month_reconciled],
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    doc_md=__doc__,
    tags=["lettrage"],
)
def month_end_statements() -> None:
    """Wire the steps of a month end."""
    periods = check_period()
    rendered = render.expand(chunk=select(periods))
    rendered >> deliver(periods)


month_end_statements()
