"""The queue while nobody looks: who gets what, who is told, what a second person lets through."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, decisions, exception_queue, ledger
from pipeline.domain.errors import UsageError
from pipeline.ledger import notices, people
from pipeline.statements.mail_server import MailServerError
from tests.review.desk import PARKED, Desk, desk_of
from tests.statements.mail_sink import Sink, mail_server

SERVER = {"host": "127.0.0.1", "security": "none", "sender": "Hansen <ar@hansen.example>"}
ADDRESSES = {"anna": "anna@hansen.example", "ben": "ben@hansen.example"}


def asked(settings: config.Settings, sink: Sink | None = None, **queue: Any) -> config.Settings:
    """The settings with ``[queue]`` keys, and the sink as the mail server."""
    mail = {**settings.mail, **SERVER, "port": sink.port} if sink else settings.mail
    return dataclasses.replace(settings, mail=mail, queue={**settings.queue, **queue})


def whose(desk: Desk) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in desk.run("list")["exceptions"]:
        found.setdefault(row["assigned_to"], []).append(str(row["id"]))
    return found


def texts(sink: Sink) -> list[tuple[str, str, str]]:
    """Recipient, subject and text of what came, in order."""
    return [(to, str(mail["Subject"]), mail.get_content().replace("\r\n", "\n"))
            for (to, _), mail in zip(sink.taken, sink.messages(), strict=True)]  # fmt: skip


def test_a_reason_or_else_an_account_leads_to_a_person_once(desk: Desk) -> None:
    route = {"unknown_payer": "anna", "GB-GBP": "ben"}
    settings = asked(desk.settings, route=route)
    first = exception_queue.route(settings, "night")
    given = whose(desk)
    assert first["routed"] == len(given["anna"]) + len(given["ben"])
    items = {str(row["id"]): row for row in desk.run("list")["exceptions"]}
    assert {items[number]["reason"] for number in given["anna"]} == {"unknown_payer"}
    assert {items[number]["bank_account_no"] for number in given["ben"]} == {"GB-GBP"}
    back = given["anna"][0]
    desk.run("assign", back, "--to", "")
    assert exception_queue.route(settings, "night")["routed"] == 0, "a person gave it back"
    said = desk.run("show", back)["history"]
    assert [(row["action"], row["actor"]) for row in said] == [
        ("assign", "night"), ("assign", "anna"),
    ]  # fmt: skip
    with pytest.raises(UsageError, match=r"\[queue.route\] unknwon_payer: expected a reason"):
        exception_queue.route(asked(desk.settings, route={"unknwon_payer": "anna"}), "night")


def test_what_is_older_goes_to_whom_it_is_escalated_once(desk: Desk) -> None:
    settings = asked(desk.settings, overdue_days=1, escalate_to="carla")
    done = exception_queue.route(settings, "night")
    old = [str(row["id"]) for row in desk.run("list")["exceptions"] if row["age_days"] > 1]
    assert old
    assert whose(desk)["carla"] == old
    assert (done["escalated"], done["overdue"], done["exceptions"]) == (len(old), len(old), 15)
    desk.run("assign", old[0], "--to", "anna", user="carla")
    assert exception_queue.route(settings, "night")["escalated"] == 0
    assert whose(desk)["anna"] == [old[0]]
    assert desk.run("show", old[0])["history"][0]["reason"] == "older than 1 days"


def test_each_is_told_once_what_is_new_in_numbers_and_sums(desk: Desk) -> None:
    with mail_server(Sink()) as sink:
        settings = asked(desk.settings, sink, addresses=ADDRESSES, route={"GB-GBP": "anna"},
                         page="https://airflow.example/lettrage/", overdue_days=0)  # fmt: skip
        exception_queue.route(settings, "night")
        assert exception_queue.notify(settings, "night")["sent"] == 2
        assert exception_queue.notify(settings, "night") == {
            "sent": 0, "unknown": 0, "failed": 0, "unchanged": 2,
        }  # fmt: skip
        mine = ", ".join(whose(desk)["anna"])
        (to, subject, text), (other, _, nothing) = texts(sink)
        assert (to, other) == ("anna@hansen.example", "ben@hansen.example")
        assert subject.endswith("2 exceptions with you, 2 overdue")
        assert f"New since the last mail: {mine}\n" in text
        assert "  GBP 2: " in text
        assert "https://airflow.example/lettrage/?who=mine" in text
        assert "With nobody: 13" in nothing
        assert not any(word in text + nothing for word in ("Sommer", "Richter", "Mueller"))
        number = whose(desk)[""][0]
        desk.run("assign", number, "--to", "ben")
        german = asked(settings, sink, addresses=ADDRESSES, language="de")
        assert exception_queue.notify(german, "night")["sent"] == 1
        assert f"Neu seit der letzten Mail: {number}\n" in texts(sink)[-1][2]


def test_a_server_that_is_away_is_asked_again_and_nobody_is_told_twice(lite: Desk) -> None:
    faults = {"ben@hansen.example": "address_4xx"}
    with mail_server(Sink(faults=faults, once=True)) as sink:
        settings = asked(lite.settings, sink, addresses=ADDRESSES)
        with pytest.raises(MailServerError, match="1 mails to our own people wait"):
            exception_queue.notify(settings, "night")
        assert exception_queue.notify(settings, "night")["sent"] == 1
        assert [to for to, _ in sink.taken] == ["anna@hansen.example", "ben@hansen.example"]
    refused = {"vera@hansen.example": "address_5xx"}
    with mail_server(Sink(faults=refused, once=True)) as sink:
        settings = asked(lite.settings, sink, addresses={"vera": "vera@hansen.example"})
        assert exception_queue.notify(settings, "night")["failed"] == 1
        assert exception_queue.notify(settings, "night")["sent"] == 1, "she was told nothing yet"
    wrong = asked(lite.settings, sink, addresses={"anna": "anna, ben"})
    with pytest.raises(UsageError, match=r"\[queue.addresses\] anna: found 'anna, ben'"):
        exception_queue.notify(wrong, "night")


def test_what_waits_is_approved_together_by_another_person(lite: Desk) -> None:
    desk, settings = lite, lite.settings
    number = desk.id("DE-EUR/211/4")
    wish = decisions.Wish(documents=(("RE-2026-1006", ""),), write_offs=(("", "1.00"),))
    decisions.apply(settings, int(number), wish, "anna")
    asked_for = exception_queue.waiting(settings)
    assert [one["exception"] for one in asked_for["asked"]] == [int(number)]
    assert asked_for["written_off"] == "1.00 EUR"
    with ledger.open(settings.ledger) as book:
        people.record(book, "ben", "add", "approver", "x", "root")
        people.record(book, "vera", "add", "reviewer", "x", "root")
    with mail_server(Sink()) as sink:
        told = asked(settings, sink, addresses=ADDRESSES | {"vera": "vera@hansen.example"})
        exception_queue.notify(told, "night")
        may = {to: f"may approve: {number}\n" in text for to, _, text in texts(sink)}
        assert may == {"anna@hansen.example": False, "ben@hansen.example": True,
                       "vera@hansen.example": False}  # fmt: skip
    with pytest.raises(UsageError, match="vera is no approver"):
        exception_queue.approve(settings, asked_for["asked"], "vera")
    assert exception_queue.approve(settings, asked_for["asked"], "ben")["approved"] == 1
    again = exception_queue.approve(settings, asked_for["asked"], "ben", named=True)
    assert desk.remaining("RE-2026-1006") == ["0.00"]
    assert exception_queue.waiting(settings)["asked"] == []
    assert again["left"] == 0, "the same answer once more changes nothing"
    desk.holds()


def _waits(desk: Desk) -> int:
    """A decision of anna's that waits for a second person: the number of its item."""
    number = int(desk.id("DE-EUR/211/4"))
    wish = decisions.Wish(documents=(("RE-2026-1006", ""),), write_offs=(("", "1.00"),))
    decisions.apply(desk.settings, number, wish, "anna")
    return number


def test_only_what_a_person_prepared_is_approved(
    lite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, settings = _waits(lite), lite.settings
    with ledger.open(settings.ledger) as book:
        before = notices.waiting(book)
    decisions.reject(settings, number, "carla")
    monkeypatch.setattr(notices, "waiting", lambda book: before)  # carla was quicker than the next
    assert exception_queue.waiting(settings) == {"asked": [], "written_off": ""}
    assert lite.applied("DE-EUR/211/4") == PARKED


def test_who_may_approve_under_airflow_is_named_by_the_ledger(lite: Desk) -> None:
    _waits(lite)
    asked_for = exception_queue.waiting(lite.settings)["asked"]
    with pytest.raises(UsageError, match="ben is no approver of this ledger"):
        exception_queue.approve(lite.settings, asked_for, "ben", named=True)
    assert lite.applied("DE-EUR/211/4") == PARKED
    assert exception_queue.approve(lite.settings, asked_for, "anna")["left"] == 1
    assert exception_queue.approve(lite.settings, asked_for, "ben")["approved"] == 1


def test_who_accepted_what_waits_has_not_approved_it(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk = desk_of(sqlite_settings, capsys, tmp_path, "tolerance_percent = 0\n")
    desk.run("accept", desk.id("DE-EUR/211/10"))
    asked_for = exception_queue.waiting(desk.settings)["asked"]
    assert exception_queue.approve(desk.settings, asked_for, "anna") == {"approved": 0, "left": 1}


def test_what_is_put_off_is_with_nobody_else_meanwhile(lite: Desk) -> None:
    numbers = whose(lite)[""]
    lite.run("later", numbers[-1], "--until", "2099-12-31")
    with mail_server(Sink()) as sink:
        exception_queue.notify(asked(lite.settings, sink, addresses=ADDRESSES), "night")
        assert f"With nobody: {len(numbers) - 1}\n" in texts(sink)[0][2]
