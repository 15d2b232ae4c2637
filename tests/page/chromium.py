"""Debian's Chromium, driven by Playwright: pages, pictures, and what axe says of them."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PROGRAM = next((path for path in PLACES if Path(path).exists()), "")
SHOTS = os.environ.get("LETTRAGE_SCREENSHOTS", "")
"""A folder to which the main views go as pictures, for the README."""


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as programs:
        found = programs.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield found
        found.close()


def too_late() -> type[Exception]:
    """What is raised where something does not come in time."""
    from playwright.sync_api import TimeoutError

    return TimeoutError


def new_page(browser: Any, url: str, **options: Any) -> Any:
    """A page of a person of their own, which may ask no other host than ``url``."""
    context = browser.new_context(
        viewport={"width": 1360, "height": 860}, **{"locale": "en-GB", **options}
    )
    page = context.new_page()
    page.set_default_timeout(180_000)  # a limit, on a machine that does much else
    page.on("request", lambda asked: _only_here(asked.url, url))
    return page


def _only_here(asked: str, url: str) -> None:
    assert asked.removeprefix("blob:").startswith(url), "no request to any other host"


def shot(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def axe(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:90]}" for one in found for node in one["nodes"]]
