"""Discounts, tolerances and write-offs of taxed entries: nothing is lost, nothing is guessed."""

from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from pipeline import config, corrections, ledger
from pipeline.domain import frames
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from pipeline.posting.taxes import Taxes, shares
from tests.posting import golden_case
from tests.posting.test_golden import FOLDER, THEN

WEIGHTS = st.lists(
    st.tuples(st.integers(0, 9 * 10**15 // 8), st.integers(0, 9 * 10**15 // 8)), min_size=1,
    max_size=4,
)  # fmt: skip


def row(amount: int, part: str, sign: int) -> pl.DataFrame:
    discount, difference = (amount, 0) if part == "discount" else (0, amount)
    one = {"key": "k", "target": "entry", "target_id": 1, "entry_amount": sign * 10**15,
           "discount_amount": discount, "difference_amount": difference,
           "difference_kind": "" if part == "discount" else "tolerance"}  # fmt: skip
    return pl.DataFrame([one])


def taxes(weights: list[tuple[int, int]], sign: int) -> pl.DataFrame:
    rows = [
        {"entry_id": 1, "tax_code": f"T{place}", "rate": "19", "gl_account": "1776",
         "base_amount": sign * base, "tax_amount": sign * tax}
        for place, (base, tax) in enumerate(weights)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=frames.ENTRY_TAXES)


@profile(max_examples=200, deadline=None)
@given(st.integers(1, 9 * 10**15), WEIGHTS, st.sampled_from(["discount", "difference"]),
       st.sampled_from([1, -1]))  # fmt: skip
def test_shares_are_whole_cents_that_sum_up_and_miss_none_by_a_cent(
    amount: int, weights: list[tuple[int, int]], part: str, sign: int
) -> None:
    whole = sum(base + tax for base, tax in weights)
    found = shares(row(sign * amount, part, sign), Taxes(taxes(weights, sign)))
    if not whole:
        assert found.is_empty()
        return
    parts = found.sort("tax_code").select("base_amount", "tax_amount").rows()
    assert sum(map(sum, parts)) == sign * amount
    assert set(found["part"]) == {part}
    for got, wanted in zip(parts, weights, strict=True):
        for cents, weight in zip(got, wanted, strict=True):
            assert cents == 0 or (cents > 0) == (sign > 0)
            assert abs(abs(cents) * whole - amount * weight) < whole, "less than a cent"


@profile(max_examples=50, deadline=None)
@given(st.integers(1, 10**9), WEIGHTS)
def test_the_order_of_the_codes_decides_nothing(
    amount: int, weights: list[tuple[int, int]]
) -> None:
    one, other = taxes(weights, 1), taxes(weights, 1).reverse()
    assert shares(row(amount, "discount", 1), Taxes(one)).equals(
        shares(row(amount, "discount", 1), Taxes(other))
    )


def story(name: str, url: str, folder: Path, change: tuple[str, str] = ("", "")) -> config.Settings:
    text = (FOLDER / f"{name}.md").read_text("utf-8").partition(THEN)[0]
    assert change[0] in text
    text = text.replace(*change) if change[0] else text
    settings = golden_case.given(text, url, folder)
    golden_case.play(text, settings, folder)
    return settings


def balances(settings: config.Settings) -> dict[str, str]:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        rows = export(book, "gl").to_dicts()
    found: dict[str, int] = {}
    for one in rows:
        found[one["gl_account"]] = found.get(one["gl_account"], 0) + golden_case.minor(
            one["amount"]
        )
    return {account: f"{cents / 100:.2f}" for account, cents in found.items() if cents}


def test_tax_none_posts_the_discount_whole(url: str, tmp_path: Path) -> None:
    none = ("```mt940", '```toml\n[discount]\ntax = "none"\n```\n\n```mt940')
    settings = story("discount-with-tax", url, tmp_path, none)
    assert balances(settings)["DISCOUNT-GRANTED"] == "20.00"
    assert "1776" not in balances(settings)


def test_a_person_may_accept_a_discount_without_knowing_its_tax(url: str, tmp_path: Path) -> None:
    accept = ("lettrage nightly inbox\n", "lettrage nightly inbox\nlettrage exceptions accept 1\n")
    settings = story("held/tax-unknown", url, tmp_path, accept)
    assert balances(settings)["DISCOUNT-GRANTED"] == "20.00"


def test_a_tax_without_an_account_is_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    settings = story("discount-with-tax", url, tmp_path, (",1776\n", ",\n"))
    with ledger.open(url) as book:
        assert export(book, "exceptions")["reason"].to_list() == ["account_not_set"]
    assert "DISCOUNT-GRANTED" not in balances(settings)


def test_what_was_posted_before_the_taxes_were_loaded_is_taken_back_as_it_was(
    tmp_path: Path,
) -> None:
    text = (FOLDER / "discount-with-tax.md").read_text("utf-8").partition(THEN)[0]
    head, _, rest = text.partition("```csv entry-taxes\n")
    loaded, _, rest = rest.partition("```\n\n")
    settings = golden_case.given(head + rest, f"sqlite:///{tmp_path}/ledger.db", tmp_path, gap=True)
    golden_case.play(head + rest, settings, tmp_path)
    assert balances(settings)["DISCOUNT-GRANTED"] == "20.00"
    file = tmp_path / "entry-taxes.csv"
    file.write_text(loaded)
    with ledger.open(settings.ledger) as book:
        load(book, "entry-taxes", file, settings, actor="anna")
        number = book.rows("SELECT no FROM journal_entry WHERE kind = 'payment'")[0][0]
    corrections.reverse(settings, [str(number)], "anna", "mistake")
    assert set(balances(settings)) == {"AR", "OPENING"}


def test_a_return_of_what_was_not_split_is_not_split() -> None:
    back = row(-2000, "discount", -1)
    assert shares(back, Taxes(taxes([(84034, 15966)], 1))).is_empty()


def test_the_corrections_of_a_period_are_listed_by_tax_code(tmp_path: Path) -> None:
    settings = story("discount-two-taxes", f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    with ledger.open(settings.ledger) as book:
        rows = export(book, "tax-corrections").to_dicts()
    shown = [(r["period"], r["kind"], r["document_no"], r["tax_code"], r["rate"], r["base_amount"],
              r["tax_amount"], r["gl_account"]) for r in rows]  # fmt: skip
    assert shown == [
        ("2026-10", "discount", "RE-2026-1001", "U19", "19", "10.00", "1.90", "1776"),
        ("2026-10", "discount", "RE-2026-1001", "U7", "7", "4.00", "0.28", "1771"),
    ]


def test_a_correction_that_is_taken_back_is_listed_with_the_other_sign(tmp_path: Path) -> None:
    settings = story("returned-with-tax", f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    with ledger.open(settings.ledger) as book:
        rows = export(book, "tax-corrections").to_dicts()
    assert [(r["posting_date"], r["base_amount"], r["tax_amount"], r["line_no"]) for r in rows] == [
        ("2026-10-29", "16.81", "3.19", 1),
        ("2026-10-30", "-16.81", "-3.19", 2),
    ]
