"""``python -m pipeline`` is ``lettrage``."""

from pipeline.cli import main

raise SystemExit(main())
