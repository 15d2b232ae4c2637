"""Many at once in one register, one undo for all of it; what people teach; who may correct what."""

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, ledger
from pipeline.decisions import together
from pipeline.domain.errors import NotPostedError
from pipeline.ledger import decisions
from tests.page.desk import Browser, app_of, hidden, holds, registers
from tests.review.desk import Desk, desk_of


def _preview(anna: Browser, numbers: list[str], **fields: str) -> tuple[str, dict[str, Any]]:
    token = anna.fields("/item/1", "comment")["token"]
    shown = anna.post("/many", {"token": token, "id": numbers, **fields})
    assert shown.status_code == 200
    text = shown.text
    if 'class="once"' not in text:
        return text, {}
    form = text[text.index('class="once"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = hidden(form)
    sent["id"] = re.findall(r'name="id" value="(\d+)"', form)
    return text, {**sent, "step": "post"}


def test_many_are_accepted_in_one_register_and_one_undo_takes_them_back(desk: Desk) -> None:
    lite, anna = desk, Browser(app_of(desk.settings))
    before = len(registers(lite.settings))
    lines = ("DE-EUR/212/15", "DE-EUR/212/16", "DE-EUR/211/4")
    numbers = [lite.id(line) for line in lines]
    bare = lite.id("DE-EUR/212/2")
    text, fields = _preview(anna, [*numbers, bare])
    assert "Post 3" in text
    assert "unexplained" in text or "no proposal" in text, "why the fourth is left alone"
    assert len(registers(lite.settings)) == before
    done = anna.post("/many", fields)
    assert done.status_code == 303
    assert len(registers(lite.settings)) == before + 1
    assert lite.remaining("RE-2026-1038") == lite.remaining("RE-2026-1039") == ["0.00"]
    assert anna.post("/many", fields).status_code == 303, "a second click"
    assert len(registers(lite.settings)) == before + 1
    listed = anna.get(done.headers["location"]).text
    ticked = re.findall(r'name="id" value="(\d+)"[^>]*checked', listed)
    assert len(ticked) == 3
    token = fields["token"]
    undone = anna.post("/posted/undo", {"token": token, "id": ticked, "reason": "too fast"})
    assert undone.status_code == 303
    assert lite.remaining("RE-2026-1038") == ["642.60"]
    assert len(registers(lite.settings)) == before + 2
    lite.holds()


def test_all_of_one_kind_above_a_confidence_are_accepted_together(desk: Desk) -> None:
    lite, anna = desk, Browser(app_of(desk.settings))
    found = anna.get("/?confidence=medium&reason=party_differs").text
    assert re.findall(r'data-open="/item/(\d+)"', found) == [lite.id("DE-EUR/212/15")]
    assert "Decide all 1 together" in found
    _, fields = _preview(anna, [], all="?confidence=medium&reason=party_differs")
    assert fields["id"] == [lite.id("DE-EUR/212/15")]
    assert anna.post("/many", fields).status_code == 303
    assert lite.remaining("RE-2026-1038") == ["0.00"]
    nothing, _ = _preview(anna, [], all="?confidence=high")
    assert "0 items at once" in nothing


def test_all_lines_are_booked_to_one_account_together(app: Any, lite: Desk) -> None:
    anna = Browser(app)
    lines = ("DE-EUR/212/4", "FR-EUR/43/5")
    text, fields = _preview(anna, [lite.id(line) for line in lines], account="bank_fees")
    assert "BANK-FEES" in text
    assert "122.00" in text, "77.00 and 45.00"
    assert anna.post("/many", fields).status_code == 303
    assert lite.applied("FR-EUR/43/5") == [("", "BANK-FEES", "-45.00", "manual")]
    holds(lite.settings)


def test_a_write_off_is_decided_one_by_one_also_within_the_limits(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    policy = 'tolerance_percent = 0\nwrite_off_line = { default = "10" }\n'
    policy += 'write_off_night = { default = "50" }\nwrite_off_party_month = { default = "15" }\n'
    desk = desk_of(sqlite_settings, capsys, tmp_path, policy)
    number = desk.id("DE-EUR/211/10")
    assert desk.run("show", number)["proposals"][0]["rule"] == "document_write_off"
    text, fields = _preview(Browser(app_of(desk.settings)), [number])
    assert "a write-off is decided one by one" in text
    assert not fields, "nothing is left to post"
    holds(desk.settings)


def test_a_reviewer_takes_back_only_what_they_decided(app: Any, lite: Desk) -> None:
    anna, ben = Browser(app), Browser(app, "ben", "reviewer")
    path = f"/item/{lite.id('DE-EUR/212/15')}"
    anna.post(path, anna.fields(path, "accept") | {"step": "post"})
    token = ben.fields("/item/1", "comment")["token"]
    listed = anna.get("/posted").text
    number = re.findall(r'name="id" value="(\d+)"', listed)
    assert number
    assert not re.findall(r'name="id" value="(\d+)"', ben.get("/posted").text)
    refused = ben.post("/posted/undo", {"token": token, "id": number, "reason": "x"})
    assert refused.status_code == 403
    for path in ("/posted/unapply", "/posted/statement", "/mappings/approve"):
        assert ben.post(path, {"token": token}).status_code == 403
    holds(lite.settings)


def test_what_is_taught_is_tried_on_the_past_and_approved_by_another(app: Any, lite: Desk) -> None:
    anna, ben = Browser(app), Browser(app, "ben", "approver")
    tried = anna.get("/mappings?kind=text&pattern=Abo%20Magazin").text
    assert "Lines of the last 90 days: 1, waiting: 1" in tried
    said = {"kind": "text", "pattern": "Abo Magazin", "account": "bank_fees", "side": "out",
            "limit": "100.00", "token": anna.fields("/item/1", "comment")["token"]}  # fmt: skip
    assert anna.post("/mappings/add", said).status_code == 303
    own = {"token": said["token"], "mapping": "1"}
    assert anna.post("/mappings/approve", own).status_code == 409, "who wrote it"
    other = {**own, "token": ben.fields("/item/1", "comment")["token"]}
    assert ben.post("/mappings/approve", other).status_code == 303
    assert "posts within its limit" in ben.get("/mappings").text
    assert ben.post("/mappings/remove", other).status_code == 303
    assert "Nothing is taught yet" in ben.get("/mappings").text


def test_the_dashboard_counts_what_the_books_hold(app: Any, lite: Desk) -> None:
    text = Browser(app).get("/dashboard").text
    waits = len(lite.run("list")["exceptions"])
    assert f"<b>{waits}</b>" in text
    assert text.count("<rect") >= 5


def test_a_double_click_on_many_finds_what_the_first_click_did(
    app: Any, lite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is sent while the first posts: it has looked before, and posts after."""
    anna = Browser(app)
    numbers = [lite.id("DE-EUR/212/15"), lite.id("DE-EUR/212/16")]
    _, fields = _preview(anna, numbers)
    before = len(registers(lite.settings))
    answers: list[Any] = []
    real = together.post_all

    def late(*given: Any) -> None:
        monkeypatch.setattr(together, "post_all", real)
        answers.append(anna.post("/many", fields))
        real(*given)

    monkeypatch.setattr(together, "post_all", late)
    answers.append(anna.post("/many", fields))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(registers(lite.settings)) == before + 1
    holds(lite.settings)


def test_what_cannot_be_posted_is_left_and_the_others_are_posted(
    app: Any, lite: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = Browser(app)
    good, bad = lite.id("DE-EUR/212/15"), lite.id("DE-EUR/212/16")
    with ledger.open(lite.settings.ledger) as book:
        line = decisions.item(book, int(bad))["line_id"]  # type: ignore[index]
    real = together.journal

    def unset(book: Any, line_ids: list[int], *rest: Any) -> Any:
        if line in line_ids:
            raise NotPostedError({line: "account_not_set"})
        return real(book, line_ids, *rest)

    monkeypatch.setattr(together, "journal", unset)
    text, fields = _preview(anna, [good, bad])
    assert fields["id"] == [good]
    assert "not posted: account_not_set" in text
    assert anna.post("/many", fields).status_code == 303
    assert lite.remaining("RE-2026-1038") == ["0.00"]
    assert lite.remaining("RE-2026-1039") != ["0.00"]
    holds(lite.settings)
