"""``python -m benchmarks.quality``: Lettrage and its peers on generated worlds, judged alike.

Tuning uses the seeds 1 to 99; an evaluation draws a fresh one from the system, or takes any from
1000 on, and prints it.
"""

import argparse
import json
import secrets
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
from rich.console import Console

from benchmarks.measure import Run
from benchmarks.quality import lettrage, peers, report
from benchmarks.quality.books import books
from benchmarks.quality.judge import judge
from benchmarks.worlds import COUNTRIES, SITUATIONS, write

FIRST_SEED = 1_000
_WIDTH = 150  # of tables in a file or pipe
_SAY = Console(stderr=True)


def main() -> int:
    """Make the worlds, run everybody on each, judge, and print and write the figures."""
    options = _options()
    _SAY.print(f"seed {options.seed}: {options.lines:,} lines for {', '.join(options.country)}")
    work: Path = options.folder.resolve() / "worlds"
    shutil.rmtree(work, ignore_errors=True)
    verdicts, runs = [], []
    for country in options.country:
        for name, judged, run in _world(country, options, work / country):
            marks = [pl.lit(name).alias("system"), pl.lit(country).alias("world")]
            verdicts.append(judged.with_columns(*marks))
            runs.append({"system": name, "world": country, "step": run[0],
                         "seconds": run[1].seconds, "megabytes": run[1].megabytes})  # fmt: skip
    about = {"seed": options.seed, "lines_per_world": options.lines, "situations": SITUATIONS}
    found = report.quality(pl.concat(verdicts), runs, about)
    console = Console()
    report.show(found, console if console.is_terminal else Console(width=_WIDTH))
    file = options.folder / "quality.json"
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if not options.keep:
        shutil.rmtree(work, ignore_errors=True)
    return 0


def _world(
    country: str, options: argparse.Namespace, folder: Path
) -> list[tuple[str, pl.DataFrame, tuple[str, Run]]]:
    """System, verdicts and time on one world; a peer's frames come from Lettrage's ledger."""
    _SAY.print(f"{country}: making the world")
    write(country, options.seed, options.lines, folder)
    truth, parts = (
        pl.read_parquet(folder / f"truth_{name}.parquet") for name in ("lines", "parts")
    )
    _SAY.print(f"{country}: lettrage")
    ran = lettrage.run(folder, folder / "lettrage")
    verdicts = judge(truth, parts, lettrage.answers(ran.after))
    verdicts.write_parquet(folder / "lettrage" / "verdicts.parquet")
    found = [("lettrage", verdicts, ("match", ran.match))]
    found.append(("lettrage", verdicts.clear(), ("nightly", ran.night)))
    books(folder, ran).write(folder / "frames")
    for name in options.peers:
        if name != "lettrage":
            _SAY.print(f"{country}: {name}")
            answers, run = peers.run(name, folder / "frames", folder / name)
            judged = judge(truth, parts, answers)
            judged.write_parquet(folder / name / "verdicts.parquet")
            found.append((name, judged, ("match", run)))
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000, help="of each world")
    parser.add_argument("--seed", type=_seed, default="fresh", help="fresh, or a number >= 1000")
    parser.add_argument("--country", type=_listed(tuple(COUNTRIES)), default=list(COUNTRIES))
    parser.add_argument("--peers", type=_listed(tuple(peers.TITLES)), default=list(peers.TITLES))
    parser.add_argument("--folder", type=Path, default=Path(".bench") / "quality")
    parser.add_argument("--keep", action="store_true", help="leave worlds, ledgers and verdicts")
    return parser.parse_args()


def _seed(text: str) -> int:
    if text == "fresh":
        return FIRST_SEED + secrets.randbelow(1_000_000_000)
    if not text.isdecimal() or int(text) < FIRST_SEED:
        raise argparse.ArgumentTypeError(
            f"{text!r}: fresh or a number >= {FIRST_SEED} (smaller ones are for tuning)"
        )
    return int(text)


def _listed(known: tuple[str, ...]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = text.split(",")
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known)}")
        return names

    return read


if __name__ == "__main__":
    sys.exit(main())
