"""Settings, read once: option beats environment beats file beats default (interface, section 1)."""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.domain.errors import UsageError
from pipeline.domain.money import minor

DEFAULTS: dict[str, dict[str, Any]] = {
    "company": {"name": "", "currency": "", "cutover": ""},
    "feeds": {"inboxes": ["inbox"], "encoding_fallback": "windows-1252"},
    "policy": {
        "post": "high",
        "limit": "",
        "tolerance": {"default": "0.05"},
        "tolerance_percent": 1,
        "discount_grace_days": 0,
        "bank_charge_limit": {"default": "30.00"},
        "overpayment": "on_account",
        "party_without_entry": "review",
        "ambiguous": "review",
        "on_gap": "post",
        "debit_needs_known_account": "when_on_file",
        "park": "month_end",
    },
    "discount": {"tax": "auto"},
    "accounts": {
        "receivables": "AR",
        "payables": "AP",
        "discount_granted": "DISCOUNT-GRANTED",
        "discount_received": "DISCOUNT-RECEIVED",
        "tolerance": "TOLERANCE",
        "bank_charges": "BANK-CHARGES",
        "bank_fees": "BANK-FEES",
        "interest_income": "INTEREST-INCOME",
        "interest_expense": "INTEREST-EXPENSE",
        "withholding_tax": "WITHHOLDING-TAX",
        "clearing": "CLEARING",
        "transfers": "TRANSFERS",
        "fx_gain": "FX-GAIN",
        "fx_loss": "FX-LOSS",
        "rounding": "ROUNDING",
        "opening": "OPENING",
        "external": "EXTERNAL",
    },
}

CHOICES = {
    "post": ("high", "medium", "none"),
    "overpayment": ("on_account", "review"),
    "party_without_entry": ("review", "on_account"),
    "ambiguous": ("review", "fifo"),
    "on_gap": ("post", "hold"),
    "debit_needs_known_account": ("always", "when_on_file", "never"),
    "park": ("month_end", "nightly", "never"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked; ``policy_hash`` names the policy that a register ran under."""

    ledger: str
    company: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS["company"]))
    feeds: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["feeds"]))
    policy: Mapping[str, Any] = field(default_factory=lambda: dict(DEFAULTS["policy"]))
    discount: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS["discount"]))
    accounts: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS["accounts"]))

    @property
    def policy_hash(self) -> str:
        """SHA-256 over policy, discount and accounts in canonical JSON."""
        text = json.dumps([self.policy, self.discount, self.accounts], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def amount_limit(self, key: str, currency: str) -> int | None:
        """Minor units of ``tolerance``, ``bank_charge_limit`` or ``limit``; None where empty."""
        value = self.policy[key]
        if isinstance(value, Mapping):
            value = value.get(currency, value.get("default", ""))
        return minor(value, currency) if value else None


def read(
    config: Path | None = None,
    ledger: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Read the settings; UsageError names file, key, what stands there, what was expected."""
    path = config or Path(environment.get("LETTRAGE_CONFIG", "lettrage.toml"))
    given: dict[str, Any] = {}
    if path.exists():
        try:
            given = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: no readable TOML: {error}") from error
    elif config or "LETTRAGE_CONFIG" in environment:
        raise UsageError(f"{path}: the settings file does not exist")
    url = ledger or environment.get("LETTRAGE_LEDGER") or given.pop("ledger", "")
    given.pop("ledger", None)
    return Settings(ledger=url or "sqlite:///lettrage.db", **_merged(given, path))


def _merged(given: dict[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for section in given:
        if section not in DEFAULTS:
            raise UsageError(f"{path}: unknown section [{section}]; known: {', '.join(DEFAULTS)}")
    for section, defaults in DEFAULTS.items():
        values = dict(defaults)
        for key, value in given.get(section, {}).items():
            if key not in defaults:
                raise UsageError(
                    f"{path}: [{section}] {key}: unknown key; known: {', '.join(defaults)}"
                )
            values[key] = _checked(f"{path}: [{section}] {key}", key, value, defaults[key])
        merged[section] = values
    return merged


def _checked(place: str, key: str, value: Any, default: Any) -> Any:
    if key in CHOICES and value not in CHOICES[key]:
        raise UsageError(f"{place}: found {value!r}, expected one of {', '.join(CHOICES[key])}")
    if type(value) is not type(default):
        raise UsageError(f"{place}: found {value!r}, expected {type(default).__name__}")
    return value
