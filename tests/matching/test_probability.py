"""What a proposal says of its own chance is what such proposals came to."""

import polars as pl
import pytest

from pipeline.domain import frames
from pipeline.matching.probability import ANY, FILE, KEYS, state
from pipeline.matching.rule_table import BY_NAME
from tests.matching.worlds import Row, frame

TABLE = pl.read_csv(FILE, infer_schema=False).fill_null("")


def stated(*heads: Row, settles: bool = True) -> list[str]:
    numbered = [{"line_id": 1, "rank": rank} | head for rank, head in enumerate(heads, 1)]
    rows = [{"line_id": 1, "rank": head["rank"], "seq": 1} for head in numbered if settles]
    found = state(frame(numbered, frames.PROPOSALS), frame(rows, frames.PROPOSED))
    return found.sort("rank")["probability"].to_list()


def the(**kind: str) -> str:
    wanted = [pl.col(name) == kind.get(name, ANY) for name in KEYS]
    return str(TABLE.filter(wanted)["probability"].item())


def test_the_whole_kind_counts_where_it_was_seen_often() -> None:
    kind = {"rule": "document_exact", "confidence": "high", "reason": "",
            "evidence": "document=full party=name account=on_file amount=exact"}  # fmt: skip
    assert stated(kind) == [the(**kind, place="first")]


def test_another_kind_counts_as_its_rule_does() -> None:
    kind = {"rule": "document_exact", "confidence": "high", "reason": ""}
    odd = kind | {"evidence": "reference=other document=some debit=mandate"}
    assert stated(odd) == [the(**kind, place="first")]


def test_an_answer_after_the_first_is_another_kind() -> None:
    kind = {"rule": "document_overpayment", "confidence": "medium", "reason": "party_differs"}
    first, other = stated(kind, kind)
    assert (first, other) == (the(**kind, place="first"), the(**kind, place="other"))


@pytest.mark.parametrize("count", [2, 3, 5])
def test_tied_answers_share_what_they_come_to_together(count: int) -> None:
    """One invoice of 100, or two of 60 and 40: the payer knows, and the order says nothing."""
    tie = {"rule": "party_tie", "confidence": "low", "reason": "ambiguous"}
    levels = ("amount=exact answers=several", "amount=exact entries=several answers=several")
    found = stated(*(tie | {"evidence": levels[place % 2]} for place in range(count)))
    together = float(the(**tie, place="tied"))
    assert found == [f"{int(together * 10_000) // count / 10_000:.4f}"] * count


def test_no_answer_is_said_to_be_surer_than_one_before_it() -> None:
    check = {"rule": "check", "confidence": "low", "reason": "check_irregular"}
    refund = {"rule": "debit", "confidence": "low", "reason": "customer_refund"}
    alone = stated(check)
    assert alone < stated(refund)
    assert stated(check, refund, check) == alone * 3


def test_what_settles_nothing_has_no_chance() -> None:
    nobody = {"rule": "none", "confidence": "none", "reason": "unknown_payer"}
    assert stated(nobody, settles=False) == [""]


def test_the_table_knows_our_rules_and_is_never_certain() -> None:
    assert set(TABLE["rule"]) <= {*BY_NAME, ANY}
    assert TABLE.select(*KEYS).is_unique().all()
    shares = TABLE["probability"].cast(pl.Float64)
    assert shares.is_between(0, 1, closed="none").all()
    assert TABLE["probability"].str.contains(r"^0\.[0-9]{4}$").all()


def test_a_rule_that_posts_was_hardly_ever_wrong() -> None:
    often = (pl.col("confidence") == "high") & (pl.col("proposals").cast(pl.Int64) >= 1_000)
    posting = TABLE.filter(often & (pl.col("place") == "first"))
    assert posting.height > 0
    assert posting["probability"].cast(pl.Float64).min() > 0.99
