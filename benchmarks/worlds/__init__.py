"""Worlds for ``make bench-quality``: a company, its books, its bank files, and the truth.

``write(country, seed, lines, folder)`` makes a folder of

- ``books/<kind>.csv`` and ``lettrage.toml`` for ``lettrage load``;
- ``history/``, bank files to run through ``lettrage nightly`` first; their lines are not judged;
- ``feeds/``, the bank files to judge;
- ``truth_lines.parquet`` and ``truth_parts.parquet``, what a careful accountant makes of them.

The same arguments give the same bytes. Nothing here reads the matching engine, and it may read
nothing from here: ``mix.py`` was written first, ``decidable.py`` says what a label rests on.
"""

from pathlib import Path

from benchmarks.worlds.output import write_world
from benchmarks.worlds.places import SETTINGS
from benchmarks.worlds.tale import SITUATIONS
from benchmarks.worlds.world import make

__all__ = ["COUNTRIES", "SITUATIONS", "write"]

COUNTRIES: tuple[str, ...] = tuple(SETTINGS)


def write(country: str, seed: int, lines: int, folder: Path) -> None:
    """Write the world of a country and seed with about ``lines`` judged lines into ``folder``."""
    write_world(make(country, seed, lines), folder)
