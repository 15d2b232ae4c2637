"""The Splink model: blocking rules, comparisons, and the file with its labelled m and u.

``splink_model.json`` is Splink's own format. ``python -m benchmarks.quality.tune`` writes it from
the truth of the tuning seeds.
"""

from pathlib import Path

import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison

MATCHES_A_LINE = 1.0
FILE = Path(__file__).with_name("splink_model.json")
_PLACE = (
    "l.posted >= r.posted AND ((r.target = 'entry' AND l.currency = r.currency)"
    " OR (r.target = 'bank_entry' AND l.bank_account_no = r.bank_account_no))"
)
_SIGN = "sign(l.amount) = sign(r.amount)"  # a credit memo in a receipt must be named
_COMPARISONS: dict[str, list[tuple[str, str]]] = {
    "amount": [
        ("sign(amount_l) <> sign(amount_r)", "against it"),
        ("amount_l = amount_r", "all of it"),
        ("amount_l = less_r AND late_l <= late_r", "less the discount, in time"),
        ("amount_l = less_r", "less the discount, too late"),
        ("abs(amount_l - amount_r) <= 5 OR abs(amount_l - less_r) <= 5", "within 5 cents"),
        ("abs(amount_l) < abs(amount_r) AND abs(amount_l) >= 0.97 * abs(amount_r)", "3 % less"),
        ("abs(amount_l) < abs(amount_r)", "a part"),
        ("abs(amount_l) > abs(amount_r)", "more than it"),
    ],
    "numbers": [
        ("list_has_any(numbers_l, numbers_r)", "the whole number"),
        ("list_has_any(digits_l, digits_r)", "the digits of a number"),
    ],
    "names": [
        ("list_has_any(known_l, known_r)", "the same words"),
        ("named_l AND jaro_winkler_similarity(names_l, names_r) >= 0.95", "very near"),
        ("len(tokens_r) > 1 AND list_has_all(tokens_l, tokens_r)", "all its words"),
        ("named_l AND len(tokens_l) > 1 AND list_has_all(tokens_r, tokens_l)", "only its words"),
        ("named_l AND jaro_winkler_similarity(names_l, names_r) >= 0.88", "near"),
        ("len(words_r) > 1 AND list_has_all(words_l, words_r)", "all its words in the text"),
        ("list_has_any(rare_l, rare_r)", "a rare word"),
    ],
    "customer": [("list_has_any(customer_l, customer_r)", "the number of the party")],
    "accounts": [("list_has_any(accounts_l, accounts_r)", "the account on file")],
    "due": [
        ("abs(date_diff('day', due_l, due_r)) <= 3", "due these days"),
        ("due_l >= due_r", "overdue"),
        ("date_diff('day', due_l, due_r) <= 15", "due soon"),
    ],
}
_NULL = {
    "names": "names_l = '' OR names_r = ''",
    "accounts": "len(accounts_l) = 0 OR len(accounts_r) = 0",
    "due": "due_l IS NULL OR due_r IS NULL",
}
COLUMNS = tuple(_COMPARISONS)


def settings() -> SettingsCreator:
    """The model before it is trained."""
    keys = [
        CustomRule(" AND ".join((f"l.{name} = r.{name}", _PLACE, *more)), arrays_to_explode=[name])
        for name, more in (("numbers", ()), ("digits", ()), ("accounts", ()),
                           ("rare", (_SIGN,)), ("customer", (_SIGN,)))
    ]  # fmt: skip
    plain = [
        CustomRule(f"{rule} AND {_PLACE} AND {_SIGN}")
        for rule in ("l.names = r.names AND l.names <> ''", "l.amount = r.amount",
                     "l.amount = r.less")
    ]  # fmt: skip
    return SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[*keys, *plain],
        comparisons=[_comparison(name) for name in COLUMNS],
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        additional_columns_to_retain=[],
    )


def _comparison(name: str) -> CustomComparison:
    levels = [CustomLevel(sql, label) for sql, label in _COMPARISONS[name]]
    if name in _NULL:
        levels.insert(0, CustomLevel(_NULL[name], "not known").configure(is_null_level=True))
    return CustomComparison([*levels, ElseLevel()], output_column_name=name)


def linker(lines: pl.DataFrame, items: pl.DataFrame, model: SettingsCreator) -> Linker:
    """Lines on the left: Splink orders its inputs by name."""
    api = DuckDBAPI()
    tables = [
        api.register(frame.to_arrow(), dataset_display_name=name)
        for name, frame in (("a_lines", lines), ("b_items", items))
    ]
    return Linker(tables, model, log_level=None)


def trained(items: int) -> SettingsCreator:
    """The model of the file, for that many items: what a line matches by chance depends on it."""
    model = SettingsCreator.from_path_or_dict(FILE)
    model.probability_two_random_records_match = min(MATCHES_A_LINE / items, 0.5)
    return model


def predict(lines: pl.DataFrame, items: pl.DataFrame, model: SettingsCreator) -> pl.DataFrame:
    """``line_ref, item, weight, probability`` and ``gamma_<comparison>`` of all blocked pairs."""
    found = linker(lines, items, model).inference.predict(warning_mode="never")
    return pl.from_arrow(found.as_duckdbpyrelation().arrow()).select(
        pl.col("unique_id_l").alias("line_ref"), pl.col("unique_id_r").cast(pl.Int64).alias("item"),
        pl.col("match_weight").alias("weight"), pl.col("match_probability").alias("probability"),
        *(pl.col(f"gamma_{name}").cast(pl.Int64) for name in COLUMNS),
    )  # fmt: skip
