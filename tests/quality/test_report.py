"""The report of an evaluation: plain data, tables, pictures, and seeds kept apart."""

import argparse
import io
import json
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from benchmarks.quality import __main__ as quality_main
from benchmarks.quality import report
from benchmarks.quality.answers import Answers
from benchmarks.quality.judge import judge
from tests.quality.small_world import answers_as_true, truth


@pytest.fixture
def found(sample_answers: Answers) -> report.Quality:
    """Lettrage as it is, and a Splink that hits everything and is sure of it."""
    perfect = answers_as_true()
    sure = Answers.of(perfect.lines.with_columns(pl.lit(0.9).alias("probability")), perfect.parts)
    verdicts = pl.concat(
        judge(*truth(), answers).with_columns(
            pl.lit(name).alias("system"), pl.lit("sample").alias("world")
        )
        for name, answers in (("lettrage", sample_answers), ("splink", sure))
    )
    runs = [
        {"system": "lettrage", "world": "sample", "lines": lines, "step": "match",
         "seconds": lines / 10, "cpu": 1.0, "megabytes": 100.0}
        for lines in (10, 100)
    ]  # fmt: skip
    about = {"seed": 1_234, "lines": 13, "situations": {"fee": "a fee of the bank"}}
    return report.quality(verdicts, runs, about)


def test_the_tables_say_what_the_data_say(found: report.Quality) -> None:
    out = io.StringIO()
    report.show(found, Console(file=out, width=150))
    text = out.getvalue()
    assert "seed 1234, 13 lines for each world" in text
    assert "90.9%" in text  # 10 of 11 decidable lines, both
    assert "Brier 0.0100" in text
    assert json.loads(json.dumps(found)) == found


def test_the_pictures_are_the_same_bytes_for_the_same_figures(
    found: report.Quality, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    from benchmarks.quality import plots

    first = plots.draw(found, tmp_path / "1")
    names = [file.name for file in first]
    assert names == [f"quality-{name}.svg" for name in
                     ("overview", "situations", "calibration", "time")]  # fmt: skip
    again = plots.draw(found, tmp_path / "2")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in again]


@pytest.mark.parametrize("seed", ["1", "99", "999", "one"])
def test_an_evaluation_refuses_the_seeds_of_tuning(seed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="fresh or a number >= 1000"):
        quality_main.seed(seed)


def test_a_fresh_seed_is_none_of_them() -> None:
    assert quality_main.seed("1000") == 1_000
    assert min(quality_main.seed("fresh") for _ in range(5)) >= 1_000
