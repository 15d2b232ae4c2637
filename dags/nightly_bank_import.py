"""The nightly bank import.

Reads what the banks sent, matches it to the books, posts what is sure, puts the rest into the
exception queue, parks it when it is due, and closes reconciled statements.

Each task is one step of `pipeline.steps`, safe to retry and to run twice; between the tasks go ids
and counts only. A feed that is refused or held stops no other: the run is red at its end, in
`assert_complete`, when everything else is through.

* **Ledger**: connection `lettrage_ledger`, else the variable `LETTRAGE_LEDGER`.
* **Inboxes**: `[feeds] inboxes` of the settings (`LETTRAGE_CONFIG`); `{"inbox": "name"}` as conf of
  a run takes the one of this folder name only.
* **Pool**: `lettrage_ledger`, 1 slot for a ledger on SQLite, 4 on PostgreSQL.
* **Output**: the control report, `reports/night-<business date>-<batch>.txt` and `.json` below
  `LETTRAGE_OUTPUT`, and a mail to `[report] mail_to`; a difference in it, or a statement missing
  for too long, makes the run red.
* **When**: `LETTRAGE_NIGHTLY`, a cron expression, by default two o'clock; empty: by hand only.
"""

import os
from typing import Any

from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from lettrage_tasks import (
    COMMON,
    POOL,
    bank_month_reconciled,
    inboxes,
    ledger_name,
    most_mapped,
    output,
    reconciled_bank_entries,
    settings,
    with_mail,
)

ACTOR = "nightly_bank_import"
Receipt = dict[str, Any]


@task(pool=POOL, multiple_outputs=False)
def open_batch() -> Receipt:
    """Bring the ledger to this version; name the batch by the register it starts from."""
    from pipeline import steps

    return steps.open_batch(settings())


@task
def discover() -> list[list[Receipt]]:
    """List the files that the ledger does not know: places and hashes, in chunks."""
    from pipeline import night, steps

    found = settings()
    chosen = (get_current_context()["dag_run"].conf or {}).get("inbox")
    return night.chunks(steps.discover(found, inboxes(found, chosen)), most_mapped())


@task(pool=POOL, multiple_outputs=False)
def ingest(chunk: list[Receipt]) -> Receipt:
    """Read a chunk of files and store their statements; a refused one stops no other."""
    from pipeline import steps

    found = settings()
    chosen = (get_current_context()["dag_run"].conf or {}).get("inbox")
    receipt = steps.ingest(found, inboxes(found, chosen), ACTOR, workers=1, chosen=chunk)
    # Problems name files; how many there are is all that Airflow has to know.
    return {key: len(v) if isinstance(v, list) else v for key, v in receipt.items()}


@task(pool=POOL, multiple_outputs=False, trigger_rule="all_done")
def match() -> Receipt:
    """Propose applications for open lines, also when a chunk of files failed.

    Of several nights that came at once, the lines of the first one; `rematch` goes on from there.
    """
    from pipeline import steps

    found = settings()
    return steps.match(found, ACTOR, steps.first_stop(found))


@task(pool=POOL, multiple_outputs=False)
def post() -> Receipt:
    """Post the proposals that the policy allows."""
    from pipeline import steps

    return steps.post(settings(), ACTOR)


@task(pool=POOL, multiple_outputs=False)
def rematch() -> Receipt:
    """Match and post until nothing more posts."""
    from pipeline import steps

    return steps.settle(settings(), ACTOR)


@task(pool=POOL, multiple_outputs=False)
def park() -> Receipt:
    """Book what is left to the clearing account, when [policy] park says so."""
    from pipeline import steps

    return steps.park_due(settings(), ACTOR)


@task
def bank_accounts() -> list[list[str]]:
    """The numbers of the bank accounts, in chunks."""
    from pipeline import night, steps

    return night.chunks(steps.bank_accounts(settings()), most_mapped(), least=1)


@task(pool=POOL, multiple_outputs=False)
def reconcile(accounts: list[str]) -> Receipt:
    """Close bank entries and statements of these bank accounts."""
    from pipeline import steps

    found = settings()
    done = [steps.reconcile(found, account, ACTOR) for account in accounts]
    return {key: sum(receipt[key] for receipt in done) for key in ("reconciled", "waiting")}


@task(pool=POOL, outlets=[reconciled_bank_entries], trigger_rule="none_failed")
def publish(batch: Receipt, *, outlet_events: Any) -> list[str]:
    """Say that the night's entries are posted; return the months that became complete."""
    from pipeline import month_end

    outlet_events[reconciled_bank_entries].extra = {"batch_id": batch["batch_id"]}
    return month_end.to_announce(settings(), batch["batch_id"])


@task(pool=POOL, outlets=[bank_month_reconciled])
def publish_month(month: str, batch: Receipt, *, outlet_events: Any) -> None:
    """Say, once, that a month is reconciled for every bank account."""
    from pipeline import month_end

    found = settings()
    month_end.announce(found, month, batch["batch_id"], ACTOR)
    outlet_events[bank_month_reconciled].extra = {
        "ledger": ledger_name(found),
        "month": month,
    }


@task(multiple_outputs=False)
def control_report(batch: Receipt) -> Receipt:
    """Write the night's control report."""
    from pipeline import night, steps

    report = steps.night_report(settings())
    night.keep_report(report, output() / "reports", batch["batch_id"])
    return {"register": report["register"], "differences": len(report["problems"])}


@task(pool=POOL, multiple_outputs=False)
def mail_report(report: Receipt) -> Receipt:
    """Mail the report to `[report] mail_to`; red where a server refuses an address for good."""
    from pipeline import night, steps

    found = with_mail(settings())
    if not found.report["mail_to"]:
        raise AirflowSkipException("[report] mail_to names nobody")
    done = night.mail_report(found, steps.night_report(found), ACTOR)
    if done["failed"]:
        raise AirflowFailException(f"{done['failed']} addresses of [report] mail_to are refused")
    return done


@task(trigger_rule="none_failed")
def assert_complete(chunks: list[list[Receipt]], report: Receipt) -> None:
    """Be red when the report differs or a feed was refused or is held."""
    from pipeline import night

    if report["differences"]:
        raise AirflowFailException("the control report differs; see: lettrage report night")
    bad = night.not_taken(settings(), [file for chunk in chunks for file in chunk])
    if bad:
        raise AirflowFailException(
            f"{len(bad)} feeds are refused or held, the others are through:"
            f" {', '.join(bad)}; see: lettrage export statements"
        )


@dag(
    schedule=os.environ.get("LETTRAGE_NIGHTLY", "0 2 * * *") or None,
    doc_md=__doc__,
    **COMMON,
)
def nightly_bank_import() -> None:
    """Wire the steps of a night."""
    batch, chunks = open_batch(), discover()
    read = ingest.expand(chunk=chunks)
    matched, accounts = match(), bank_accounts()
    posted, settled, parked = post(), rematch(), park()
    closed = reconcile.expand(accounts=accounts)
    months = publish(batch)
    report = control_report(batch)
    complete = assert_complete(chunks, report)
    batch >> [chunks, accounts]
    read >> matched >> posted >> settled >> parked >> closed >> months >> report
    publish_month.partial(batch=batch).expand(month=months)
    read >> complete
    mail_report(report)


nightly_bank_import()
