"""The sample company, set up in a folder of its own that is emptied first."""

import json
import shutil
from pathlib import Path

from pipeline import config, ledger
from pipeline.domain.errors import UsageError
from pipeline.ledger.load import load

BOOKS = ("gl-accounts", "bank-accounts", "customers", "vendors", "ledger-entries", "bank-entries")
NIGHTS = ("night-1", "night-2")
_MARK = ".lettrage-demo"


def samples() -> Path:
    """The folder of the sample company: inside an installed wheel, else beside the package."""
    package = Path(__file__).parent.parent
    inside = package / "_sample_feeds"
    return inside if inside.exists() else package.parent / "sample_feeds"


def fresh(folder: Path) -> Path:
    """``folder`` as an empty folder of the demo, absolute; what another demo left is removed.

    UsageError if something stands there that no demo made.
    """
    folder = folder.resolve()
    try:
        if folder.exists() and any(folder.iterdir()):
            if not (folder / _MARK).exists():
                text = "is not empty and no demo made it; expected a new folder"
                raise UsageError(f"{folder}: {text}")
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).touch()
    except OSError as error:
        raise UsageError(f"{folder}: cannot be a folder: {error.strerror}") from None
    return folder


def set_up(folder: Path, actor: str) -> config.Settings:
    """Copy the sample files, write settings with absolute inboxes, load the books."""
    data = folder / "sample_feeds"
    shutil.copytree(samples(), data)
    inboxes = json.dumps([str(data / night) for night in NIGHTS])
    text = (data / "lettrage.toml").read_text("utf-8")
    toml = folder / "lettrage.toml"
    toml.write_text(f"{text}\n[feeds]\ninboxes = {inboxes}\n", "utf-8")
    settings = config.read(toml, f"sqlite:///{folder}/ledger.db", {})
    ledger.init(settings.ledger)
    with ledger.open(settings.ledger) as book:
        for kind in BOOKS:
            file = data / f"{kind}.csv"
            if file.exists():
                load(book, kind, file, settings, actor=actor)
    return settings
