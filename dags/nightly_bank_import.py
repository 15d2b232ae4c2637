"""Every night: read the banks' files, match, post, reconcile, and say whether all came in.

Each task is one step of ``pipeline.steps``, safe to retry and to run twice; between the tasks go
counts and ids only.
"""

from typing import Any

from airflow.sdk import dag, get_current_context, task
from assets import inboxes, reconciled_bank_entries, settings

ACTOR = "nightly_bank_import"


def _chosen() -> str | None:
    run = get_current_context()["dag_run"]
    return (run.conf or {}).get("inbox")


@dag(schedule="0 2 * * *", catchup=False, max_active_runs=1, doc_md=__doc__, tags=["lettrage"])
def nightly_bank_import() -> None:
    """Wire the steps of a night."""

    @task
    def open_batch() -> dict[str, Any]:
        from pipeline import steps

        return steps.open_batch(settings())

    @task
    def ingest() -> dict[str, Any]:
        from pipeline import steps

        found = settings()
        receipt = steps.ingest(found, inboxes(found, _chosen()), ACTOR)
        return {**receipt, "problems": len(receipt["problems"])}

    @task
    def match() -> dict[str, Any]:
        from pipeline import steps

        return steps.match(settings(), ACTOR)

    @task
    def post() -> dict[str, Any]:
        from pipeline import steps

        return steps.post(settings(), ACTOR)

    @task
    def reconcile() -> dict[str, Any]:
        from pipeline import steps

        return steps.reconcile(settings(), actor=ACTOR)

    @task(outlets=[reconciled_bank_entries])
    def publish(batch: dict[str, Any], *, outlet_events: Any) -> None:
        outlet_events[reconciled_bank_entries].extra = {"batch_id": batch["batch_id"]}

    @task
    def assert_complete(receipt: dict[str, Any]) -> None:
        from pipeline import steps

        if steps.night_report(settings())["problems"]:
            raise ValueError("the control report differs; see: lettrage report night")
        if receipt["problems"]:
            raise ValueError("a feed was refused or held; see: lettrage export statements")

    batch = open_batch()
    read = ingest()
    done = reconcile()
    (
        batch
        >> read
        >> match()
        >> post()
        >> match.override(task_id="rematch")()
        >> done
        >> publish(batch)
        >> (assert_complete(read))
    )


nightly_bank_import()
