"""Every real bank file: the facts that a careful reader took from it, or a refusal."""

import json
import os
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline import feeds
from pipeline.domain.bank_statement import BankStatement, RefusedStatement
from pipeline.domain.money import text

FEEDS = Path(os.environ.get("LETTRAGE_FEEDS", Path(__file__).parents[3] / "shared" / "feeds"))
EXPECTED = FEEDS / "expected.jsonl"
ROWS = [json.loads(row) for row in EXPECTED.read_text().splitlines()] if EXPECTED.exists() else []

if not ROWS:
    pytest.skip(f"no real bank files at {FEEDS}; set LETTRAGE_FEEDS", allow_module_level=True)

CUT = {  # no :62F: (or nothing at all) at the end: read as far as they go, and refused
    "ksdev-pl__mbank-mt940-parser__tests__MT940_IPH.txt",
    "my-flow__mt940__test__fixtures__sepa_snippet_broken_2.sta",
    "my-flow__mt940__test__fixtures__sepa_snippet_broken_3.sta",
    "wolph__mt940__mt940_tests__self-provided__gv_codes.sta",
    "fruitl00p__php-mt940__test__Parser__Banking__Mt940__Engine__Rabo__sample2",
}
# Digits beyond the cents of USD hold the statement (interface, section 6): no sums in cents.
INEXACT = "jseutter__ofxparse__tests__fixtures__fidelity-savings.ofx"


def _facts(statements: Sequence[BankStatement | RefusedStatement]) -> dict[str, Any]:
    first, last = statements[0], statements[-1]
    sums = [_sums(item) for item in statements]

    def money(minor: int | None) -> Decimal | None:
        return None if minor is None else Decimal(text(minor, first.currency))

    return {
        "n_transactions": sum(count for count, _, _ in sums),
        "currency": first.currency,
        "sum_credit": money(sum(credit for _, credit, _ in sums)),
        "sum_debit": money(sum(debit for _, _, debit in sums)),
        "opening": money(first.opening),
        "closing": money(last.closing if isinstance(last, BankStatement) else None),
    }


def _sums(item: BankStatement | RefusedStatement) -> tuple[int, int, int]:
    if isinstance(item, RefusedStatement):
        return item.line_count, item.credits, item.debits
    amounts = item.lines["amount"].to_list()
    gone = -sum(amount for amount in amounts if amount < 0)
    return len(amounts), sum(amounts) + gone, gone


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
    statements: list[BankStatement | RefusedStatement] = list(result.statements)
    if _name(row) in CUT:
        assert {refused.reason for refused in result.refused} <= {"cut", "unreadable"}
        statements += [refused for refused in result.refused if refused.currency]
    else:
        assert not result.refused
    if "statements" in row:
        assert len(statements) == len(row["statements"])
        for statement, wanted in zip(statements, row["statements"], strict=True):
            _compare(_facts([statement]), wanted)
            assert wanted.get("account_id", statement.account) == statement.account
            if isinstance(statement, BankStatement) and "ties" in wanted and statement.tie_checked:
                assert (statement.hold_reason != "does_not_tie") == wanted["ties"]
        return
    for wanted in row["accounts"]:
        own = [s for s in statements if s.account.split("/")[-1] == wanted["account_id"]]
        assert own, "no statement of this account"
        facts = _facts(own)
        if _name(row) == INEXACT:
            assert [s.hold_reason for s in own if isinstance(s, BankStatement)] == ["bad_amount"]
            facts = {name: facts[name] for name in ("n_transactions", "currency")}
        _compare(facts, wanted)


@pytest.mark.parametrize("row", [r for r in ROWS if not r.get("readable")], ids=_name)
def test_any_other_file_is_refused_or_read_in_part(row: dict[str, Any]) -> None:
    result = feeds.parse((FEEDS / row["file"]).read_bytes())
    assert result.statements or result.refused
    for refused in result.refused:
        assert refused.reason
        assert refused.detail
