"""Documents as PDF by a typst template: the same data gives the same bytes, on any machine."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

_OF_A_SIGN = ("could not be displayed with font", "contains the codepoint")
"""What typst says of text that a document with ``standards`` may not hold."""


class Template:
    """A template with its fonts, read once for any number of documents."""

    def __init__(
        self,
        file: Path,
        *parts: Path,
        fonts: Path | None = None,
        images: Mapping[str, bytes] | None = None,
        standards: Sequence[str] = (),
    ) -> None:
        """``parts`` are files that the template imports, ``images`` stand beside it by name.

        ``standards``: what the PDF conforms to (``a-3a``, ``ua-1``). A document that cannot, since
        a name has a sign that no font of ours has, is tagged as well and claims neither. Any other
        reason is a fault of the template or of an image, and a TypstError.
        """
        # A folder of its own, so that no other file of the machine can be read. What changes is a
        # file in it: as an input of typst it would make all that was laid out before unknown.
        self._folder = tempfile.TemporaryDirectory(prefix="lettrage-")
        place = Path(self._folder.name)
        for part in (file, *parts):
            shutil.copyfile(part, place / part.name)
        for name, content in (images or {}).items():
            (place / name).write_bytes(content)
        self._data = place / "data.json"
        # Fonts of the machine are left out: the same bytes everywhere.
        own = [str(fonts)] if fonts else []
        self._compiler = typst.Compiler(
            str(place / file.name), ignore_system_fonts=True, font_paths=own
        )
        self._claims: dict[str, Any] = {"pdf_standards": list(standards)} if standards else {}
        self.unclaimed = 0
        """Documents that were to conform to standards, and do not."""

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one document."""
        self._data.write_text(json.dumps(data, sort_keys=True), "utf-8")
        try:
            pdf = self._compiler.compile(format="pdf", **self._claims)
        except typst.TypstError as error:
            if not any(reason in str(error) for reason in _OF_A_SIGN):
                raise
            pdf = self._compiler.compile(format="pdf")
            self.unclaimed += 1
        if not isinstance(pdf, bytes):
            raise TypeError("typst gave no single document")
        return pdf


def drawable(image: bytes, name: str, standards: Sequence[str] = ()) -> bool:
    """Whether an image, of the kind that its ``name`` ends with, can stand in a document.

    ``standards`` as of a ``Template``.
    """
    claims: dict[str, Any] = {"pdf_standards": list(standards)} if standards else {}
    with tempfile.TemporaryDirectory(prefix="lettrage-") as folder:
        place = Path(folder)
        (place / name).write_bytes(image)
        (place / "probe.typ").write_text(
            f'#set document(title: "probe")\n#image("{name}", alt: "probe")'
        )
        try:
            typst.compile(place / "probe.typ", format="pdf", **claims)
        except typst.TypstError:
            return False
    return True
