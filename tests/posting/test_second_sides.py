"""What the books have one side of: a transfer that is on its way, a check that comes twice."""

from pathlib import Path

from pipeline import ledger, steps
from pipeline.ledger.export import export
from tests.posting.golden_case import FOLDER, THEN, given
from tests.posting.test_limits import told

CHECK = (FOLDER / "check-written.md").read_text("utf-8").partition(THEN)[0]
AGAIN = ":61:2610301030D200,00NCHK1045NONREF//G7\n:86:101?20SVWZ+SCHECK 1045\n"
OUT = (
    ":61:2610291029D500,00NTRFNONREF//G8\n:86:116?20SVWZ+Umbuchung?31FR1420041010050500013M02606\n"
)
IN = ":61:2611021102C500,00NTRFNONREF//G3\n:86:166?20SVWZ+Eingang\n"


def test_the_other_account_clears_the_transfer_and_the_check_is_paid_once(tmp_path: Path) -> None:
    story = CHECK.replace("SCHECK 1045\n", f"SCHECK 1045\n{OUT}{AGAIN}", 1)
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    assert [status for status, _ in told(settings)] == ["posted", "posted", "proposed"]
    other = tmp_path / "inbox" / "BANK-2.sta"
    head = ":20:G1\n:25:FR1420041010050500013M02606\n:28C:1/1\n:60F:C261028EUR0,00\n"
    other.write_text(f"{head}{IN}:62F:C261102EUR500,00\n-\n", "ascii")
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    assert told(settings)[2:] == [("proposed", "check_irregular"), ("reconciled", "")]
    with ledger.open(settings.ledger) as book:
        rule = export(book, "lines").filter(export(book, "lines")["amount"] == "500.00")["rule"]
        balance = book.rows("SELECT sum(amount) FROM posting WHERE gl_account = 'TRANSFERS'")
    assert rule.to_list() == ["own_transfer_clears"]
    assert int(balance[0][0]) == 0
