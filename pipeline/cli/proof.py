"""``lettrage verify``: what was checked, what is broken, and how to compare with what is known."""

import argparse
import json
from dataclasses import asdict
from functools import partial
from typing import Any

from pipeline.cli.output import progress, show
from pipeline.cli.parser import Commands
from pipeline.config import Settings


def register(commands: Commands) -> None:
    """Add verify."""
    verify = commands.add(
        "verify", _verify, "check every invariant of the books", "lettrage verify"
    )
    verify.add_argument("--head", metavar="HASH", default="",
                        help="a register hash kept outside the ledger")  # fmt: skip
    verify.add_argument("--content", metavar="HASH", nargs="?", const="", default=None,
                        help="tell the content hash; HASH is that of another ledger of the same"
                        " facts")  # fmt: skip
    verify.add_argument("--files", action="store_true",
                        help="read every kept file again and compare")  # fmt: skip


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger.verify import NOT_CHECKED, compare, verify, verify_with_content

    told = partial(progress, "verify")
    content = None
    with ledger.open(settings.ledger) as book:
        if options.content is None:
            checks = verify(book, told)
        else:
            checks, content = verify_with_content(book, told)
        results = [*checks, *compare(book, content or "", options.head, options.content or "")]
        left = dict(NOT_CHECKED)
        if options.files:
            from pipeline.ledger.reading import snapshot
            from pipeline.rereading import check_files

            with snapshot(book.engine) as books:
                results.append(check_files(books))
            del left["I24"]
    broken = [check.invariant for check in results if check.violations]
    if options.json:
        found: dict[str, Any] = {"invariants": [asdict(check) for check in results]}
        found |= {"broken": broken, "not_checked": left}
        found |= {} if content is None else {"content": content}
        show(json.dumps(found, default=str))
        return 1 if broken else 0
    wide = max(len(check.invariant) for check in results)
    for check in results:
        mark = "ok"
        if check.violations:
            mark = f"{check.violations} VIOLATIONS: {', '.join(map(str, check.ids))}"
        show(f"{check.invariant:<{wide}} {check.checked:>9} checked {check.seconds:6.2f} s  {mark}")
    for invariant, what in left.items():
        show(f"{invariant:<{wide}} not checked: {what}")
    tells = "" if content is None else f"; content {content or 'cannot be read'}"
    show(f"{len(results)} checks, {len(broken)} broken{tells}")
    return 1 if broken else 0
