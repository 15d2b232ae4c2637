"""Addresses of mailboxes: exactly one plain address, or none."""

import re
from email.utils import parseaddr

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def wrong(address: str) -> str:
    """Why mail cannot go to an address; empty where it can.

    One ``local@domain`` in ASCII, or with a domain that IDNA can write so: no names, no lists, no
    quotes, no comments, and nothing that a mail program would decode (RFC 2047), since what it
    decodes to may be a line of a header.
    """
    local, at, _ = address.rpartition("@")
    if not at:
        return "expected name@domain"
    if "=?" in address:
        return "expected no encoded words"
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        return "expected one plain name before the @"
    return "" if ascii_domain(address) else "expected a domain after the @"


def ascii_domain(address: str) -> str:
    """The domain as mail servers write it; empty where it is none."""
    try:
        name = address.rpartition("@")[2].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = name.split(".")
    right = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and len(name) <= 253
    return name if right else ""


def envelope(address: str) -> str:
    """An address as a mail server takes it."""
    return f"{address.rpartition('@')[0]}@{ascii_domain(address)}"


def domain(sender: str) -> str:
    """The domain of a sender, with a display name or not, for Message-IDs."""
    return ascii_domain(parseaddr(sender)[1]) or "lettrage.invalid"
