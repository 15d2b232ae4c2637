"""A sample of the real bank files, small enough to be cut at every byte."""

import os
from pathlib import Path

FEEDS = Path(os.environ.get("LETTRAGE_FEEDS", Path(__file__).parents[3] / "shared" / "feeds"))
_FOUND = sorted(path for kind in ("mt940", "ofx") for path in (FEEDS / kind).glob("*"))
CORPUS = [path for path in _FOUND if 300 < path.stat().st_size < 1500][::6]
