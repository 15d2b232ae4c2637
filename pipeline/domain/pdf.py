"""Documents as PDF by a typst template: the same data gives the same bytes, on any machine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


class Template:
    """A template with its fonts, read once for any number of documents."""

    def __init__(self, file: Path, fonts: Path | None = None) -> None:
        # Fonts of the machine are left out: the same bytes everywhere.
        own = [str(fonts)] if fonts else []
        self._compiler = typst.Compiler(str(file), ignore_system_fonts=True, font_paths=own)

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one document."""
        text = json.dumps(data, sort_keys=True)
        pdf = self._compiler.compile(format="pdf", sys_inputs={"data": text})
        if not isinstance(pdf, bytes):
            raise TypeError("typst gave no single document")
        return pdf
