"""Named templates: what a run asks for, a customer has, or all of its type."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config
from pipeline.domain.errors import UsageError
from pipeline.statements import Choice, Form, Renderer, chosen, compose, letters
from pipeline.statements.letters import Accounts
from tests.statements.test_styles import CUSTOMER, DAY, ENTRIES, MOVEMENTS, entry, moved

SETTINGS = """
[statements]
template_of_type = { dealer = "short" }
[statements.templates.short]
lines = "by_kind"
due_dates = false
language = "en-GB"
[statements.templates.account]
style = "balance_forward"
aging = "posting"
bands = [10, 20]
"""


@pytest.fixture
def form(tmp_path: Path) -> Form:
    (tmp_path / "lettrage.toml").write_text(SETTINGS)
    said = config.read(tmp_path / "lettrage.toml").statements
    return Form(templates=said["templates"], by_type=said["template_of_type"])


def test_the_run_then_the_customer_then_its_template_then_that_of_its_type(form: Form) -> None:
    def said(run: str = "", style: str = "", **customer: str) -> tuple[str, str, bool, str]:
        found = dataclasses.replace(form, template=run, style=style).of(customer)
        return found.style, found.language, found.due_dates, found.aged_by

    assert said() == ("open_item", "", True, "due")
    assert said(customer_type="dealer") == ("open_item", "en-GB", False, "due")
    assert said(customer_type="dealer", language="de")[1] == "de", "its own words"
    assert said(customer_type="dealer", statement_template="account") == (
        "balance_forward", "", True, "posting",
    )  # fmt: skip
    own = {"statement_template": "account", "statement_style": "activity"}
    assert said(**own)[0] == "activity"
    assert said("account", statement_style="activity")[0] == "balance_forward"
    assert said("short", language="de", statement_style="activity")[:2] == ("activity", "en-GB")
    assert said("account", "open_item")[0] == "open_item"


def test_by_kind_what_all_documents_of_a_kind_come_to_without_due_dates(form: Form) -> None:
    """Overdue and in dispute is an entry, not a kind: both stay what they are."""
    who = CUSTOMER | {"language": "en-GB", "statement_template": "short"}
    rows = [*ENTRIES.to_dicts(), entry("7", 25, 1_000, on_hold="dispute")]
    data = compose(who, rows, [], DAY, form, "Hansen GmbH", "0" * 64)
    (section,) = data["currencies"]
    assert [
        (row["type"], row["document"], row["date"], row["open"]) for row in section["owed"]
    ] == [("Invoice", "3 documents", "", "1,510.00")]
    assert (section["overdue"], section["noted_entries"][0]["document"]) == ("1,000.00", "RE-7")
    assert section["bands"][1]["amount"] == "1,000.00", "aged one by one"
    html = Renderer().html(data).decode()
    assert "Days overdue" not in html
    assert "3 documents" in html
    assert Renderer().pdf(data, str(DAY)).startswith(b"%PDF-")
    activity = {**who, "statement_style": "activity"}
    alone = [moved(26, "invoice", 1_000, "RE-7") | {"entry_id": rows[-1]["entry_id"]}]
    data = compose(activity, rows, alone, DAY, form, "Hansen GmbH", "0" * 64)
    assert data["currencies"][0]["activity"][0]["open"] == "10.00", "one is told whole"
    more = [*MOVEMENTS.to_dicts(), moved(26, "invoice", 1_000, "RE-7")]
    account = {**who, "statement_style": "balance_forward"}
    data = compose(account, rows, more, DAY, form, "Hansen GmbH", "0" * 64)
    shown = [
        (row.get("text") or f"{row['type']} {row['document']}".strip(), row["balance"])
        for row in data["currencies"][0]["account"]
    ]
    assert shown == [
        ("Balance on 30 Sept 2026", "700.00"), ("Invoice 3 documents", "2,210.00"),
        ("Cash discount RE-0", "2,196.00"), ("Payment 2 documents", "1,470.00"),
        ("Balance on 31 Oct 2026", "1,470.00"),
    ]  # fmt: skip


def test_a_customer_whose_template_is_gone_is_counted_and_said(form: Form) -> None:
    who = CUSTOMER | {"statement_template": "shrot"}
    books = Accounts(DAY, "0" * 64, ENTRIES, MOVEMENTS)
    wanted, skipped = chosen(books, [who], form, Choice())
    assert (wanted, skipped) == ([], [(("C1", ""), "unknown_template")])
    assert list(letters(books, wanted, {}, form, {"name": ""})) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("due_dates = false", 'due_dates = "no"', "in short as due_dates true or false"),
        ("[10, 20]", "[20, 10]", "in account as bands rising days such as [30, 60, 90]"),
        ("bands =", "band =", "other keys than band; did you mean bands?"),
        ('"by_kind"', '"sum"', "in short as lines one of each, by_kind"),
    ],
)
def test_what_is_wrong_in_a_template_is_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    (tmp_path / "lettrage.toml").write_text(SETTINGS.replace(old, new))
    with pytest.raises(UsageError, match=re.escape(said)):
        config.read(tmp_path / "lettrage.toml")


def test_a_run_by_an_unknown_template_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[Any]
) -> None:
    (tmp_path / "lettrage.toml").write_text(SETTINGS)
    words = ["--config", str(tmp_path / "lettrage.toml"), "statements", "--as-of", str(DAY)]
    assert cli.main([*words, "--template", "long"]) == 2
    assert "(known: account, short)" in capsys.readouterr().err
