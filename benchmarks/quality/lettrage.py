"""Lettrage on a world, as a user runs it; and what it exports, as answers."""

import contextlib
import io
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.measure import Run, command, copied, process, timed, within
from benchmarks.quality.answers import MONEY, Answers
from pipeline import steps
from pipeline.cli import main
from pipeline.config import read as settings_of

KINDS = ("gl-accounts", "bank-accounts", "customers", "vendors", "ledger-entries", "entry-taxes",
         "bank-entries", "rates", "control-totals")  # fmt: skip
_TRANSFERS = ("TRANSFERS", "transfers")


@dataclass(frozen=True, slots=True)
class Ran:
    """A world's ledger before and after its ``feeds``, and what each step took.

    ``match`` reads the ledger and stores its proposals, without start and imports;
    ``match_process`` is the command with both.
    """

    before: Path
    after: Path
    night: Run
    match: Run
    match_process: Run


def run(world: Path, work: Path) -> Ran:
    """``init``, ``load``, ``nightly`` over the history, then over the feeds, then ``verify``."""
    before, config, log = _before(world, work)
    feeds = str(world / "feeds")
    after, stepwise = copied(before, work / "after.db"), copied(before, work / "steps.db")
    night = command(after, "nightly", feeds, *config, log=log)
    _verify(after)
    command(stepwise, "ingest", feeds, *config, log=log)
    return Ran(before, after, night, *matched(stepwise, work, config, log))


def matched(ledger: Path, work: Path, config: tuple[str, ...], log: Path) -> tuple[Run, Run]:
    """The step ``match`` on copies of a ledger: in a process that has started, and all of one."""
    alone, whole = copied(ledger, work / "alone.db"), copied(ledger, work / "whole.db")
    seconds = work / "seconds.txt"
    line = [sys.executable, "-m", "benchmarks.quality.lettrage", str(alone), str(seconds)]
    inner = within(process([*line, *config[1:]], log=log), seconds)
    return inner, command(whole, "match", *config, log=log)


def _main(ledger: str, seconds: str, *config: str) -> None:
    settings = settings_of(Path(config[0]) if config else None, f"sqlite:///{ledger}")
    timed(partial(steps.propose, settings, "benchmark"), Path(seconds))


def night(world: Path, work: Path) -> Path:
    """The ledger after one ``nightly`` over the feeds; the one before them is made once."""
    before, log = work / "before.db", work / "log.txt"
    settings = world / "lettrage.toml"
    config = ("--config", str(settings)) if settings.exists() else ()
    if not before.exists():
        before, config, log = _before(world, work)
    for file in work.glob("after*"):
        file.unlink()
    after = copied(before, work / "after.db")
    command(after, "nightly", str(world / "feeds"), *config, log=log)
    return after


def read(world: Path, work: Path) -> Ran:
    """As ``run``, but of the feeds only read the lines: what a peer needs."""
    before, config, log = _before(world, work)
    after = copied(before, work / "after.db")
    reading = command(after, "ingest", str(world / "feeds"), *config, log=log)
    return Ran(before, after, reading, reading, reading)


def _before(world: Path, work: Path) -> tuple[Path, tuple[str, ...], Path]:
    """The ledger after the history, the option that names the world's settings, and a log."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    ledger, log = work / "before.db", work / "log.txt"
    settings = world / "lettrage.toml"
    config = ("--config", str(settings)) if settings.exists() else ()
    command(ledger, "init", *config, log=log)
    for kind in KINDS:
        file = world / "books" / f"{kind}.csv"
        if file.exists():
            command(ledger, "load", kind, str(file), *config, log=log, allowed=(0,))
    history = world / "history"
    if history.is_dir() and any(history.iterdir()):
        command(ledger, "nightly", str(history), *config, log=log)
    return ledger, config, log


def _verify(ledger: Path) -> None:
    """Figures of books that do not hold are worth nothing."""
    with contextlib.redirect_stdout(io.StringIO()):
        code = main(["verify", "--ledger", f"sqlite:///{ledger}"])
    if code:
        raise RuntimeError(f"lettrage verify finds violations in {ledger.name}")


def export(ledger: Path, kind: str) -> pl.DataFrame:
    """``lettrage export KIND`` as a frame; amounts as they are written, decimal text."""
    file = ledger.with_name(f"{ledger.stem}-{kind}.parquet")
    line = ["export", kind, "--format", "parquet", "-o", str(file)]
    if main([*line, "--ledger", f"sqlite:///{ledger}"]):
        raise RuntimeError(f"lettrage export {kind} failed")
    return pl.read_parquet(file)


def minor(*names: str) -> list[pl.Expr]:
    """Decimal text with all digits of its currency as minor units."""
    return [pl.col(name).str.replace(".", "", literal=True).cast(pl.Int64) for name in names]


def answers(ledger: Path) -> Answers:
    """What is posted by itself, and for the other lines the proposals in their order."""
    return from_exports(export(ledger, "applications"), export(ledger, "proposals"))


def from_exports(applications: pl.DataFrame, proposals: pl.DataFrame) -> Answers:
    """Answers from the two exports.

    Parking is no answer. A payment that a later return took back was posted all the same. The
    candidates are what its exports show, at most five answers, not what its engine looked at.
    """
    posted = applications.filter(
        (pl.col("rule") != "parking") & pl.col("status").is_in(("posted", "reversed"))
    ).with_columns(pl.lit(1, pl.Int64).alias("rank"))
    offered = proposals.filter(pl.col("party_type") != "").join(
        posted.select("bank_reference").unique(), on="bank_reference", how="anti"
    )
    answered = pl.concat(
        rows.select("bank_reference", pl.lit(done).alias("posted")).unique()
        for rows, done in ((posted, True), (offered, False))
    )
    first = proposals.filter(pl.col("rank") == 1)
    probability = first.select("bank_reference", pl.col("probability").cast(pl.Float64)).unique()
    return Answers.of(
        answered.join(probability, on="bank_reference", how="left")
        .rename({"bank_reference": "line_ref"})
        .sort("line_ref"),
        pl.concat([_parts(posted), _parts(offered)]),
    )


def _parts(rows: pl.DataFrame) -> pl.DataFrame:
    """``party_type`` says where money goes: bank, gl, or a party with or without a document."""
    kind = pl.col("party_type")
    target = (
        pl.when(kind == "bank").then(pl.lit("bank_entry"))
        .when((kind == "gl") & pl.col("gl_account").is_in(_TRANSFERS)).then(pl.lit("transfer"))
        .when(kind == "gl").then(pl.lit("gl_account"))
        .when(pl.col("document_no") == "").then(pl.lit("on_account"))
        .otherwise(pl.lit("entry"))
    )  # fmt: skip
    return rows.select(
        pl.col("bank_reference").alias("line_ref"),
        "rank",
        target.alias("target"),
        pl.when(kind.is_in(("bank", "gl"))).then(pl.lit("")).otherwise(kind).alias("party_type"),
        "party_no",
        pl.when(kind == "gl")
        .then(pl.col("gl_account"))
        .otherwise(pl.col("document_no"))
        .alias("document_no"),
        *minor(*MONEY),
    )


if __name__ == "__main__":
    _main(*sys.argv[1:])
