"""Every real bank file: the facts that a careful reader took from it, or a refusal."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline import feeds
from pipeline.domain.bank_statement import BankStatement
from pipeline.domain.money import text

FEEDS = Path(os.environ.get("LETTRAGE_FEEDS", Path(__file__).parents[3] / "shared" / "feeds"))
EXPECTED = FEEDS / "expected.jsonl"
ROWS = [json.loads(row) for row in EXPECTED.read_text().splitlines()] if EXPECTED.exists() else []

if not ROWS:
    pytest.skip(f"no real bank files at {FEEDS}; set LETTRAGE_FEEDS", allow_module_level=True)

_CUT = "the raw text has no :62F: at its end, so the statement is cut and must be refused"
DISPUTED = {
    "ksdev-pl__mbank-mt940-parser__tests__MT940_IPH.txt": _CUT,
    "my-flow__mt940__test__fixtures__sepa_snippet_broken_2.sta": _CUT,
    "my-flow__mt940__test__fixtures__sepa_snippet_broken_3.sta": _CUT,
    "wolph__mt940__mt940_tests__self-provided__gv_codes.sta": _CUT,
    "fruitl00p__php-mt940__test__Parser__Banking__Mt940__Engine__Rabo__sample2": (
        "a second :20: without any further field is a statement that cannot be read"
    ),
    "jseutter__ofxparse__tests__fixtures__fidelity-savings.ofx": (
        "digits beyond the cents of USD hold the statement (interface, section 6)"
    ),
}


def _facts(statements: list[BankStatement]) -> dict[str, Any]:
    first, last = statements[0], statements[-1]
    amounts = [amount for item in statements for amount in item.lines["amount"].to_list()]

    def money(minor: int | None) -> Decimal | None:
        return None if minor is None else Decimal(text(minor, first.currency))

    return {
        "n_transactions": len(amounts),
        "currency": first.currency,
        "sum_credit": money(sum(amount for amount in amounts if amount > 0)),
        "sum_debit": money(-sum(amount for amount in amounts if amount < 0)),
        "opening": money(first.opening),
        "closing": money(last.closing),
    }


def _compare(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for name, value in found.items():
        if wanted.get(name) is None:
            continue
        expected = Decimal(wanted[name]) if isinstance(value, Decimal) else wanted[name]
        assert value == expected, name


def _name(row: dict[str, Any]) -> str:
    return str(row["file"].split("/")[-1])


@pytest.mark.parametrize("row", [r for r in ROWS if r.get("readable")], ids=_name)
def test_a_readable_file_gives_every_fact(row: dict[str, Any]) -> None:
    result = feeds.parse((FEEDS / row["file"]).read_bytes())
    if _name(row) in DISPUTED:
        held = [item.hold_reason for item in result.statements if item.hold_reason]
        assert result.refused or held, DISPUTED[_name(row)]
        return
    assert not result.refused
    if "statements" in row:
        assert len(result.statements) == len(row["statements"])
        for statement, wanted in zip(result.statements, row["statements"], strict=True):
            _compare(_facts([statement]), wanted)
            assert wanted.get("account_id", statement.account) == statement.account
            if "ties" in wanted and statement.tie_checked:
                assert (statement.hold_reason != "does_not_tie") == wanted["ties"]
    else:
        for wanted in row["accounts"]:
            own = [s for s in result.statements if s.account.split("/")[-1] == wanted["account_id"]]
            assert own, "no statement of this account"
            _compare(_facts(own), wanted)


@pytest.mark.parametrize("row", [r for r in ROWS if not r.get("readable")], ids=_name)
def test_any_other_file_is_refused_or_read_in_part(row: dict[str, Any]) -> None:
    result = feeds.parse((FEEDS / row["file"]).read_bytes())
    assert result.statements or result.refused
    for refused in result.refused:
        assert refused.reason
        assert refused.detail
