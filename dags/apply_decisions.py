"""Decisions that wait for a second person, asked for in Airflow.

`exception_queue` starts it when decisions pass a limit of their maker. The run asks in *Required
Actions* and waits for up to 20 hours; without an answer nothing is written, and the next event asks
again. Approved, each decision is posted as it was when it was asked, by the person who answered:
one whom the ledger names as approver (`lettrage user add NAME --role approver`) and who prepared
none of them. What was decided elsewhere meanwhile is left alone.

Nobody has to answer here: the page and `lettrage exceptions accept` do the same, one by one.

Steps: `pipeline.exception_queue`.
"""

import datetime as dt
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from lettrage_tasks import COMMON, POOL, decisions_waiting, settings

Receipt = dict[str, Any]


@task(multiple_outputs=False)
def waiting() -> Receipt:
    """The decisions that wait: numbers, versions, sums; skip where none does any more."""
    from pipeline import exception_queue

    found = exception_queue.waiting(settings())
    if not found["asked"]:
        raise AirflowSkipException("nothing waits for a second person")
    numbers = ", ".join(str(one["exception"]) for one in found["asked"])
    return {**found, "numbers": numbers, "count": len(found["asked"])}


@task(pool=POOL, multiple_outputs=False)
def apply(found: Receipt, answer: Receipt) -> Receipt:
    """Post what was approved, by the person who answered."""
    from pipeline import exception_queue
    from pipeline.domain.errors import UsageError

    person = answer["responded_by_user"]
    if person is None or answer["chosen_options"] != [ApprovalOperator.APPROVE]:
        raise AirflowFailException("nobody approved it; nothing was written")
    try:
        return exception_queue.approve(settings(), found["asked"], person["name"], named=True)
    except UsageError as error:
        raise AirflowFailException(str(error)) from None


@dag(
    schedule=[decisions_waiting],
    doc_md=__doc__,
    **COMMON,
)
def apply_decisions() -> None:
    """Wire the question between what waits and what is posted."""
    found = waiting()
    asked = "{{ ti.xcom_pull(task_ids='waiting')['%s'] }}"
    question = ApprovalOperator(
        task_id="ask",
        subject=f"Post {asked % 'count'} decisions that wait for a second person?",
        body=f"Exceptions {asked % 'numbers'}; written off: {asked % 'written_off'}. What each"
        " posts: the page, or `lettrage exceptions show`.",
        defaults=["Reject"],
        response_timeout=dt.timedelta(hours=20),
    )
    found >> question
    apply(found, question.output)


apply_decisions()
