"""Counting how often proposals were right gives shares that are honest about few of them."""

import polars as pl
import pytest

from benchmarks.quality.calibrate import LEAST, each_tie_once, shares
from pipeline.matching.probability import ANY, KEYS, TIE, kinds

_TIED = ("party_tie", "low", "ambiguous")


def counted(*kinds: tuple[str, str, str, int, int]) -> pl.DataFrame:
    """Rule, confidence and evidence, how many proposals there were, how many right."""
    rows = [
        {"rule": rule, "confidence": confidence, "reason": "", "place": "first",
         "evidence": evidence, "same": place < right}
        for rule, confidence, evidence, count, right in kinds
        for place in range(count)
    ]  # fmt: skip
    return shares(pl.DataFrame(rows))


def share(table: pl.DataFrame, **kind: str) -> float | None:
    wanted = {**dict.fromkeys(KEYS, ANY), "place": "first"} | kind
    found = table.filter([pl.col(name) == value for name, value in wanted.items()])
    return float(found["probability"].item()) if found.height else None


def test_a_hundred_right_ones_are_nearly_certain_and_never_quite() -> None:
    table = counted(("document_exact", "high", "document=full", 100, 100))
    assert share(table, confidence="high") == pytest.approx(101 / 102.5, abs=1e-4)
    whole = {"rule": "document_exact", "confidence": "high", "reason": "",
             "evidence": "document=full"}  # fmt: skip
    assert share(table, **whole) == pytest.approx(101.94 / 102.5, abs=1e-3)


def test_few_proposals_are_no_kind_of_their_own() -> None:
    few = LEAST - 1
    table = counted(
        ("party_tie", "low", "amount=exact", 200, 50), ("party_tie", "low", "odd", few, few)
    )
    kind = {"rule": "party_tie", "confidence": "low", "reason": ""}
    assert share(table, **kind, evidence="odd") is None
    assert share(table, **kind) == pytest.approx((50 + few) / (200 + few), abs=0.01)


def test_a_small_kind_is_drawn_towards_the_wider_one() -> None:
    table = counted(("party", "low", "a", 990, 0), ("party", "low", "b", 10, 10))
    found = share(table, rule="party", confidence="low", reason="", evidence="b")
    assert found == pytest.approx(10 / 12.5, abs=0.01)


def test_proposals_in_any_order_give_the_same_table() -> None:
    kinds = (("party", "low", "a", 30, 10), ("document_exact", "high", "b", 40, 40))
    assert counted(*kinds).equals(counted(*reversed(kinds)))


def test_a_tie_is_right_where_one_of_its_answers_is() -> None:
    rows = [("A", 1, False), ("A", 2, True), ("B", 1, False), ("B", 2, False), ("C", 1, True)]
    said = pl.DataFrame(rows, schema=["line_ref", "rank", "same"], orient="row").with_columns(
        *(pl.lit(value).alias(name) for name, value in zip(TIE, _TIED, strict=True)),
        pl.format("amount=exact entries={}", "rank").alias("evidence"),
    )
    found = each_tie_once(kinds(said, "line_ref")).sort("line_ref")
    assert found.select("line_ref", "place", "evidence", "same").rows() == [
        ("A", "tied", "", True),
        ("B", "tied", "", False),
        ("C", "first", "amount=exact entries=1", True),
    ]
