"""The installation itself: the demo, the doctor, where the DAGs are."""

import argparse
import sys
from pathlib import Path

from pipeline.cli.output import report, show
from pipeline.cli.parser import Commands
from pipeline.config import Settings

_EXPAT = (2, 6, 0)
_PYTHON = (3, 11, 10)


def register(commands: Commands) -> None:
    """Add demo, doctor and dags-path."""
    demo = commands.add(
        "demo", _demo, "two nights of a sample company, by the steps alone", "lettrage demo demo/"
    )
    demo.add_argument("--airflow", action="store_true", help="run the DAGs under Airflow instead")
    demo.add_argument("--keep", action="store_true", help="leave Airflow up until Ctrl-C")
    demo.add_argument("dir", type=Path, nargs="?", default=Path("lettrage-demo"), metavar="DIR")
    commands.add("doctor", _doctor, "what of this machine may cause trouble", "lettrage doctor")
    commands.add("dags-path", _dags_path, "where to point Airflow", "lettrage dags-path")


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import demo

    return demo.run(options.dir, options.user, airflow=options.airflow, keep=options.keep)


def dags_folder() -> Path:
    """The folder of the DAG files: inside an installed wheel, else beside the package."""
    package = Path(__file__).parent.parent
    inside = package / "_dags"
    return inside if inside.exists() else package.parent / "dags"


def _dags_path(options: argparse.Namespace, settings: Settings) -> int:
    if options.json:
        return report(options, {"dags": str(dags_folder())})
    show(str(dags_folder()))
    return 0


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    import platform
    import pyexpat
    import sqlite3

    facts = {
        "python": platform.python_version(),
        "expat": pyexpat.EXPAT_VERSION.removeprefix("expat_"),
        "sqlite": sqlite3.sqlite_version,
        "ledger": settings.ledger.partition(":")[0],
        "dags": str(dags_folder()),
    }
    warnings = _old(pyexpat.version_info) + _packages(settings)
    return report(options, {**facts, "warnings": warnings, "problems": shadowed()})


def _old(expat: tuple[int, int, int]) -> list[str]:
    found = []
    if sys.version_info < _PYTHON:
        found.append(f"Python {sys.version.split()[0]}: known holes are closed in 3.11.10")
    if expat < _EXPAT:
        found.append(f"Expat {'.'.join(map(str, expat))}: known holes are closed in 2.6.0")
    return found


def _packages(settings: Settings) -> list[str]:
    import importlib.util

    found = []
    if settings.ledger.startswith("postgresql") and not importlib.util.find_spec("psycopg"):
        found.append("the ledger is PostgreSQL but psycopg is missing: install lettrage[postgres]")
    if not (dags_folder() / "nightly_bank_import.py").exists():
        found.append(f"no DAG files in {dags_folder()}")
    return found


def shadowed() -> list[str]:
    """Packages of the same import name that stand before ours: Tryton's mt940, another pipeline."""
    import importlib.metadata
    import importlib.util

    found = []
    try:
        importlib.metadata.version("mt940")
        found.append("the package mt940 (Tryton's) is installed beside mt-940: uninstall mt940")
    except importlib.metadata.PackageNotFoundError:
        pass
    spec = importlib.util.find_spec("mt940")
    if spec is None or not spec.submodule_search_locations:
        found.append("mt940: expected the package of mt-940, found none or another module")
    elif not any((Path(place) / "models.py").exists() for place in spec.submodule_search_locations):
        found.append("mt940: another package of this name stands before that of mt-940")
    return found
