"""An answer that a person rejected does not come back, and does not stand in another's way."""

from pipeline.domain import frames
from pipeline.domain.signature import signature
from pipeline.matching import propose
from tests.matching.test_never_guess import ACCOUNTS, CUSTOMER, SETTINGS, Row, entry, frame, line

MINE = [entry(1, 10000)]
FIRST = line(1, 10000, text="RE100001", counterparty_name="Jemand Anders")
OTHER = line(2, 10000, text="RE100001", counterparty_account="DE77")
RE1 = signature(
    ("customer", "C1"),
    "",
    [{"target": "entry", "target_id": 1, "party_type": "customer", "party_no": "C1"}],
)


def best(lines: list[Row], entries: list[Row], rejected: dict[int, set[str]]) -> dict[int, Row]:
    heads, rows = propose(
        frame(lines, frames.LINES), frame(entries, frames.ENTRIES),
        frames.empty(frames.BANK_ENTRIES), frame([CUSTOMER], frames.PARTIES), ACCOUNTS, SETTINGS,
        rejected=rejected,
    )  # fmt: skip
    found = {row["line_id"]: row for row in heads.to_dicts() if row["rank"] == 1}
    for number, head in found.items():
        own = [r for r in rows.to_dicts() if (r["line_id"], r["rank"]) == (number, 1)]
        head["ids"] = [row["target_id"] for row in own]
    return found


def test_the_rejected_answer_is_gone_and_the_true_payer_gets_the_invoice() -> None:
    plain = best([FIRST], MINE, {})
    assert (plain[1]["confidence"], plain[1]["ids"]) == ("high", [1])
    assert best([FIRST], MINE, {1: {RE1}})[1]["reason"] == "rejected"
    found = best([FIRST, OTHER], MINE, {1: {RE1}})
    assert (found[1]["confidence"], found[1]["ids"]) == ("none", [])
    assert (found[2]["confidence"], found[2]["ids"]) == ("high", [1])


def test_another_answer_of_that_line_is_asked_and_stays_contested() -> None:
    entries = [entry(1, 10000), entry(2, 10000)]
    asked = line(1, 10000, text="RE100002")
    rival = line(2, 10000, text="RE100002")
    found = best([asked], entries, {1: {RE1}})
    assert (found[1]["confidence"], found[1]["reason"]) == ("medium", "rejected")
    both = best([asked, rival], entries, {1: {RE1}})
    assert "high" not in {both[1]["confidence"], both[2]["confidence"]}
