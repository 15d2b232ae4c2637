"""``python -m benchmarks.quality.tune``: fit the peers on worlds that no evaluation uses.

Half of the seeds gives Splink m and u, m counted from the truth, u from random pairs; the
other half chooses the weights that post. ``TUNED`` is the policy with the most lines posted right
less ``WORTH`` for each wrong one; ``CAREFUL`` has the lowest rate of wrong lines, and of those
the most right ones. Both are printed, to be written down in ``splink_peer.py``.
"""

import argparse
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console

from benchmarks.quality import lettrage, names
from benchmarks.quality.answers import PART
from benchmarks.quality.books import Books, books
from benchmarks.quality.figures import figures
from benchmarks.quality.judge import judge
from benchmarks.quality.seeds import tuning_seeds
from benchmarks.quality.settling import items
from benchmarks.quality.splink_frames import item_rows, line_rows
from benchmarks.quality.splink_model import COLUMNS, FILE, linker, predict, settings, trained
from benchmarks.quality.splink_peer import Policy, decide, options
from benchmarks.worlds import COUNTRIES, write

WORTH = 10
"""A wrong posting costs what this many right ones save: the price at which Splink looks best."""
_PAIRS = 1_000_000
_SMALLEST = 1e-7  # a level that no random pair reached
_LEAST = 0.5  # a careful setting that posts less than half is no use to anybody
_GRID = {
    "exact": (-8.0, -5.0, -2.0, 0.0, 2.0, 4.0, 6.0, 9.0, 13.0),
    "part": (None, 0.0, 2.0, 4.0),
    "over": (None, 4.0, 10.0),
    "ahead": (1.0, 3.0, 8.0),
}
_SAY = Console()


def main() -> int:
    """Train, write the model, try every policy, print the best."""
    asked = _options()
    first = [_world(asked, country, seed) for seed in asked.train for country in COUNTRIES]
    model = _trained(first)
    FILE.write_text(json.dumps(model, indent=1) + "\n", "utf-8")
    other = [_world(asked, country, seed) for seed in asked.choose for country in COUNTRIES]
    _policies(other)
    _cutoffs(other)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.tune", description=__doc__)
    parser.add_argument("--lines", type=int, default=3_000, help="of each world")
    parser.add_argument("--train", type=tuning_seeds, default="1,2", help="seeds for m and u")
    parser.add_argument(
        "--choose", type=tuning_seeds, default="51,52", help="seeds for the policies"
    )
    parser.add_argument("--folder", type=Path, default=Path(".bench") / "tuning")
    return parser.parse_args()


Case = tuple[Books, pl.DataFrame, pl.DataFrame]


def _world(asked: argparse.Namespace, country: str, seed: int) -> Case:
    """Frames and truth of a world; kept in the folder, so that a second tuning is quick."""
    folder = asked.folder.resolve() / f"{country}-{seed}-{asked.lines}"
    if not (folder / "frames" / "lines.parquet").exists():
        _SAY.print(f"{country}, seed {seed}: making the world")
        write(country, seed, asked.lines, folder)
        books(folder, lettrage.read(folder, folder / "lettrage")).write(folder / "frames")
    truth = [pl.read_parquet(folder / f"truth_{name}.parquet") for name in ("lines", "parts")]
    return Books.read(folder / "frames"), truth[0], truth[1]


def _trained(cases: list[Case]) -> dict[str, Any]:
    """Splink's own settings: m of each level from the truth, u from its random pairs."""
    counted, random = [], []
    for known, _, parts in cases:
        every = items(known)
        rows = line_rows(known), item_rows(known, every)
        true = parts.join(every.select(*PART, "item"), on=PART, how="inner")
        pairs = predict(*rows, settings())
        counted.append(pairs.join(true, on=["line_ref", "item"], how="semi"))
        model = linker(*rows, settings())
        model.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=1)
        random.append(model.misc.save_model_to_json())
    found, pairs = random[0], pl.concat(counted)
    for place, name in enumerate(COLUMNS):
        levels = _levels(found, place)
        for rank, level in enumerate(levels):
            same = [_levels(model, place)[rank].get("u_probability") or 0 for model in random]
            level["u_probability"] = max(sum(same) / len(same), _SMALLEST)
            level["m_probability"] = _share(pairs, f"gamma_{name}", len(levels) - 1 - rank)
    return found


def _levels(model: dict[str, Any], place: int) -> list[dict[str, Any]]:
    levels = model["comparisons"][place]["comparison_levels"]
    return [level for level in levels if not level.get("is_null_level")]


def _share(pairs: pl.DataFrame, column: str, gamma: int) -> float:
    """How often true pairs reach this level; half a pair more than seen, so never zero."""
    known = pairs.filter(pl.col(column) >= 0)
    return (known.filter(pl.col(column) == gamma).height + 0.5) / (known.height + 5)


def _policies(cases: list[Case]) -> None:
    """Every policy of the grid on all cases; prints the best ones."""
    scored = []
    for known, lines, parts in cases:
        every = items(known)
        pairs = predict(line_rows(known), item_rows(known, every), trained(every.height))
        scored.append((options(pairs, known, every), pairs, known, every, lines, parts))
    rows = []
    for values in itertools.product(*_GRID.values()):
        policy = Policy(**dict(zip(_GRID, values, strict=True)))
        verdicts = pl.concat(
            judge(lines, parts, decide(*case, policy)).drop("probability")
            for *case, lines, parts in scored
        )
        rows.append({"policy": repr(policy), **figures(verdicts).to_dicts()[0]})
    table = pl.DataFrame(rows)
    worth = pl.col("posted_right") - WORTH * pl.col("posted_wrong")
    _best("TUNED", table.sort(worth, descending=True))
    careful = table.filter(pl.col("straight_through") >= _LEAST)
    _best("CAREFUL", careful.sort("wrong_per_10000", -pl.col("straight_through")))
    _best("most right", table.sort("straight_through", descending=True))


def _cutoffs(cases: list[Case]) -> None:
    rows = []
    for cutoff in (70, 80, 85, 90, 95):
        verdicts = pl.concat(
            judge(lines, parts, names.answer(known, cutoff)) for known, lines, parts in cases
        )
        rows.append({"policy": f"cutoff {cutoff}", **figures(verdicts).to_dicts()[0]})
    worth = pl.col("posted_right") - WORTH * pl.col("posted_wrong")
    _best("names", pl.DataFrame(rows).sort(worth, descending=True))


def _best(title: str, table: pl.DataFrame) -> None:
    for row in table.head(3).to_dicts():
        _SAY.print(
            f"{title}: {row['policy']}: {row['straight_through']:.2%} right,"
            f" {row['wrong_per_10000']:.1f} wrong in 10,000 posted"
        )


if __name__ == "__main__":
    sys.exit(main())
