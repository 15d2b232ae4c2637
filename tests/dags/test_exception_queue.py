"""The queue between the nights under Airflow: who is told, what a second person lets through."""

import json
import sqlite3
from pathlib import Path

from pipeline import config, decisions, ledger
from pipeline.demo import samples
from pipeline.ledger import notices, people
from tests.dags.test_dags import RUN, airflow, company, states
from tests.statements.mail_sink import Sink, mail_server

ANSWERED = """
import datetime
from airflow.providers.standard.operators.hitl import ApprovalOperator
def answer(self, context):
    said = {"chosen_options": ["Approve"], "params_input": {},
            "responded_at": datetime.datetime.now(datetime.UTC),
            "responded_by_user": {"id": "7", "name": "ben"}}
    return self.execute_complete(context, said)
ApprovalOperator.execute = answer
"""
"""``dag.test()`` leaves a question open; here ben answers it at once."""
QUEUE = """
[queue]
overdue_days = 1
escalate_to = "anna"
addresses = { anna = "anna@hansen.example", ben = "ben@hansen.example" }
[mail]
sender = "ar@hansen.example"
security = "none"
"""


def waiting(settings: config.Settings) -> int:
    """A decision of anna's that waits for a second person: the number of its exception."""
    with ledger.open(settings.ledger) as book:
        people.record(book, "ben", "add", "approver", "x", "root")
        sql = (
            "SELECT x.id FROM exception_item x JOIN statement_line l ON l.line_id = x.line_id JOIN"
            " statement s ON s.id = l.statement_id WHERE s.bank_account_no = 'DE-EUR' AND"
            " s.statement_no = '211' AND l.line_no = 4"
        )
        [(number,)] = book.rows(sql)
    wish = decisions.Wish(documents=(("RE-2026-1006", ""),), write_offs=(("", "1.00"),))
    decisions.apply(settings, number, wish, "anna")
    return int(number)


def test_people_are_told_and_a_second_one_approves_under_airflow(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    settings = sqlite_two_nights
    number = waiting(settings)
    environment = company(tmp_path, [samples() / "night-1"])
    with Path(environment["LETTRAGE_CONFIG"]).open("a", encoding="utf-8") as file:
        file.write(QUEUE)
    runs = json.dumps([["exception_queue", {}], ["apply_decisions", {}], ["exception_queue", {}]])
    with mail_server(Sink()) as sink:
        server = {"conn_type": "smtp", "host": "127.0.0.1", "port": sink.port}
        done = airflow(tmp_path, ANSWERED + RUN, runs, LETTRAGE_LEDGER=settings.ledger,
                       AIRFLOW_CONN_LETTRAGE_SMTP=json.dumps(server), **environment)  # fmt: skip
    (first, tasks), (approved, applied), (second, again) = states(done)
    assert (first, approved, second) == ("success", "success", "success")
    assert set(tasks.values()) == {"success"}
    assert applied["apply.-1"] == "success"
    assert (again["notify.-1"], again["announce.-1"]) == ("success", "skipped")
    with ledger.open(settings.ledger) as book:
        assert notices.waiting(book) == []
        sql = "SELECT actor, prepared_by, outcome FROM decision WHERE action = 'accept'"
        assert book.rows(sql) == [("ben", "anna", "posted")]
        escalated = "SELECT count(*) FROM decision WHERE action = 'escalate'"
        assert book.rows(escalated)[0][0] > 0
    to = [address for address, _ in sink.taken]
    assert to == ["anna@hansen.example", "ben@hansen.example"], "once, though it ran twice"
    text = [mail.get_content() for mail in sink.messages()][1]
    assert f"may approve: {number}" in text
    with sqlite3.connect(tmp_path / "airflow.db") as database:
        kept = str(database.execute("SELECT key, value FROM xcom").fetchall())
    told = kept + done.stdout + done.stderr
    assert "1.00 EUR" in kept
    assert [word for word in ("Sommer", "Hartmann", "Nordlicht", "@hansen") if word in told] == []
