"""What a person decides on the page posts what was shown, once, on what the person saw."""

import threading
from typing import Any

import pytest

from pipeline.page.beside import Rematch
from tests.page.desk import Browser, hidden, holds, registers
from tests.review.desk import Desk
from tests.test_hostile_text import FORMULAS, MARKUP, SQL


def test_accept_shows_the_postings_first_and_posts_them_then(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    number = lite.id("DE-EUR/212/15")
    path = f"/item/{number}"
    before = len(registers(lite.settings))
    fields = anna.fields(path, "accept")
    shown = anna.post(path, fields)
    assert shown.status_code == 200
    assert "Preview of the postings" in shown.text
    assert shown.text.count("642.60") >= 4, "both sides, and the proposal"
    assert len(registers(lite.settings)) == before, "nothing is posted by looking"
    done = anna.post(path, fields | {"step": "post"})
    assert done.status_code == 303
    assert f"done={number}" in done.headers["location"]
    assert registers(lite.settings)[-1] == ("decision", "anna")
    assert lite.remaining("RE-2026-1038") == ["0.00"]
    assert f"Exception {number} is done." in anna.get(done.headers["location"]).text
    lite.holds()


def test_what_was_shown_is_posted_or_nothing(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    path, other = (f"/item/{lite.id(line)}" for line in ("DE-EUR/212/2", "DE-EUR/211/4"))
    rest = {"account": "external", "account_amount": ""}
    typed = {**anna.fields(path, "apply"), "document": "RE-2026-1006", **rest}

    def previewed() -> dict[str, str]:
        text = anna.post(path, typed).text
        form = text[text.index('class="once"') :]
        return hidden(form[: form.index("</form>")])

    first = previewed()
    part = {"document": "RE-2026-1006", "document_amount": "100", **rest, "step": "post"}
    ben = Browser(app, "ben")
    assert ben.post(other, {**ben.fields(other, "apply"), **part}).status_code == 303
    late = anna.post(path, first | {"step": "post"})
    assert late.status_code == 409
    assert "changed since it was shown" in late.text, "150.00 of it are open now, not 250.00"
    assert lite.remaining("RE-2026-1006") == ["150.00"]
    assert anna.post(path, previewed() | {"step": "post"}).status_code == 303
    assert lite.remaining("RE-2026-1006") == ["0.00"]
    lite.holds()


def test_a_double_click_posts_once(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    path = f"/item/{lite.id('DE-EUR/212/15')}"
    fields = anna.fields(path, "accept") | {"step": "post"}
    before = len(registers(lite.settings))
    answers: list[int] = []
    clicks = [
        threading.Thread(target=lambda: answers.append(anna.post(path, fields).status_code))
        for _ in range(2)
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert answers == [303, 303]
    assert anna.post(path, fields).status_code == 303, "and a third time, later"
    assert len(registers(lite.settings)) == before + 1
    holds(lite.settings)


def test_the_second_of_two_people_is_told_and_loses_nothing_typed(app: Any, lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    path = f"/item/{number}"
    anna, ben = Browser(app, "anna"), Browser(app, "ben", "reviewer")
    typed = ben.fields(path, "apply") | {
        "document": ["RE-2026-1034", ""], "document_amount": ["400", ""],
        "account": ["bank_fees", ""], "account_amount": ["100", ""], "reason": "by phone",
        "step": "post",
    }  # fmt: skip
    first = anna.fields(path, "apply") | {"account": "external", "account_amount": "",
                                          "step": "post"}  # fmt: skip
    assert anna.post(path, first).status_code == 303
    before = len(registers(lite.settings))
    second = ben.post(path, typed)
    assert second.status_code == 409
    assert "settled already: to-account by anna" in second.text
    for kept in ("RE-2026-1034", "bank_fees", "by phone"):
        assert kept in second.text
    assert len(registers(lite.settings)) == before
    holds(lite.settings)


def test_who_decides_on_an_older_state_is_told_what_changed(app: Any, lite: Desk) -> None:
    path = f"/item/{lite.id('DE-EUR/211/4')}"
    anna, ben = Browser(app, "anna"), Browser(app, "ben", "reviewer")
    typed = ben.fields(path, "apply") | {"document": ["RE-2026-1006", ""],
                                         "document_amount": ["", ""], "step": "post"}  # fmt: skip
    assert anna.post(path, anna.fields(path, "reject") | {"reason": "disputed"}).status_code == 303
    told = ben.post(path, typed)
    assert told.status_code == 409
    assert "Somebody changed this item" in told.text
    assert "disputed" in told.text
    assert 'value="RE-2026-1006"' in told.text
    again = {**typed, "seen": ben.fields(path, "apply")["seen"]}
    assert ben.post(path, again).status_code == 303, "knowing that, it is done"
    holds(lite.settings)


def test_a_split_shows_what_is_left_until_nothing_is(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    path = f"/item/{lite.id('DE-EUR/212/2')}"
    fields = anna.fields(path, "apply") | {"document": ["RE-2026-1034", "RE-2026-1035"],
                                           "document_amount": ["400", ""]}  # fmt: skip
    said = anna.post(path, fields | {"document": "RE-2026-1034", "document_amount": "400"})
    assert said.status_code == 422
    assert "100.00 EUR of the line is not explained" in said.text
    whole = fields | {"document_amount": ["400", "112.00"], "account": "bank_fees",
                      "account_amount": "-12.00"}  # fmt: skip
    shown = anna.post(path, whole)
    assert "Preview of the postings" in shown.text
    form = shown.text[shown.text.index('class="once"') :]
    resent = hidden(form[: form.index("</form>")])
    assert resent["do"] == "apply"
    assert anna.post(path, whole | {"step": "post"}).status_code == 303
    assert lite.applied("DE-EUR/212/2")[0] == ("RE-2026-1034", "", "400.00", "manual")
    holds(lite.settings)


def test_open_entries_are_found_by_party_and_ticked(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    path = f"/item/{lite.id('DE-EUR/211/4')}"
    found = anna.get(f"{path}?find=10050").text
    assert "RE-2026-1007" in found
    near = anna.get(f"{path}?find=249.50~1").text
    assert "RE-2026-1006" in near
    word = next(part for part in found.split('name="to" value="')[1:] if "RE-2026-1007" in part)
    fields = anna.fields(path, "apply") | {"to": word.partition('"')[0], "step": "post"}
    assert anna.post(path, fields).status_code == 303
    assert lite.remaining("RE-2026-1007") == ["0.00"]
    holds(lite.settings)


def test_a_comment_and_who_takes_care_are_kept_in_the_history(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    anna.post("/item/1", anna.fields("/item/1", "comment") | {"comment": "<b>asked</b>"})
    anna.post("/item/1", anna.fields("/item/1", "assign") | {"to_person": "anna"})
    shown = anna.get("/item/1").text
    assert "&lt;b&gt;asked&lt;/b&gt;" in shown
    assert "assigned it to anna" in shown
    assert ">Sommer Handel OHG<" in anna.get("/?who=mine").text
    assert "Sommer" not in anna.get("/?who=nobody").text


def test_what_was_typed_is_sent_again_letter_by_letter(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    path = f"/item/{lite.id('DE-EUR/212/15')}"
    reason = "per Te\u00adlefon \U0001f469\u200d\U0001f4bb <b>"
    shown = anna.post(path, anna.fields(path, "accept") | {"reason": reason}).text
    form = shown[shown.index('class="once"') :]
    assert hidden(form[: form.index("</form>")])["reason"] == reason
    payer = "A\u00adB"
    assert (
        f'name="payer" value="{payer}"'
        in anna.client.get("/", params={"payer": payer}, headers=anna.who).text
    )


def test_a_match_that_fails_is_no_end_of_matching(
    lite: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def propose(settings: Any, actor: str) -> None:
        done.append(actor)
        if len(done) == 1:
            raise RuntimeError("Sommer Handel OHG")

    monkeypatch.setattr("pipeline.page.beside.steps.propose", propose)
    rematch = Rematch(lambda: lite.settings)
    rematch.after("anna", 2)
    rematch.after("ben", 2)
    assert done == ["anna", "ben"]
    assert "RuntimeError" in caplog.text
    assert "Sommer" not in caplog.text


def test_whatever_is_searched_for_is_only_a_text(app: Any) -> None:
    anna = Browser(app)
    for text in (*SQL, *FORMULAS, *MARKUP):
        answer = anna.client.get("/", params={"q": text}, headers=anna.who)
        assert answer.status_code == 200, text
        assert "<script>alert" not in answer.text
