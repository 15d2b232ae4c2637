"""Books of the sample company, on SQLite and on a PostgreSQL that the session starts itself."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import config, ledger
from pipeline.demo import BOOKS, samples
from pipeline.ledger.load import load

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _as_owner(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    found = shutil.which("initdb") or (str(_BINARIES[-1]) if _BINARIES else "")
    if not found:
        pytest.skip("no PostgreSQL server programs here; install postgresql to run this")
    bin_folder = Path(found).parent
    folder = Path(subprocess.check_output(_as_owner(["mktemp", "-d"]), text=True).strip())
    data = str(folder / "data")
    log = str(folder / "log")
    subprocess.run(
        _as_owner([str(bin_folder / "initdb"), "-D", data, "-U", "test", "-A", "trust"]),
        check=True,
        capture_output=True,
    )
    options = f"-c listen_addresses= -k {folder}"
    control = [str(bin_folder / "pg_ctl"), "-D", data, "-w", "-l", log]
    subprocess.run(_as_owner([*control, "-o", options, "start"]), check=True, capture_output=True)
    yield f"postgresql+psycopg://test@/postgres?host={folder}"
    subprocess.run(_as_owner([*control, "-m", "immediate", "stop"]), check=False)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    server: str = request.getfixturevalue("postgres")
    from sqlalchemy import create_engine

    engine = create_engine(server)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server


def books(url: str) -> config.Settings:
    """Settings of the sample company, its books loaded into a fresh ledger."""
    settings = config.read(samples() / "lettrage.toml", url)
    ledger.init(url)
    with ledger.open(url) as book:
        for kind in BOOKS:
            file = samples() / f"{kind}.csv"
            if file.exists():
                load(book, kind, file, settings, actor="tester")
    return settings


@pytest.fixture
def settings(url: str) -> config.Settings:
    return books(url)


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> config.Settings:
    return books(f"sqlite:///{tmp_path}/ledger.db")
