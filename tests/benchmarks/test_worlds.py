"""Worlds are loadable, readable and true to themselves, in every country."""

import filecmp
from pathlib import Path

import polars as pl
import pytest

from benchmarks import worlds
from benchmarks.worlds.mix import MIX, NOISE
from pipeline.cli import main

BOOKS = ("bank-accounts", "customers", "vendors", "ledger-entries", "bank-entries")


@pytest.fixture(scope="module", params=worlds.COUNTRIES)
def world(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    worlds.write(request.param, 5, 120, folder)
    return folder


def test_the_banks_files_are_read_and_hold_every_judged_line_once(world: Path, capsys) -> None:
    ledger = ["--ledger", f"sqlite:///{world / 'ledger.db'}"]
    ledger += ["--config", str(world / "lettrage.toml")]
    assert main(["init", *ledger]) == 0
    for kind in BOOKS:
        assert main(["load", kind, str(world / "books" / f"{kind}.csv"), *ledger]) == 0
    assert main(["ingest", str(world / "history"), str(world / "feeds"), *ledger]) == 0
    read = world / "lines.parquet"
    assert main(["export", "lines", "--format", "parquet", "-o", str(read), *ledger]) == 0
    assert main(["verify", *ledger]) == 0
    capsys.readouterr()
    lines = pl.read_parquet(read).select(
        pl.col("bank_reference").alias("line_ref"), "bank_account_no", "booking_date", "currency",
        pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64),
    )  # fmt: skip
    truth = pl.read_parquet(world / "truth_lines.parquet").select(lines.columns)
    judged = lines.join(truth, on="line_ref", how="semi").sort("line_ref")
    assert judged.equals(truth.sort("line_ref"))


def test_what_a_decidable_line_settles_adds_up_to_it(world: Path) -> None:
    lines = pl.read_parquet(world / "truth_lines.parquet")
    parts = pl.read_parquet(world / "truth_parts.parquet")
    sums = parts.group_by("line_ref").agg(pl.col("applied_amount").sum())
    decidable = lines.filter("decidable").join(sums, on="line_ref", how="left")
    assert decidable["amount"].equals(decidable["applied_amount"], check_names=False)
    assert lines.filter(pl.col("decidable") != (pl.col("why") == "")).is_empty()


def test_every_part_is_in_the_books(world: Path) -> None:
    parts = pl.read_parquet(world / "truth_parts.parquet")
    entries = pl.read_csv(world / "books" / "ledger-entries.csv", infer_schema=False)
    key = ["party_type", "party_no", "document_no"]
    assert parts.filter(pl.col("target") == "entry").join(entries, on=key, how="anti").is_empty()
    bank = pl.read_csv(world / "books" / "bank-entries.csv", infer_schema=False)
    confirmed = parts.filter(pl.col("target") == "bank_entry")
    on = {"left_on": ["party_no", "document_no"], "right_on": ["bank_account_no", "entry_no"]}
    assert confirmed.join(bank, **on, how="anti").is_empty()


def test_the_same_seed_is_the_same_world_and_another_is_another(tmp_path: Path) -> None:
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        worlds.write("US", seed, 60, tmp_path / name)
    same = filecmp.dircmp(tmp_path / "first" / "feeds", tmp_path / "again" / "feeds")
    assert same.left_list == same.same_files
    assert not filecmp.dircmp(tmp_path / "first" / "feeds", tmp_path / "other" / "feeds").same_files


def test_the_mix_is_written_down_and_every_situation_in_it_can_be_told() -> None:
    text = Path(worlds.__file__).with_name("README.md").read_text("utf-8")
    assert set(MIX) == set(worlds.SITUATIONS)
    for name, share in MIX.items():
        sentence = " ".join(worlds.SITUATIONS[name].split())
        assert f"| {name} | {share} | {sentence} |" in text
    for name, value in NOISE.items():
        shown = f"{value[0]} to {value[1]}" if isinstance(value, tuple) else value
        assert f"| {name} | {shown} |" in text
