"""Settings, read once: option beats environment beats file beats default (interface, section 1)."""

import codecs
import datetime as dt
import difflib
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.defaults import AMOUNT_TABLES, CHOICES, CHOSEN, DEFAULTS, LOAD, TEMPLATE
from pipeline.domain.errors import UsageError
from pipeline.domain.money import exponent, minor

LINK_SECRET = "LETTRAGE_LINK_SECRET"
"""Environment variable that stands before ``[mail] link_secret``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked; ``policy_hash`` names the policy that a register ran under."""

    ledger: str
    company: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS["company"]))
    feeds: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["feeds"]))
    load: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["load"]))
    policy: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["policy"]))
    discount: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS["discount"]))
    accounts: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS["accounts"]))
    datev: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["datev"]))
    fec: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["fec"]))
    statements: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["statements"]))
    mail: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["mail"]), repr=False)
    queue: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["queue"]))
    report: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["report"]))

    @property
    def two_people(self) -> bool:
        """Whether a second person approves what the machine posts by."""
        return bool(self.policy["approval"] == "two_people")

    @property
    def policy_hash(self) -> str:
        """SHA-256 over ``policy_text``."""
        return hashlib.sha256(self.policy_text.encode()).hexdigest()

    @property
    def policy_text(self) -> str:
        """Policy, discount and accounts in canonical JSON: all that decides what is posted."""
        return json.dumps([self.policy, self.discount, self.accounts], sort_keys=True)

    def raised(self, least: str | None) -> "Settings":
        """These settings with ``[policy] post`` raised to ``least``; never lowered."""
        order = ("medium", "high", "none")
        bar = max(self.policy["post"], least or "medium", key=order.index)
        return replace(self, policy={**self.policy, "post": bar})

    def amount_limit(self, key: str, currency: str) -> int | None:
        """Minor units of ``limit`` or of a table of amounts by currency; None where empty.

        Digits that the currency has not are cut off: 0.05 is nothing in yen.
        """
        value = self.policy[key]
        if isinstance(value, Mapping):
            value = value.get(currency, value.get("default", ""))
        whole, point, digits = value.replace(",", ".").partition(".")
        return minor(whole + point + digits[: exponent(currency)], currency) if value else None


def read(
    config: Path | None = None,
    ledger: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Read the settings; UsageError names file, key, what stands there, what was expected.

    An empty environment variable counts as not set.
    """
    named = environment.get("LETTRAGE_CONFIG", "")
    path = config or Path(named or "lettrage.toml")
    given: dict[str, Any] = {}
    if path.exists():
        given = _toml(path)
    elif config or named:
        raise UsageError(f"{path}: the settings file does not exist")
    filed = given.pop("ledger", "")
    if not isinstance(filed, str):
        raise UsageError(f"{path}: ledger: found {filed!r}, expected a database URL in quotes")
    url = ledger or environment.get("LETTRAGE_LEDGER", "") or filed
    merged = _merged(given, path)
    if environment.get(LINK_SECRET, ""):
        merged["mail"]["link_secret"] = environment[LINK_SECRET]
    return Settings(ledger=url or "sqlite:///lettrage.db", **merged)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no readable TOML: {error}") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _merged(given: dict[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for section, values in given.items():
        if section not in DEFAULTS:
            raise UsageError(f"{path}: unknown section [{section}]{_known(section, DEFAULTS)}")
        if not isinstance(values, dict):
            raise UsageError(f"{path}: {section}: found {values!r}, expected a table [{section}]")
    for section, defaults in DEFAULTS.items():
        own = dict(defaults)
        for key, value in given.get(section, {}).items():
            place = f"{path}: [{section}] {key}"
            if key not in defaults:
                raise UsageError(f"{place}: unknown key{_known(key, defaults)}")
            expected = _wrong(section, key, value, defaults[key])
            if expected:
                raise UsageError(f"{place}: found {value!r}, expected {expected}")
            own[key] = {**defaults[key], **value} if isinstance(value, dict) else value
        merged[section] = own
    return merged


def _known(word: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return (f"; did you mean {near[0]}?" if near else "") + f" (known: {', '.join(known)})"


def _wrong(section: str, key: str, value: Any, default: Any) -> str:
    """What was expected of a value, or empty when it is right."""
    if section in CHOSEN and key in CHOICES:
        return "" if value in CHOICES[key] else f"one of {', '.join(CHOICES[key])}"
    if section == "policy" and key in AMOUNT_TABLES:
        return _wrong_amounts(value)
    if section == "load":
        return _wrong_load(value)
    if section == "statements" and key == "templates":
        return _wrong_templates(value)
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(default, dict):
        return _wrong_table(value)
    if isinstance(default, int):
        right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return "" if right else "a whole number from 0"
    if isinstance(default, list):
        right = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        return "" if right else 'a list of texts such as ["inbox"]'
    return _wrong_text(key, value)


def _wrong_templates(value: Any) -> str:
    for name, said in value.items() if isinstance(value, dict) else [("", value)]:
        if not isinstance(said, dict):
            return "tables [statements.templates.NAME]"
        for key, own in said.items():
            if key not in TEMPLATE:
                return f"in {name} other keys than {key}{_known(key, TEMPLATE)}"
            wrong = _wrong_bands(own) if key == "bands" else ""
            if not wrong and key != "bands":
                wrong = _wrong("statements", key, own, TEMPLATE[key])
            if wrong:
                return f"in {name} as {key} {wrong}"
    return ""


def _wrong_load(value: Any) -> str:
    if not isinstance(value, dict):
        return "a table"
    for key, own in value.items():
        if key not in LOAD:
            return f"no {key}{_known(key, LOAD)}"
        if key == "values" and isinstance(own, dict):
            wrong = next((_wrong_table(table) for table in own.values() if _wrong_table(table)), "")
        elif key == "decimal":
            wrong = "" if own in ("", ",", ".") else "',' or '.'"
        else:
            wrong = _wrong("", key, own, LOAD[key])
        if not wrong and key == "separator" and len(own.encode()) > 1:
            wrong = 'one sign such as ";"'
        if wrong:
            return f"as {key} {wrong}"
    return ""


def _wrong_bands(value: Any) -> str:
    right = isinstance(value, list) and all(type(day) is int and day > 0 for day in value)
    return "" if right and value == sorted(set(value)) else "rising days such as [30, 60, 90]"


def _wrong_table(value: Any) -> str:
    right = isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    return "" if right else 'a table of texts such as { "BANK-FEES" = "4970" }'


def _wrong_text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        return "a text in quotes"
    tests: dict[str, tuple[Callable[[str], object], str]] = {
        "limit": (_magnitude, 'an amount such as "1000.00", or "" for none'),
        "currency": (exponent, 'an ISO 4217 code such as "EUR"'),
        "cutover": (dt.date.fromisoformat, "a date YYYY-MM-DD"),
        "country": (_country, 'an ISO 3166-1 code such as "CH"'),
        "encoding": (codecs.lookup, 'an encoding such as "windows-1252"'),
        "encoding_fallback": (codecs.lookup, 'an encoding such as "windows-1252"'),
    }
    test, expected = tests.get(key, (str, ""))
    try:
        if value:
            test(value)
    except (ValueError, LookupError):
        return expected
    return "" if value or key != "encoding_fallback" else expected


def _country(text: str) -> None:
    if not re.fullmatch("[A-Z]{2}", text):
        raise ValueError(text)


def _wrong_amounts(value: Any) -> str:
    expected = 'a table of amounts by currency such as { default = "0.05", JPY = "5" }'
    if not isinstance(value, dict):
        return expected
    for currency, amount in value.items():
        if not isinstance(amount, str):
            return expected
        try:
            code = "UYW" if currency == "default" else currency  # 4 decimals: any amount is exact
            if amount and minor(amount, code) < 0:
                return expected
        except ValueError:
            return expected
    return ""


def _magnitude(text: str) -> None:
    if minor(text, "UYW") < 0:
        raise ValueError(text)
