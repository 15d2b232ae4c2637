"""Settings: option beats environment beats file beats default; wrong ones are named."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline import config
from pipeline.domain.errors import UsageError

CONTRACT = """
[company]
name = ""
currency = ""
cutover = ""
[feeds]
inboxes = ["inbox"]
encoding_fallback = "windows-1252"
[policy]
post = "high"
limit = ""
tolerance = { default = "0.05" }
discount_grace_days = 0
bank_charge_limit = { default = "30.00" }
overpayment = "on_account"
party_without_entry = "review"
ambiguous = "review"
on_gap = "post"
debit_needs_known_account = "when_on_file"
park = "month_end"
[discount]
tax = "auto"
[accounts]
receivables = "AR"
payables = "AP"
discount_granted = "DISCOUNT-GRANTED"
discount_received = "DISCOUNT-RECEIVED"
tolerance = "TOLERANCE"
bank_charges = "BANK-CHARGES"
bank_fees = "BANK-FEES"
interest_income = "INTEREST-INCOME"
interest_expense = "INTEREST-EXPENSE"
withholding_tax = "WITHHOLDING-TAX"
clearing = "CLEARING"
transfers = "TRANSFERS"
fx_gain = "FX-GAIN"
fx_loss = "FX-LOSS"
rounding = "ROUNDING"
opening = "OPENING"
external = "EXTERNAL"
"""


def _file(folder: Path, text: str) -> Path:
    file = folder / "l.toml"
    file.write_text(text)
    return file


def _keys(found: config.Settings, wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        section: {key: getattr(found, section)[key] for key in values}
        for section, values in wanted.items()
    }


def test_every_default_is_the_one_of_the_contract_and_may_be_written_down(tmp_path: Path) -> None:
    contract = tomllib.loads(CONTRACT)
    bare = config.read(environment={})
    written = config.read(_file(tmp_path, CONTRACT), None, {})
    assert _keys(bare, contract) == contract
    assert written == bare
    assert written.policy_hash == bare.policy_hash
    assert bare.ledger == "sqlite:///lettrage.db"


def test_option_beats_environment_beats_file(tmp_path: Path) -> None:
    file = _file(tmp_path, 'ledger = "sqlite:///file.db"\n')
    environment = {"LETTRAGE_LEDGER": "sqlite:///env.db"}
    assert config.read(file, None, {}).ledger == "sqlite:///file.db"
    assert config.read(file, None, environment).ledger == "sqlite:///env.db"
    assert config.read(file, "sqlite:///opt.db", environment).ledger == "sqlite:///opt.db"
    assert config.read(None, None, {"LETTRAGE_CONFIG": str(file)}).ledger == "sqlite:///file.db"
    assert config.read(file, None, {"LETTRAGE_LEDGER": ""}).ledger == "sqlite:///file.db"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[polcy]\n", r"unknown section \[polcy\]; did you mean policy"),
        ("policy = 3\n", r"expected a table \[policy\]"),
        ("ledger = 3\n", "expected a database URL"),
        ('[policy]\npost = "always"\n', "'always', expected one of high, medium, none"),
        ('[discount]\ntax = "yes"\n', "expected one of auto, adjust, none"),
        ("[policy]\npots = 1\n", "unknown key; did you mean post"),
        ('[policy]\ndiscount_grace_days = "3"\n', "expected a whole number"),
        ("[policy]\ndiscount_grace_days = true\n", "expected a whole number"),
        ("[policy]\ndiscount_grace_days = -1\n", "expected a whole number"),
        ("[policy]\ntolerance = { default = 0.05 }\n", "expected a table of amounts"),
        ('[policy]\ntolerance = { EUROS = "1" }\n', "expected a table of amounts"),
        ('[policy]\ntolerance = { JPY = "0.05" }\n', "expected a table of amounts"),
        ('[policy]\nbank_charge_limit = "30"\n', "expected a table of amounts"),
        ('[policy]\nwrite_off_line = { default = "-1" }\n', "expected a table of amounts"),
        ('[policy]\nlimit = "a lot"\n', "expected an amount"),
        ('[company]\ncurrency = "EURO"\n', "expected an ISO 4217 code"),
        ('[company]\ncutover = "31.10.2026"\n', "expected a date"),
        ('[company]\ncountry = "Schweiz"\n', "'Schweiz', expected an ISO 3166-1 code"),
        ("[statements.pay_to]\nCHF = 1\n", "expected a table of texts"),
        ('[feeds]\ninboxes = "inbox"\n', "expected a list of texts"),
        ('[feeds]\nencoding_fallback = "klingon"\n', "expected an encoding"),
        ("[accounts]\nreceivables = 1200\n", "expected a text in quotes"),
        ("[policy\n", "TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_what_stands_there(
    tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(UsageError, match=named) as refused:
        config.read(_file(tmp_path, text), None, {})
    assert "l.toml" in str(refused.value)


def test_a_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        config.read(tmp_path / "no.toml", None, {})
    with pytest.raises(UsageError, match="does not exist"):
        config.read(None, None, {"LETTRAGE_CONFIG": str(tmp_path / "no.toml")})
    with pytest.raises(UsageError, match="cannot be read"):
        config.read(tmp_path, None, {})


def test_limits_are_by_currency_and_never_finer_than_it(tmp_path: Path) -> None:
    text = '[policy]\nlimit = "1000.50"\ntolerance = { CHF = "1.00" }\n'
    settings = config.read(_file(tmp_path, text), None, {})
    assert settings.amount_limit("tolerance", "CHF") == 100
    assert settings.amount_limit("tolerance", "EUR") == 5, "the default stays for the others"
    assert settings.amount_limit("tolerance", "JPY") == 0, "a yen has no hundredth"
    assert settings.amount_limit("limit", "JPY") == 1000
    assert settings.amount_limit("write_off_line", "EUR") == 0, "a person writes nothing off alone"
    assert config.read(environment={}).amount_limit("limit", "EUR") is None


def test_the_policy_hash_changes_with_the_policy_only(tmp_path: Path) -> None:
    bare = config.read(environment={}).policy_hash
    assert config.read(_file(tmp_path, '[policy]\npost = "medium"\n'), None, {}).policy_hash != bare
    assert (
        config.read(_file(tmp_path, '[accounts]\ntolerance = "T"\n'), None, {}).policy_hash != bare
    )
    assert (
        config.read(_file(tmp_path, '[company]\nname = "Hansen"\n'), None, {}).policy_hash == bare
    )
