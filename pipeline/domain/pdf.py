"""Documents as PDF by a typst template: the same data gives the same bytes, on any machine."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.domain.errors import LettrageError

SECONDS = 120.0
"""Of the processor that one document may take; of twenty rows it takes a hundredth of one."""
_PROGRAM = Path(__file__).with_name("typesetter.py")


class NotDrawnError(LettrageError):
    """One document cannot be drawn; others can. ``reason`` is a word for it."""

    def __init__(self, said: str, reason: str = "not_rendered") -> None:
        super().__init__(said)
        self.reason = reason


class Template:
    """A template with its fonts, read once for any number of documents.

    It stays as it was read, whatever happens to its files meanwhile.
    """

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
        reason is a fault of the template or of an image, and a NotDrawnError.
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
        self._said = {
            "template": str(place / file.name),
            "fonts": [str(fonts)] if fonts else [],
            "standards": list(standards),
        }
        self._setter: _Typesetter | None = None
        self.unclaimed = 0
        """Documents that were to conform to standards, and do not."""

    def start(self) -> "_Typesetter":
        """The process that sets the documents, a new one where the last has ended.

        LettrageError where there can be none.
        """
        if self._setter is None or self._setter.has_ended():
            self._setter = _Typesetter({**self._said, "seconds": SECONDS})
        return self._setter

    def pdf(self, data: Mapping[str, Any]) -> bytes:
        """The PDF of one document.

        NotDrawnError where it takes longer than ``SECONDS``, ends its process, or is refused.
        """
        self._data.write_text(json.dumps(data, sort_keys=True), "utf-8")
        how, made = self.start().next()
        if how == "wrong":
            raise NotDrawnError(made.decode())
        self.unclaimed += how == "tagged"
        return made


class _Typesetter:
    """A process that sets one document after the other, and ends with the one that has it."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_PROGRAM), json.dumps(said)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        weakref.finalize(self, _end, self._process)
        if not self._answer():
            raise LettrageError(f"typst does not start: {self._how_it_ended()}")

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def next(self) -> tuple[str, bytes]:
        """What became of the document whose data is in place."""
        into = self._process.stdin
        assert into
        try:
            into.write(b"\n")
            into.flush()
        except BrokenPipeError:
            answer = None
        else:
            answer = self._answer()
        if answer is None:
            slow = self._process.wait() in (-signal.SIGPROF, -signal.SIGALRM)
            raise NotDrawnError(
                f"it took more than {SECONDS:g} s" if slow else self._how_it_ended(),
                "rendering_too_slow" if slow else "renderer_ended",
            )
        return answer

    def _answer(self) -> tuple[str, bytes] | None:
        """How it went and what came; None from a process that ended before all was said."""
        out = self._process.stdout
        assert out
        head = out.readline().split()
        made = out.read(int(head[1])) if head else b""
        return (head[0].decode(), made) if head and len(made) == int(head[1]) else None

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        return f"its process ended with {signal.Signals(-code).name if code < 0 else code}"


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


def drawable(image: bytes, name: str, standards: Sequence[str] = ()) -> bool:
    """Whether an image, of the kind that its ``name`` ends with, can stand in a document.

    ``standards`` as of a ``Template``.
    """
    with tempfile.TemporaryDirectory(prefix="lettrage-") as folder:
        probe = Path(folder) / "probe.typ"
        probe.write_text(f'#set document(title: "probe")\n#image("{name}", alt: "probe")')
        try:
            Template(probe, images={name: image}, standards=standards).pdf({})
        except NotDrawnError:
            return False
    return True
