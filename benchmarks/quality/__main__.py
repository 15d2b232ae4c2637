"""``python -m benchmarks.quality``: Lettrage and its peers on generated worlds, judged alike.

Tuning uses the seeds 1 to 99; an evaluation draws a fresh one from the system, or takes any from
1000 on, and prints it.
"""

import argparse
import dataclasses
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
from benchmarks.quality.answers import Answers
from benchmarks.quality.books import books
from benchmarks.quality.judge import judge
from benchmarks.worlds import COUNTRIES, SITUATIONS, write

FIRST_SEED = 1_000
_WHOLE = "match, whole process"
_WIDTH = 150  # of tables in a file or pipe
_SAY = Console(stderr=True)


def main() -> int:
    """Make the worlds, run everybody on each, judge, print and write the figures."""
    options = _options()
    _SAY.print(f"seed {options.seed}; worlds of {options.country}, {options.lines} lines each")
    work: Path = options.folder.resolve() / f"worlds-{options.seed}"
    worlds = [
        _world(country, lines, options, work / f"{country}-{lines}")
        for lines in options.lines
        for country in options.country
    ]
    judged = [verdicts for lines, verdicts, _ in worlds if lines == options.lines[-1]]
    about = {"seed": options.seed, "lines": options.lines[-1], "situations": SITUATIONS}
    found = report.quality(pl.concat(judged), [run for *_, runs in worlds for run in runs], about)
    _write(found, options.folder)
    if not options.keep:
        shutil.rmtree(work, ignore_errors=True)
    return 0


def _write(found: report.Quality, folder: Path) -> None:
    console = Console()
    report.show(found, console if console.is_terminal else Console(width=_WIDTH))
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (folder / "quality.json").write_text(text, "utf-8")
    from benchmarks.quality import plots  # not needed to read or test the rest

    for file in (folder / "quality.json", *plots.draw(found, folder)):
        _SAY.print(f"wrote {file}")


def _world(
    country: str, lines: int, options: argparse.Namespace, folder: Path
) -> tuple[int, pl.DataFrame, list[report.Quality]]:
    """Verdicts on everybody, and their times, on one world."""
    verdicts, runs = [], []
    for name in options.peers:
        done = folder / f"verdicts-{name}.parquet"
        if not done.exists():
            _SAY.print(f"{country}, {lines:,} lines: {name}")
            answers, steps = _answered(name, country, lines, options.seed, folder)
            truth = [
                pl.read_parquet(folder / f"truth_{part}.parquet") for part in ("lines", "parts")
            ]
            about = {"system": name, "world": country, "lines": lines}
            own = [
                {**about, "step": step, **dataclasses.asdict(run)} for step, run in steps.items()
            ]
            (folder / f"runs-{name}.json").write_text(json.dumps(own), "utf-8")
            judge(*truth, answers).write_parquet(done)
        marks = [pl.lit(name).alias("system"), pl.lit(country).alias("world")]
        verdicts.append(pl.read_parquet(done).with_columns(*marks))
        runs += json.loads((folder / f"runs-{name}.json").read_text("utf-8"))
    return lines, pl.concat(verdicts), runs


def _answered(
    name: str, country: str, lines: int, seed: int, folder: Path
) -> tuple[Answers, dict[str, Run]]:
    """What a system answers. Lettrage comes first: the others get their frames from its ledger."""
    if name != "lettrage":
        answers, alone, whole = peers.run(name, folder / "frames", folder / name)
        return answers, {"match": alone, _WHOLE: whole}
    write(country, seed, lines, folder)
    ran = lettrage.run(folder, folder / "lettrage")
    books(folder, ran).write(folder / "frames")
    took = {"match": ran.match, _WHOLE: ran.match_process, "nightly": ran.night}
    return lettrage.answers(ran.after), took


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    sizes = "of each world; several sizes for the time, the last is judged"
    parser.add_argument("--lines", type=_numbers, default="2000,10000", help=sizes)
    parser.add_argument("--seed", type=seed, default="fresh", help="fresh, or a number >= 1000")
    parser.add_argument("--country", type=_listed(tuple(COUNTRIES)), default=list(COUNTRIES))
    parser.add_argument("--peers", type=_listed(tuple(peers.TITLES)), default=list(peers.TITLES))
    parser.add_argument("--folder", type=Path, default=Path(".bench") / "quality")
    keeping = "leave worlds, ledgers and verdicts; the same seed goes on from there"
    parser.add_argument("--keep", action="store_true", help=keeping)
    options = parser.parse_args()
    options.peers = ["lettrage", *(name for name in options.peers if name != "lettrage")]
    return options


def _numbers(text: str) -> list[int]:
    return sorted({int(part) for part in text.split(",")})


def seed(text: str) -> int:
    """A seed that no tuning uses; ``fresh`` is one that nobody knows before."""
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
