"""All figures of one evaluation as plain data, and the tables that show them."""

from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.quality.figures import brier, figures, reliability
from benchmarks.quality.peers import TITLES

Quality = dict[str, Any]
_SHOWN = {
    "straight_through": ("straight through", "{:.1%}"),
    "wrong_per_10000": ("wrong in 10,000", "{:.1f}"),
    "posted_wrong": ("wrong", "{:,}"),
    "undecidable_posted": ("undecidable posted", "{:,}"),
    "first_right": ("first proposal right", "{:.1%}"),
    "recall": ("candidate recall", "{:.1%}"),
}


def quality(verdicts: pl.DataFrame, runs: list[Quality], about: Quality) -> Quality:
    """What ``quality.json`` holds; ``verdicts`` with ``system`` and ``world``.

    ``about``: ``seed, lines, situations``.
    """
    systems = verdicts["system"].unique(maintain_order=True).to_list()
    return {
        **about,
        "worlds": verdicts["world"].unique(maintain_order=True).to_list(),
        "systems": {name: TITLES[name] for name in systems},
        "whole": figures(verdicts, ["system"]).to_dicts(),
        "by_world": figures(verdicts, ["system", "world"]).to_dicts(),
        "by_situation": figures(verdicts, ["system", "situation"]).to_dicts(),
        "calibration": {
            name: {
                "brier": brier(verdicts.filter(pl.col("system") == name)),
                "reliability": reliability(verdicts.filter(pl.col("system") == name)).to_dicts(),
            }
            for name in systems
        },
        "runs": runs,
    }


def show(found: Quality, console: Console) -> None:
    """The figures of the goal for each system, then worlds, situations, calibration, time."""
    title = f"seed {found['seed']}, {found['lines']:,} lines for each world"
    _rates(found, found["whole"], title, console)
    _by(found, "by_world", "world", console)
    _by(found, "by_situation", "situation", console)
    _calibration(found, console)
    _time(found, console)


def _text(row: Quality, name: str) -> str:
    value = row[name]
    return "-" if value is None else _SHOWN[name][1].format(value)


def _rates(found: Quality, rows: list[Quality], title: str, console: Console) -> None:
    table = Table("system", *(shown for shown, _ in _SHOWN.values()), title=title)
    for name, shown in found["systems"].items():
        row = next(row for row in rows if row["system"] == name)
        table.add_row(shown, *(_text(row, key) for key in _SHOWN))
    console.print(table)


def _by(found: Quality, key: str, column: str, console: Console) -> None:
    """Straight-through rate and wrong lines of every system, side by side."""
    systems = found["systems"]
    table = Table(
        column, "lines", *systems.values(), title=f"straight through (wrong), by {column}"
    )
    rows: dict[str, dict[str, Quality]] = {}
    for row in found[key]:
        rows.setdefault(row[column], {})[row["system"]] = row
    for name, of in sorted(rows.items()):
        lines = next(iter(of.values()))["lines"]
        table.add_row(name, f"{lines:,}", *(_cell(of.get(system)) for system in systems))
    console.print(table)


def _cell(row: Quality | None) -> str:
    if row is None:
        return ""
    return f"{_text(row, 'straight_through')} ({row['posted_wrong']:,})"


def _calibration(found: Quality, console: Console) -> None:
    for name, said in found["calibration"].items():
        if said["brier"] is None:
            continue
        title = f"{found['systems'][name]}: Brier {said['brier']:.4f}"
        table = Table("from", "answers", "said", "came true", title=title)
        for row in said["reliability"]:
            table.add_row(f"{row['from']:.3f}", f"{row['lines']:,}", f"{row['said']:.4f}",
                          f"{row['came']:.4f}")  # fmt: skip
        console.print(table)


def _time(found: Quality, console: Console) -> None:
    table = Table(
        "world", "lines", "system", "step", "seconds", "CPU", "MB", title="time and memory"
    )
    for run in found["runs"]:
        name = found["systems"].get(run["system"], run["system"])
        spent = (f"{run['seconds']:.1f}", f"{run['cpu']:.1f}", f"{run['megabytes']:,.0f}")
        table.add_row(run["world"], f"{run['lines']:,}", name, run["step"], *spent)
    console.print(table)
