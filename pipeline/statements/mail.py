"""The mail that brings a statement: words from a catalogue, the PDF attached or a link to it.

Values are put where their names stand in braces and are never looked at again, so that no name of a
customer can bring in words of the catalogue, let alone a header.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from pipeline.domain import mailbox
from pipeline.domain.errors import UsageError
from pipeline.statements.language import FALLBACK

NAMES = ("company", "customer_no", "name", "day", "number")
_OURS = Path(__file__).parent / "mails"
_KEYS = ("subject", "text", "text_link")
_POLICY = SMTP.clone(cte_type="7bit")
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: to one address, known by one Message-ID for ever; a file goes with it or none."""

    recipient: str
    message_id: str
    subject: str
    text: str
    file_name: str = ""
    pdf: bytes = b""


class Catalogue:
    """What mails say: a file a language, and in it a table for customers of their own words."""

    def __init__(self, folder: Path | None = None, *, link: bool = False) -> None:
        """``folder`` holds files that are taken before ours; UsageError for one that is wrong.

        With ``link`` mails say where the statement is, and values hold it.
        """
        self._keys = ("subject", "text_link" if link else "text")
        self._files = {path.stem: _read(path, self._keys) for path in sorted(_OURS.glob("*.toml"))}
        if folder is not None:
            if not folder.is_dir():
                raise UsageError(f"[mail] texts {folder}: expected a folder of <language>.toml")
            for path in sorted(folder.glob("*.toml")):
                self._files[path.stem] = _read(path, self._keys)

    def words(self, language: str, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and text for the customer ``values['customer_no']``."""
        said = self._files.get(language) or self._files[FALLBACK]
        said = {**said, **said.get("customers", {}).get(values["customer_no"], {})}
        subject, text = (_PLACE.sub(lambda m: values[m[1]], said[key]) for key in self._keys)
        return one_line(subject), text.lstrip("\n")


def _read(path: Path, needed: Sequence[str]) -> dict[str, Any]:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{path}: no readable TOML: {error}") from error
    for key in needed:
        if not isinstance(said.get(key), str):
            raise UsageError(f"{path}: {key}: expected a text")
    own = said.get("customers", {})
    tables = own.values() if isinstance(own, dict) else [own]
    for table in (said, *tables):
        for key in _KEYS if isinstance(table, dict) else ("",):
            names = (*NAMES, "link") if key == "text_link" else NAMES
            _check(path, table.get(key, "") if key else table, names)
    return said


def _check(path: Path, text: object, names: Sequence[str]) -> None:
    if not isinstance(text, str):
        raise UsageError(f"{path}: found {text!r}, expected a text")
    for name in _PLACE.findall(text):
        if name not in names:
            raise UsageError(f"{path}: found {{{name}}}, expected one of: {', '.join(names)}")


def one_line(text: str) -> str:
    """Text for a header: what could end a line or hide something is a blank.

    Encoded words (RFC 2047) are taken apart: Python before 3.11.10 reads them, and writes what they
    say as a line of its own.
    """
    seen = (" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(seen).replace("=?", "= ?").split())


def message(mail: Mail, sender: str, reply_to: str, at: datetime) -> bytes:
    """The mail as a mail server takes it (RFC 5322, lines end with CRLF).

    ``sender`` may have a display name; ``at`` knows its zone.
    """
    name, address = parseaddr(sender)
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(one_line(name), addr_spec=mailbox.envelope(address))
    made["To"] = Address(addr_spec=mailbox.envelope(mail.recipient))
    if reply_to:
        made["Reply-To"] = Address(addr_spec=mailbox.envelope(reply_to))
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    if mail.pdf:
        name = mail.file_name
        made.add_attachment(mail.pdf, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()
