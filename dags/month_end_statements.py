"""The statements of the month end.

One statement for each customer who has something to read, as of the last day of a month that is
complete for every bank account. The asset `bank_month_reconciled` starts it, a person by the form,
or the clock; a second event for the same month sends nothing.

* **When**: `LETTRAGE_MONTH_END`, a cron expression such as `0 6 3 * *`; empty by default: by the
  asset and by hand only. The month is then the last one.

* **Refused** while bank statements of the month are missing or not reconciled; it says which. The
  form may say to start all the same.
* **Order**: what each customer is told is composed and kept, then rendered (mapped over ranges),
  then approved, then sent by mail (mapped) and put into files for the printer. Each step may be
  repeated; nobody gets two.
* **Defaults** of the form: `[statements]` of the settings. **Mail**: `[mail]`, and the connection
  `lettrage_smtp` for host, port, login and password, if it is there.
* **Output**: `statements/<month>/` below `LETTRAGE_OUTPUT`; `run-<number>.json` says what became of
  the run. The run is red at its end where somebody has to look: `lettrage outbox report`.
* **Preview** (*Sending*): the PDFs alone, in `statements/<month>/preview/`; nothing is numbered.
* **Restart**: clear a failed task; it goes on where it was. **Extend**: trigger the month with
  *Again*; who has the same statement already gets none.
"""

import datetime as dt
import os
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import (
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    Param,
    dag,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from lettrage_tasks import (
    COMMON,
    POOL,
    bank_month_reconciled,
    ledger_name,
    most_mapped,
    output,
    settings,
    with_mail,
    with_sent_log,
)

ACTOR = "month_end_statements"
Receipt = dict[str, Any]
_WHEN = os.environ.get("LETTRAGE_MONTH_END", "")
SCHEDULE: Any = [bank_month_reconciled]
if _WHEN:
    _CLOCK = CronTriggerTimetable(_WHEN, timezone="UTC")
    SCHEDULE = AssetOrTimeSchedule(timetable=_CLOCK, assets=SCHEDULE)
# What may be left out is null: a field of text alone is one that Airflow's form wants filled.
_TEXT = {"type": ["null", "string"]}
_LISTS = {"type": ["null", "array"], "items": {"type": "string"}}
_DAY = _TEXT | {"pattern": r"^$|^\d{4}-\d{2}-\d{2}$"}


def _one_of(empty: str, **words: str) -> dict[str, Any]:
    """Of a choice the values with what they are called; first what holds if none is taken."""
    return _TEXT | {"enum": [None, *words], "values_display": {"None": empty, **words}}


PARAMS = {
    "month": Param(None, title="Month", description="YYYY-MM; empty: the month of the event, else"
                   " the last one", **_TEXT | {"pattern": r"^$|^\d{4}-\d{2}$"}),
    "incomplete": Param(False, type="boolean", title="Incomplete months too",
                        description="start although bank statements are missing"),
    "ask": Param(False, type="boolean", title="Ask before it is sent",
                 description="wait for somebody who approves it in Airflow, a week at most"),
    "sending": Param(None, title="Sending", description="whether mails go, or anything at all",
                     **_one_of("as in [statements]", email="to each customer as it wishes",
                               print="all on paper",
                               preview="preview: the PDFs alone, none is numbered or sent")),
    "again": Param(False, type="boolean", title="Again",
                   description="a month that is sent: for who got none, or whose account changed"),
    "per": Param(None, title="One for each", description="of whom a letter tells",
                 **_one_of("as in [statements]", customer="customer",
                           project="project of a customer", parent="parent, for its group")),
    "template": Param(None, title="Template", description="NAME of [statements.templates.NAME];"
                      " empty: each customer's own", **_TEXT),
    "style": Param(None, title="Style", description="how the account is told",
                   **_one_of("each customer's own", open_item="open items",
                             balance_forward="balance brought forward", activity="activity")),
    "aging": Param(None, title="Aging", description="the date that entries age from",
                   **_one_of("as in [statements]", due="due date", posting="posting date",
                             document="document date", off="no aging")),
    "bands": Param(None, title="Bands", type=["null", "array"],
                   items={"type": "integer", "minimum": 1},
                   description="the last day of each, rising, such as [15, 45]; none: those of"
                   " the template, else 30, 60, 90"),
    "first": Param(None, title="From", description="first day of the movements, YYYY-MM-DD;"
                   " empty: that of the month", **_DAY),
    "dated": Param(None, title="Statement date", description="the day that the letter bears,"
                   " YYYY-MM-DD; empty: the last of the month", **_DAY),
    "reversed": Param(None, title="Reversed entries", description="what was reversed in the period",
                      **_one_of("as in [statements]", show="show", hide="hide")),
    "balance": Param(None, title="Balance", description="only customers with such a balance",
                     **_one_of("as in [statements]", any="any", open="not zero",
                               owing="more than a credit in one currency")),
    "minimum": Param(None, title="Least balance", description="in one currency, such as 10.00",
                     **_TEXT | {"pattern": r"^$|^[0-9]+(\.[0-9]+)?$"}),
    "overdue_days": Param(None, type=["null", "integer"], minimum=0, title="Overdue by",
                          description="only with an entry that is overdue by more days"),
    "language": Param(None, title="Language", description="de, fr-CH, ...; empty: each customer's"
                      " own", **_TEXT),
    "customers": Param(None, title="Customers", description="only these numbers", **_LISTS),
    "accounts": Param(None, title="Accounts", description="only of these receivables accounts",
                      **_LISTS),
    "types": Param(None, title="Types", description="only of these customer types", **_LISTS),
    "currencies": Param(None, title="Currencies", description="only customers of these, as EUR",
                        **_LISTS),
    "methods": Param(None, title="Methods", description="only who gets them by email, or print",
                     **_LISTS),
    "countries": Param(None, title="Countries", description="only of these, as DE", **_LISTS),
    "projects": Param(None, title="Projects", description="only with entries of these projects, or"
                      " of these project_parents", **_LISTS),
    "active_only": Param(False, type="boolean", title="Active only",
                         description="leave out who is not active"),
    "moved_only": Param(False, type="boolean", title="With activity only",
                        description="leave out for whom nothing moved in the period"),
}  # fmt: skip


def _months(found: Any) -> list[str]:
    """The months of the events that started this run, for our ledger, and that of the form.

    Without any event or word of a month the last one before this run.
    """
    context = get_current_context()
    asked = context["params"]["month"]
    triggered = (context.get("triggering_asset_events") or {}).values()
    events = [event.extra for some in triggered for event in some]
    if not events and not asked:
        from pipeline import month_end

        return [month_end.month_before(context["dag_run"].run_after.date())]
    ours = {event["month"] for event in events if event.get("ledger") == ledger_name(found)}
    return sorted(ours | ({asked} if asked else set()))


@task(multiple_outputs=False)
def check_period() -> list[Receipt]:
    """The months whose statements are not sent yet; skip if there is none."""
    from pipeline import month_end

    context = get_current_context()
    found, asked = settings(), context["params"]
    again = context["run_id"] if asked["again"] or asked["sending"] == "preview" else ""
    periods = [
        month_end.check_period(found, month, incomplete=asked["incomplete"], again=again)
        for month in _months(found)
    ]
    due = [period for period in periods if period]
    if not due:
        raise AirflowSkipException("the statements of this month are sent; Again tells the others")
    return due


@task(pool=POOL, multiple_outputs=False)
def select(periods: list[Receipt]) -> list[Receipt]:
    """Compose and keep what each customer is told: a run for each month; a preview ends here."""
    from pipeline import month_end

    found, asked = with_mail(settings()), dict(get_current_context()["params"])
    if asked["sending"] == "preview":
        said = {name: value for name, value in asked.items() if name != "sending"}
        folder = output() / "statements"
        done = [month_end.preview(found, period, said, folder, ACTOR) for period in periods]
        told = "; ".join(
            f"{one['statements']} in statements/{one['month']}/preview" for one in done
        )
        raise AirflowSkipException(f"PDFs are written, none is numbered or sent: {told}")
    return [month_end.select(found, period, asked, ACTOR) for period in periods]


@task(multiple_outputs=False)
def chunks(runs: list[Receipt]) -> list[Receipt]:
    """Ranges of deliveries."""
    from pipeline import month_end

    found, most = settings(), most_mapped() // len(runs)
    return [chunk for run in runs for chunk in month_end.chunks(found, run, most)]


@task(pool=POOL, multiple_outputs=False)
def render(chunk: Receipt) -> Receipt:
    """Render the statements of one range."""
    from pipeline import month_end

    return month_end.render(settings(), chunk, output() / "statements", ACTOR)


@task.branch(trigger_rule="none_failed_min_one_success")
def gate(runs: list[Receipt]) -> str:
    """Somebody is asked where the form says so."""
    return "ask" if get_current_context()["params"]["ask"] else "approve"


@task(pool=POOL, multiple_outputs=False, trigger_rule="none_failed_min_one_success")
def approve(runs: list[Receipt]) -> list[Receipt]:
    """Let them leave the house; what nobody approved goes no further."""
    from pipeline import month_end

    for run in runs:
        month_end.approve(settings(), run, ACTOR)
    return runs


@task(pool=POOL, multiple_outputs=False)
def deliver(chunk: Receipt) -> Receipt:
    """Send one range by mail."""
    from pipeline import month_end

    return month_end.deliver(with_sent_log(with_mail(settings())), chunk, ACTOR)


@task(pool=POOL, multiple_outputs=False, trigger_rule="none_failed_min_one_success")
def finish(runs: list[Receipt]) -> list[Receipt]:
    """Print, report, and record that the month is told."""
    from pipeline import month_end

    found, folder = settings(), output() / "statements"
    return [month_end.finish(found, run, folder, ACTOR) for run in runs]


@task
def assert_complete(reports: list[Receipt]) -> None:
    """Red where a delivery failed or nobody knows what became of it."""
    wrong = [f"run {report['run']}: {text}" for report in reports for text in report["problems"]]
    if wrong:
        raise AirflowFailException("; ".join(wrong))


@dag(
    schedule=SCHEDULE,
    params=PARAMS,
    doc_md=__doc__,
    **COMMON,
)
def month_end_statements() -> None:
    """Wire the steps of a month end."""
    runs = select(check_period())
    parts = chunks(runs)
    asked = gate(runs)
    question = ApprovalOperator(
        task_id="ask",
        subject="Send the statements of {{ ti.xcom_pull(task_ids='select')"
        " | map(attribute='month') | join(', ') }}?",
        body="What would go: `lettrage outbox list --state pending`, and the PDFs. Whose payment"
        " may wait in the queue:{% for run in ti.xcom_pull(task_ids='select') %} `lettrage outbox"
        " report --run {{ run.run }}`{% endfor %}.",
        response_timeout=dt.timedelta(days=7),
    )
    approved = approve(runs)
    render.expand(chunk=parts) >> asked >> [question, approved]
    question >> approved
    delivered = deliver.expand(chunk=parts)
    reports = finish(approved)
    approved >> delivered >> reports
    assert_complete(reports)


month_end_statements()
