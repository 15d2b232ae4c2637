"""The sample company's ledger before and after its two nights, as a peer and the judge see it."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from benchmarks.measure import Run
from benchmarks.quality import lettrage
from benchmarks.quality.answers import Answers
from benchmarks.quality.books import Books
from benchmarks.quality.books import books as frames
from pipeline.demo import BOOKS, samples
from tests.prepared import after_two_nights, books

_NO_TIME = Run(0, 0)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> lettrage.Ran:
    folder = tmp_path_factory.mktemp("quality")
    files = []
    for name, made in (("before", books), ("after", after_two_nights)):
        settings = made(f"sqlite:///{folder / name}.db")
        files.append(Path(make_url(settings.ledger).database or ""))
    return lettrage.Ran(files[0], files[1], _NO_TIME, _NO_TIME, _NO_TIME)


@pytest.fixture(scope="session")
def sample_answers(sample_run: lettrage.Ran) -> Answers:
    return lettrage.answers(sample_run.after)


@pytest.fixture(scope="session")
def sample_books(sample_run: lettrage.Ran, tmp_path_factory: pytest.TempPathFactory) -> Books:
    world = tmp_path_factory.mktemp("world")
    (world / "books").mkdir()
    for kind in BOOKS:
        file = samples() / f"{kind}.csv"
        if file.exists():
            (world / "books" / file.name).write_bytes(file.read_bytes())
    return frames(world, sample_run)
