"""Settings: option beats environment beats file beats default; wrong ones are named."""

from pathlib import Path

import pytest

from pipeline import config
from pipeline.domain.errors import UsageError


def test_everything_works_with_no_file_at_all() -> None:
    settings = config.read(environment={})
    assert settings.ledger == "sqlite:///lettrage.db"
    assert settings.accounts["receivables"] == "AR"
    assert settings.amount_limit("tolerance", "EUR") == 5
    assert settings.amount_limit("limit", "EUR") is None


def test_option_beats_environment_beats_file(tmp_path: Path) -> None:
    file = tmp_path / "l.toml"
    file.write_text('ledger = "sqlite:///file.db"\n')
    environment = {"LETTRAGE_LEDGER": "sqlite:///env.db"}
    assert config.read(file, None, {}).ledger == "sqlite:///file.db"
    assert config.read(file, None, environment).ledger == "sqlite:///env.db"
    assert config.read(file, "sqlite:///opt.db", environment).ledger == "sqlite:///opt.db"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[polcy]\n", "polcy"),
        ('[policy]\npost = "always"\n', "always"),
        ("[policy]\npots = 1\n", "pots"),
        ('[policy]\ndiscount_grace_days = "3"\n', "expected int"),
        ("[policy\n", "TOML"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "l.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=named):
        config.read(file, None, {})


def test_the_policy_hash_changes_with_the_policy(tmp_path: Path) -> None:
    file = tmp_path / "l.toml"
    file.write_text('[policy]\npost = "medium"\n')
    assert config.read(file, None, {}).policy_hash != config.read(None, None, {}).policy_hash
