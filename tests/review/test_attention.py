"""What people do around an item without deciding it, at the page and in the terminal alike."""

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, decisions, ledger
from pipeline.domain.errors import LedgerBusyError
from pipeline.ledger import attention
from pipeline.page.beside import Sightings
from tests.page.desk import Browser, app_of
from tests.review.desk import Desk


def _ids(desk: Desk, *words: str) -> list[int]:
    return [row["id"] for row in desk.run("list", *words)["exceptions"]]


def _listed(answer: Any) -> list[int]:
    return [int(number) for number in re.findall(r'data-open="/item/(\d+)"', answer.text)]


def test_what_is_put_off_is_out_of_the_list_until_its_day(desk: Desk) -> None:
    anna = Browser(app_of(desk.settings))
    before = _ids(desk)
    number = before[0]
    path = f"/item/{number}"
    fields = anna.fields(path, "later")
    for wrong in ("2020-01-01", "2099-02-30", "tomorrow"):
        assert anna.post(path, fields | {"until": wrong}).status_code == 422, wrong
    done = anna.post(path, fields | {"until": "2099-12-31"})
    assert done.headers["location"].startswith(f"/item/{before[1]}?done="), "on to the next one"
    assert _ids(desk) == _listed(anna.get("/")) == before[1:]
    assert _ids(desk, "--later") == _listed(anna.get("/?later=1")) == [number]
    assert "put off until 31 Dec 2099" in anna.get(path).text
    assert desk.run("show", str(number))["history"][-1]["action"] == "later"
    with ledger.open(desk.settings.ledger) as book:
        note = {"action": "later", "actor": "anna", "reason": "", "prepared_by": "", "detail": {},
                "outcome": "recorded", "register_no": None, "written_off": 0, "party_type": "",
                "party_no": ""}  # fmt: skip
        attention.put_off(book, note, number, "2020-01-01")
    assert _ids(desk) == before, "its day came"
    desk.run("later", str(number), "--until", "2099-12-31")
    assert anna.post(path, fields | {"until": ""}).status_code == 303
    assert _ids(desk) == before


def test_who_saw_an_item_is_kept_once_for_each_version(desk: Desk) -> None:
    app = app_of(desk.settings)
    anna, ben = Browser(app), Browser(app, "ben", "viewer")
    number = _ids(desk)[0]
    for _ in range(2):
        for person in (anna, ben):
            person.get(f"/item/{number}")
            app.state.context.sightings.worker.join()  # they are kept beside the requests

    def seen() -> list[str]:
        with ledger.open(desk.settings.ledger) as book:
            return [row["name"] for row in attention.seen(book, number)]

    assert sorted(seen()) == ["anna", "ben"]
    assert "Seen by anna" in anna.get(f"/item/{number}").text.replace("\n", " ")
    decisions.reject(desk.settings, number, "carla", follow=False)
    desk.run("show", str(number), user="ben")
    desk.run("show", str(number), user="ben")
    assert sorted(seen()) == ["anna", "ben", "ben"]


def test_who_saw_an_item_is_given_up_where_the_ledger_is_away(tmp_path: Path) -> None:
    """It was tried again without an end."""
    away = Sightings(lambda: config.Settings(f"sqlite:///{tmp_path}/none.db"))
    away.saw(1, "anna", "1", ())
    assert away.worker is not None
    away.worker.join(timeout=20)
    assert not away.worker.is_alive()


def test_an_item_is_shown_where_nothing_may_be_written(
    lite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*given: object) -> None:
        raise LedgerBusyError("the ledger is busy, try again")

    monkeypatch.setattr(attention, "saw", busy)
    assert lite.run("show", "1")["id"] == 1


def test_filters_are_a_persons_own_and_one_for_page_and_terminal(desk: Desk) -> None:
    app = app_of(desk.settings)
    anna, ben = Browser(app), Browser(app, "ben", "viewer")
    token = anna.fields("/item/1", "comment")["token"]
    query = "?reason=unknown_payer&currency=EUR&key=x&evil=1"
    kept = anna.post("/filters", {"token": token, "name": "strangers & co", "query": query})
    assert kept.headers["location"] == "/?reason=unknown_payer&currency=EUR"
    assert ">strangers &amp; co</a>" in anna.get("/").text
    assert "strangers" not in ben.get("/").text
    found = _ids(desk, "--filter", "strangers & co")
    assert found == _listed(anna.get(kept.headers["location"]))
    assert found == _ids(desk, "--reason", "unknown_payer", "--currency", "EUR")
    desk.run("list", "--search", "Sommer", "--sort", "amount", "--down", "--save", "sommer")
    assert "/?q=Sommer&amp;sort=amount&amp;down=1" in anna.get("/").text
    assert set(desk.run("filters")["filters"]) == {"strangers & co", "sommer"}
    gone = {"token": token, "name": "strangers & co", "query": "", "do": "remove"}
    assert anna.post("/filters", gone).status_code == 303
    assert set(desk.run("filters", "--remove", "sommer")["filters"]) == set()
    assert "sommer: not known" in desk.run("list", "--filter", "sommer", code=2)["error"]
    assert "name is empty" in desk.run("list", "--save", " ", code=2)["error"]
    many = {"token": token, "name": "many", "query": "&".join(["x=1"] * 99)}
    assert anna.post("/filters", many).status_code == 303


def test_the_terminal_sorts_sums_and_groups_as_the_page_does(lite: Desk) -> None:
    anna = Browser(app_of(lite.settings))
    for words, query in ((("--sort", "amount"), "sort=amount"), (("--search", "642"), "q=642"),
                         (("--sort", "payer", "--down"), "sort=payer&down=1"),
                         (("--confidence", "medium"), "confidence=medium"),
                         (("--overdue",), "overdue=1"), (("--unassigned",), "who=nobody"),
                         (("--assigned-to", "ben"), "who=ben")):  # fmt: skip
        assert _ids(lite, *words) == _listed(anna.get(f"/?{query}")), words
    sure = lite.run("list", "--confidence", "medium", "--save", "sure")["exceptions"]
    assert {row["candidates"][0]["confidence"] for row in sure} == {"medium"}
    told = lite.run("together", "--filter", "sure")
    assert set(told["would_post"]) <= {row["id"] for row in sure}
    assert told["would_post"]
    assert (
        "--confidence sure: not known" in lite.run("list", "--confidence", "sure", code=2)["error"]
    )
    assert "expected numbers of items" in lite.run("together", code=2)["error"]
    whole = lite.run("list")
    assert sum(row["items"] for row in whole["totals"]) == len(whole["exceptions"]) == 15
    groups = lite.run("list", "--by", "reason")["groups"]
    assert sum(row["items"] for row in groups) == 15
