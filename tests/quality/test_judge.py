"""The judge of the quality benchmark: what counts as right, what as wrong, and for whom."""

import polars as pl
import pytest

from benchmarks.quality import lettrage
from benchmarks.quality.answers import Answers
from benchmarks.quality.books import Books
from benchmarks.quality.figures import brier, figures, reliability
from benchmarks.quality.judge import judge
from tests.quality.small_world import answers_as_true, truth


def _judged(answers: Answers) -> dict[str, dict[str, object]]:
    return {row["line_ref"]: row for row in judge(*truth(), answers).to_dicts()}


def _figures(answers: Answers) -> dict[str, float]:
    return figures(judge(*truth(), answers)).to_dicts()[0]


def test_two_nights_of_the_sample_company_hold_against_the_truth_by_hand(
    sample_answers: Answers,
) -> None:
    found = _figures(sample_answers)
    assert (found["decidable"], found["posted_right"], found["posted_wrong"]) == (11, 10, 0)
    assert (found["review"], found["review_first_right"]) == (1, 1)
    assert (found["undecidable_posted"], found["recall"]) == (0, 1.0)


def test_a_payment_that_came_back_later_was_posted_and_a_parked_line_was_not(
    sample_answers: Answers,
) -> None:
    judged = _judged(sample_answers)
    assert judged["HB0001"]["posted"]  # night 2 returns it
    assert judged["HB0001"]["right"]
    assert not judged["HB0115"]["posted"]  # parked at month end
    assert not judged["HB0004"]["posted"]


def test_what_is_only_proposed_is_not_posted(sample_run: lettrage.Ran) -> None:
    kinds = ("applications", "proposals")
    applied, proposals = (lettrage.export(sample_run.after, kind) for kind in kinds)
    waiting = applied.with_columns(
        pl.when(pl.col("bank_reference") == "HB0008").then(pl.lit("proposed"))
        .otherwise("status").alias("status")
    )  # fmt: skip
    judged = _judged(lettrage.from_exports(waiting, proposals))
    assert not judged["HB0008"]["posted"]
    assert judged["HB0008"]["right"]  # the first proposal is the answer
    assert judged["HB0010"]["posted"]


CENT = pl.col("applied_amount") + (pl.col("document_no") == "RE-2026-1004")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (pl.col("applied_amount") + 1, 10),  # every amount a cent off
        (CENT, 1),  # one of three entries of one line a cent off
    ],
)
def test_a_posted_line_with_one_wrong_amount_is_wrong(
    sample_answers: Answers, said: pl.Expr, wrong: int
) -> None:
    parts = sample_answers.parts.with_columns(said.alias("applied_amount"))
    found = _figures(Answers.of(sample_answers.lines, parts))
    assert found["posted_wrong"] == wrong
    assert found["posted_right"] == 10 - wrong
    assert found["wrong_per_10000"] == pytest.approx(wrong * 1_000)


@pytest.mark.parametrize("change", ["lacks one", "one too many", "another party", "no discount"])
def test_a_wrong_posting_is_counted_however_it_is_wrong(change: str) -> None:
    answers = answers_as_true()
    parts, document = answers.parts, pl.col("document_no")
    made = {
        "lacks one": parts.filter(document != "GS-2026-0007"),
        "one too many": pl.concat(
            [parts, parts.filter(document == "RE-2026-1016").with_columns(
                pl.lit("RE-2026-1012").alias("document_no"))]
        ),
        "another party": parts.with_columns(
            pl.col("party_no").replace({"10150": "10160"})
        ),
        "no discount": parts.with_columns(pl.lit(0, pl.Int64).alias("discount_amount")),
    }[change]  # fmt: skip
    assert _figures(answers)["posted_wrong"] == 0
    found = _figures(Answers.of(answers.lines, made))
    assert (found["posted_wrong"], found["posted_right"]) == (1, 9)


def test_an_undecidable_line_that_posts_itself_is_wrong_even_when_it_hit() -> None:
    answers = answers_as_true(also_posted=("HB0004",))
    judged = _judged(answers)["HB0004"]
    assert judged["same"]
    assert not judged["right"]
    found = _figures(answers)
    assert (found["undecidable_posted"], found["posted_wrong"]) == (1, 1)


def test_an_order_of_parts_or_one_entry_in_two_steps_changes_nothing() -> None:
    answers = answers_as_true()
    whole = pl.col("document_no") == "RE-2026-1013"
    half = answers.parts.filter(whole).with_columns(pl.col("applied_amount") // 2)
    parts = pl.concat([answers.parts.filter(~whole), half, half]).reverse()
    assert _figures(Answers.of(answers.lines, parts)) == _figures(answers)


def test_a_line_without_an_answer_is_left_to_review_and_its_entries_were_not_seen() -> None:
    answers = answers_as_true()
    kept = pl.col("line_ref") != "HB0008"
    found = _figures(Answers.of(answers.lines.filter(kept), answers.parts.filter(kept)))
    assert (found["posted"], found["review"], found["review_first_right"]) == (9, 2, 1)
    assert found["recall"] == pytest.approx(8 / 9)


def test_calibration_compares_what_was_said_with_what_came() -> None:
    said = pl.when(pl.col("line_ref") == "HB0115").then(0.4).otherwise(1.0)
    answers = answers_as_true(also_posted=("HB0004",))
    verdicts = judge(*truth(), Answers.of(
        answers.lines.with_columns(said.alias("probability")), answers.parts))  # fmt: skip
    rows = reliability(verdicts).select("from", "lines", "came").rows()
    assert rows == [(0.3, 1, 1.0), (0.999, 11, 1.0)]
    assert brier(verdicts) == pytest.approx(0.36 / 12)
    assert brier(judge(*truth(), answers)) is None


def test_peers_get_the_lines_and_what_was_open_before_them(sample_books: Books) -> None:
    line = sample_books.lines.row(
        by_predicate=pl.col("line_ref") == "HB0002", named=True
    )  # fmt: skip
    assert (line["amount"], line["name"]) == (98_000, "Brandt und Soehne")
    assert line["account"] == "DE75370501980000001102"
    entry = sample_books.entries.row(
        by_predicate=pl.col("document_no") == "RE-2026-1002", named=True
    )
    assert (entry["remaining"], entry["discount"], str(entry["late"])) == (
        100_000, 2_000, "2026-10-30",
    )  # fmt: skip
    assert sample_books.bank_entries.height == 17
    assert lettrage.KINDS.index("customers") < lettrage.KINDS.index("ledger-entries")
