"""Sets documents by typst in a process of its own, which may end at any page.

``pdf.Template`` starts this program with JSON that says what it sets. It says ``ready``, and for
each line that comes in how it went (``whole``, ``tagged``, ``wrong``) with the bytes of a PDF or a
message. A page that takes too long ends it, by a signal of the system: typst cannot be interrupted.
It ends with the one who asks, since nothing comes in any more.
"""

import json
import signal
import sys
from typing import Any

import typst

_OF_A_SIGN = ("could not be displayed with font", "contains the codepoint")
"""What typst says of text that a document with standards may not hold."""


def _main() -> None:
    said = json.loads(sys.argv[1])
    for over in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(over, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the one who asks
    # Fonts of the machine are left out: the same bytes everywhere.
    compiler = typst.Compiler(said["template"], ignore_system_fonts=True, font_paths=said["fonts"])
    claims = {"pdf_standards": said["standards"]} if said["standards"] else {}
    out = sys.stdout.buffer
    out.write(b"ready 0\n")
    out.flush()
    for _ in sys.stdin.buffer:
        _limit(said["seconds"])
        how, made = _set(compiler, claims)
        _limit(0)
        out.write(f"{how} {len(made)}\n".encode())
        out.write(made)
        out.flush()


def _limit(seconds: float) -> None:
    """Seconds of the processor from now on, ten times as many of the clock; 0: no limit."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 10 * seconds)


def _set(compiler: typst.Compiler, claims: dict[str, Any]) -> tuple[str, bytes]:
    """How a document went, and its PDF or why there is none."""
    try:
        return "whole", _pdf(compiler, claims)
    except typst.TypstError as error:
        if not any(reason in str(error) for reason in _OF_A_SIGN):
            return "wrong", str(error).encode()
    return "tagged", _pdf(compiler, {})


def _pdf(compiler: typst.Compiler, claims: dict[str, Any]) -> bytes:
    made = compiler.compile(format="pdf", **claims)
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


if __name__ == "__main__":
    _main()
