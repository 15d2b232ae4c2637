"""The figures of ``quality.json`` as pictures: ``python -m benchmarks.quality.plots FOLDER``."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_MARKS = {  # one colour and one mark each, told apart without colour too (Okabe and Ito)
    "lettrage": ("#0072b2", "o"),
    "splink": ("#d55e00", "s"),
    "splink-careful": ("#e69f00", "D"),
    "names": ("#009e73", "^"),
    "bc": ("#555555", "v"),
}
_NEAR, _EDGE = 15, 90  # per cent: a mark that near to the right, or the edge, turns a label left
_ROW = 0.26  # inches of one situation
# The same figures give the same bytes.
mpl.rcParams.update(
    {
        "svg.hashsalt": "lettrage",
        "svg.fonttype": "none",
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)


def draw(found: dict[str, Any], folder: Path) -> list[Path]:
    """One SVG file for each picture that the figures allow."""
    pictures = {
        "overview": _overview(found),
        "situations": _situations(found),
        "calibration": _calibration(found),
        "time": _time(found),
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, figure in pictures.items():
        if figure is not None:
            written.append(folder / f"quality-{name}.svg")
            figure.savefig(written[-1], metadata={"Date": None}, bbox_inches="tight")
            pyplot.close(figure)
    return written


def _mark(axes: Axes, found: dict[str, Any], system: str, xs: list[float], ys: list[float]) -> None:
    colour, mark = _MARKS[system]
    axes.plot(xs, ys, mark, color=colour, label=found["systems"][system], markersize=5,
              alpha=0.85)  # fmt: skip


def _source(found: dict[str, Any]) -> str:
    return f"{', '.join(found['worlds'])}; {found['lines']:,} lines, seed {found['seed']}"


def _overview(found: dict[str, Any]) -> Figure:
    """The two numbers that matter, against each other."""
    figure, axes = pyplot.subplots(figsize=(6, 3.6))
    points = {
        row["system"]: (100 * row["straight_through"], row["wrong_per_10000"])
        for row in found["whole"]
        if row["wrong_per_10000"] is not None
    }
    for system, (x, y) in points.items():
        _mark(axes, found, system, [x], [y])
        axes.lines[-1].set_clip_on(False)  # the best stand on the edge
        left = x > _EDGE or any(
            x < other < x + _NEAR and y / 3 < high < 3 * y for other, high in points.values()
        )
        beside = {"xytext": (-7, 4), "ha": "right"} if left else {"xytext": (7, 4), "ha": "left"}
        axes.annotate(found["systems"][system], (x, y), textcoords="offset points", **beside)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(-0.2, None)
    axes.set_xlim(0, 100)
    axes.axhline(1, color="#bbbbbb", linewidth=0.8)
    axes.axvline(97, color="#bbbbbb", linewidth=0.8)
    axes.set_xlabel("decidable lines posted by themselves and fully right, %")
    axes.set_ylabel("posted lines that are wrong, in 10,000")
    axes.set_title(f"Goal: right of and below the grey lines ({_source(found)})", fontsize=8)
    return figure


def _situations(found: dict[str, Any]) -> Figure:
    """Straight-through rate of every situation that can be decided, Lettrage's worst first."""
    rates: dict[str, dict[str, float]] = {}
    for row in found["by_situation"]:
        if row["straight_through"] is not None:
            rates.setdefault(row["situation"], {})[row["system"]] = 100 * row["straight_through"]
    names = sorted(rates, key=lambda name: (-rates[name].get("lettrage", 0.0), name), reverse=True)
    figure, axes = pyplot.subplots(figsize=(7, 1 + _ROW * len(names)))
    for place, _ in enumerate(names):
        axes.axhline(place + 0.5, color="#dddddd", linewidth=0.6, zorder=0)
    for number, system in enumerate(found["systems"]):
        beside = (number - (len(found["systems"]) - 1) / 2) * 0.16  # so that none hides another
        own = [(rates[name][system], place + beside) for place, name in enumerate(names)
               if system in rates[name]]  # fmt: skip
        _mark(axes, found, system, [x for x, _ in own], [y for _, y in own])
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel("decidable lines posted by themselves and fully right, %")
    axes.set_title(_source(found), fontsize=8)
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.8 / len(names) - 0.02), ncols=3,
                frameon=False)  # fmt: skip
    return figure


def _calibration(found: dict[str, Any]) -> Figure | None:
    """What was said against what came, for whoever says anything."""
    said = {name: of for name, of in found["calibration"].items() if of["brier"] is not None}
    if not said:
        return None
    figure, axes = pyplot.subplots(figsize=(4.2, 4.2))
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=0.8)
    for name, of in said.items():
        rows = of["reliability"]
        _mark(axes, found, name, [row["said"] for row in rows], [row["came"] for row in rows])
        axes.lines[-1].set_label(f"{found['systems'][name]}, Brier {of['brier']:.3f}")
    axes.set_xlabel("stated probability of the answer")
    axes.set_ylabel("share that came true")
    axes.set_title(_source(found), fontsize=8)
    axes.legend(frameon=False)
    return figure


_STEPS = ("match", "nightly")


def _time(found: dict[str, Any]) -> Figure | None:
    """Seconds by number of lines: everybody's matching by itself, Lettrage's night."""
    if len({run["lines"] for run in found["runs"]}) < 2:
        return None
    figure, axes = pyplot.subplots(figsize=(5, 3.6))
    steps = sorted({(run["system"], run["step"]) for run in found["runs"] if run["step"] in _STEPS})
    for system, step in steps:
        own = [run for run in found["runs"] if (run["system"], run["step"]) == (system, step)]
        sizes = sorted({run["lines"] for run in own})
        means = [
            sum(run["seconds"] for run in own if run["lines"] == size)
            / sum(run["lines"] == size for run in own)
            for size in sizes
        ]
        colour, mark = _MARKS[system]
        line = "-" if step == "match" else "--"
        axes.plot(sizes, means, marker=mark, color=colour, linestyle=line, markersize=4,
                  label=f"{found['systems'][system]}: {step}")  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("bank lines")
    axes.set_ylabel("seconds, mean of the worlds")
    axes.legend(frameon=False, fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))
    return figure


if __name__ == "__main__":
    source = Path(sys.argv[1])
    for file in draw(json.loads((source / "quality.json").read_text("utf-8")), source):
        print(file)
