"""Money out to a vendor whom a person taught: only approved, within its limit, and what it owes."""

from pathlib import Path

import pytest

from tests.review.test_mappings import Company

LANDLORD = "DE42120300000011223344"
TAUGHT = (
    "mapping", "add", "--text", "Miete Halle 7", "--party", "vendor/V1", "--side", "out",
)  # fmt: skip
RENT = (-900, LANDLORD, "Hausverwaltung Nord", "Miete Halle 7")


@pytest.fixture
def renting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Company:
    """A company that owes its landlord a rent of 900 and a repair of 120."""
    company = Company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, capsys)
    rows = [("MIETE-10", 900), ("REP-3", 120)]
    entries = "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    entries += "".join(f"vendor,V1,invoice,{no},2026-09-20,EUR,-{euros}.00\n" for no, euros in rows)
    for kind, text in (
        ("vendors", "no,name\nV1,Grund und Boden KG\n"),
        ("ledger-entries", entries),
    ):
        (tmp_path / f"more-{kind}.csv").write_text(text)
        company.run("load", kind, str(tmp_path / f"more-{kind}.csv"))
    return company


def test_rent_is_paid_by_a_text_once_a_second_person_approved_it(renting: Company) -> None:
    [item] = renting.comes(RENT)
    assert item["reason"] == "unannounced_debit"
    renting.run(*TAUGHT, "--limit", "900.00")
    [asked] = renting.comes()
    assert asked["reason"] == "mapping_not_approved"
    assert asked["candidates"][0]["party_no"] == "V1"
    assert "second person" in renting.run("mapping", "approve", "1", code=1)["error"]
    done = renting.run("mapping", "approve", "1", user="berta")
    assert done["state"] == "posts within its limit"
    assert renting.comes() == []
    assert renting.applied("MIETE-10") == [("high", "party_exact")]
    [row] = renting.run("export", "mappings")["mappings"]
    assert (row["pattern"], row["target_no"], row["side"]) == ("Miete Halle 7", "V1", "out")
    assert (row["amount_limit"], row["approved"], row["prepared_by"]) == ("900.00", "true", "anna")
    refused = renting.run("export", "mappings", "--since", "2026-10-01", code=2)
    assert "which has no dates" in refused["error"]


@pytest.mark.parametrize(
    ("paid", "limit", "reason"),
    [(-900, "899.99", "needs_approval"), (-901, "1000.00", "amount_differs")],
)
def test_beyond_its_limit_or_what_is_owed_it_asks(
    renting: Company, paid: int, limit: str, reason: str
) -> None:
    renting.run(*TAUGHT, "--limit", limit)
    renting.run("mapping", "approve", "1", user="berta")
    [asked] = renting.comes((paid, *RENT[1:]))
    assert asked["reason"] == reason


def test_another_account_than_those_on_file_holds_the_line(renting: Company) -> None:
    file = renting.folder / "own.csv"
    file.write_text("no,name,ibans\nV1,Grund und Boden KG,DE21370501980000001104\n")
    renting.run("load", "vendors", str(file))
    renting.run(*TAUGHT, "--limit", "900.00")
    renting.run("mapping", "approve", "1", user="berta")
    [asked] = renting.comes(RENT)
    assert asked["reason"] == "payee_account_unknown"


def test_only_a_vendor_is_paid_by_a_mapping(renting: Company) -> None:
    refused = renting.run("mapping", "add", "--text", "Miete Halle 7", "--party", "customer/C1",
                          "--side", "out", code=2)  # fmt: skip
    assert "only a vendor may be paid" in refused["error"]
