"""Passwords of ``lettrage serve``: kept as scrypt hashes, compared in constant time."""

import base64
import hashlib
import hmac
import secrets

from pipeline.domain.errors import UsageError

SHORTEST = 12
_COST = {"n": 2**15, "r": 8, "p": 3, "maxmem": 2**26}
"""OWASP Password Storage Cheat Sheet: N=2^15, r=8, p=3 is one of its least; 32 MB a try."""


def hashed(password: str) -> str:
    """Salt and hash of a password, as text; UsageError where it is too short."""
    if len(password) < SHORTEST:
        raise UsageError(f"the password is too short; expected at least {SHORTEST} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt${_text(salt)}${_text(_derived(password, salt))}"


def fits(password: str, kept: str) -> bool:
    """Is it the password of a kept hash? Takes as long where there is none."""
    _, _, rest = (kept or _NOBODY).partition("$")
    salt, _, wanted = rest.partition("$")
    found = _derived(password, base64.b64decode(salt))
    return hmac.compare_digest(found, base64.b64decode(wanted)) and bool(kept)


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


_NOBODY = f"scrypt${_text(bytes(16))}${_text(bytes(64))}"
