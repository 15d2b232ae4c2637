"""What the books have one side of: a transfer that is on its way, a check that comes twice."""

from pathlib import Path

import pytest

from pipeline import config, corrections, decisions, ledger, steps
from pipeline.domain.errors import DecisionError
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given
from tests.posting.test_limits import registers, told

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


LATER = ":20:G2\n:25:DE38500400000123456700\n:28C:{no}/1\n:60F:D{was}EUR{owed},00\n{line}"
FEE = ":61:26{day}{day}D1,00NCHGNONREF//F{day}\n:86:808?20SVWZ+Kontogebuehr\n"


def _fee(folder: Path, no: int, was: str, day: str, owed: int) -> None:
    """The bank's next statement, with nothing but a fee on a day (MMDD)."""
    head = LATER.format(no=no, was=was, owed=owed, line=FEE.format(day=day))
    text = f"{head}:62F:D26{day}EUR{owed + 1},00\n-\n"
    (folder / "inbox" / f"BANK-{day}.sta").write_text(text, "ascii")


def _asked(settings: config.Settings) -> list[tuple[str, str]]:
    """Reason and day of what waits and is no fee; the books hold."""
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        rows = export(book, "exceptions").select("reason", "opened_on", "remaining").rows()
    return [(str(reason), str(day)) for reason, day, amount in rows if amount != "-1.00"]


def test_a_transfer_whose_other_side_stays_away_is_an_exception(tmp_path: Path) -> None:
    """Six days later somebody is asked; the other bank's statement answers."""
    story = CHECK.replace("SCHECK 1045\n", f"SCHECK 1045\n{OUT}", 1)
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    inbox = [tmp_path / "inbox"]
    _fee(tmp_path, 2, "261029", "1103", 700)
    steps.nightly(settings, inbox, "tester")
    assert _asked(settings) == [], "it is five days old"
    _fee(tmp_path, 3, "261103", "1104", 701)
    late = steps.nightly(settings, inbox, "tester")
    assert _asked(settings) == [("transfer_one_sided", "2026-10-29")]
    assert [one for one in late["report"]["warnings"] if "own transfer has one side only" in one]
    before = registers(settings)
    steps.nightly(settings, inbox, "tester")
    assert registers(settings) == before
    with ledger.open(settings.ledger) as book:
        waits = export(book, "exceptions").filter(reason="transfer_one_sided").to_dicts()[0]
        line = next(row for row in export(book, "lines").to_dicts() if row["amount"] == "-500.00")
    assert (waits["remaining"], line["status"]) == ("-500.00", "reconciled")
    with pytest.raises(DecisionError, match="take it back first: lettrage reverse BANK/1/2"):
        decisions.accept(settings, waits["id"], "anna")
    head = ":20:G1\n:25:FR1420041010050500013M02606\n:28C:1/1\n:60F:C261028EUR0,00\n"
    (tmp_path / "inbox" / "BANK-2.sta").write_text(f"{head}{IN}:62F:C261102EUR500,00\n-\n", "ascii")
    steps.nightly(settings, inbox, "tester")
    assert _asked(settings) == [], "the other side has come"


def test_what_was_no_transfer_is_taken_back_and_decided_anew(tmp_path: Path) -> None:
    story = CHECK.replace("SCHECK 1045\n", f"SCHECK 1045\n{OUT}", 1)
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path, gap=True)
    _fee(tmp_path, 2, "261029", "1110", 699)
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    [(reason, _)] = _asked(settings)
    assert reason == "transfer_one_sided"
    corrections.reverse(settings, ["BANK/1/2"], "anna", "it was no transfer")
    assert _asked(settings) == [("reversed", "2026-10-29")]
    with ledger.open(settings.ledger) as book:
        [number] = export(book, "exceptions").filter(reason="reversed")["id"].to_list()
    wish = decisions.Wish(accounts=(("bank_fees", ""),))
    decisions.apply(settings, number, wish, "anna", action="to-account")
    assert _asked(settings) == []
