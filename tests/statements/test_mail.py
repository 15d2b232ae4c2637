"""Statements by mail against a real mail server: each customer gets one, or somebody knows why."""

import datetime as dt
import hashlib
import re
import time
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from pipeline import cli, config, deliveries, delivering, ledger, statement_runs
from pipeline.domain import mailbox
from pipeline.domain.errors import DecisionError, UsageError
from pipeline.ledger import outbox, suppressions
from pipeline.ledger.load import load
from pipeline.ledger.outbox import Delivery, Scope
from pipeline.statements import Choice, Form
from pipeline.statements.mail import Catalogue, Mail, message
from pipeline.steps import quiet
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import DAY, address, company, run_by_mail, states, with_server


@pytest.fixture
def ten(tmp_path: Path) -> config.Settings:
    return company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 10)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "_PAUSES", (0.01,))


def test_each_customer_gets_one_mail_with_its_own_statement(
    ten: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert (done["sent"], done["waiting"], done["printed"]) == (10, 0, 0)
        again = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert "sent" not in again, "nothing is left to do"
    assert sorted(to for to, _ in sink.taken) == sorted(address(n) for n in range(1, 11))
    for found in sink.messages():
        number = int(str(found["To"]).partition("@")[0][1:])
        assert found["Subject"] == "Statement of account 1 as of 31 Oct 2026"
        assert found["From"] == "Hansen Werkzeuge <ar@hansen.example>"
        assert str(found["Message-ID"]).endswith("@hansen.example>")
        (attached,) = found.iter_attachments()
        assert attached.get_filename() == f"statement-C{number:05}-2026-10-31.pdf"
        file = tmp_path / "out" / f"statement-C{number:05}-2026-10-31.pdf"
        content = attached.get_content()
        assert hashlib.sha256(content).digest() == hashlib.sha256(file.read_bytes()).digest()


@pytest.mark.parametrize(
    ("fault", "state", "mails"),
    [
        ("address_4xx", "email sent", 1),
        ("mail_4xx", "email sent", 1),
        ("before_dot", "email sent", 1),
        ("address_5xx", "email failed", 0),
        ("mail_5xx", "email failed", 0),
        ("after_dot", "email unknown", 1),
        ("after_dot_lost", "email unknown", 0),
    ],
)
def test_what_a_server_does_to_one_mail(
    ten: config.Settings, tmp_path: Path, fault: str, state: str, mails: int
) -> None:
    """Refused for a time: tried again. For ever: on paper. No answer: a person decides."""
    sink = Sink(faults={address(4): fault}, once=True)
    with mail_server(sink):
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        found = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert sum(to == address(4) for to, _ in sink.taken) == mails
    assert len(sink.taken) == 9 + mails
    counted = states(settings, run)
    assert counted.get(state, 0) == (10 if state == "email sent" else 1)
    assert counted.get("print sent", 0) == (state == "email failed")
    assert not found.get("sent")
    assert (done["printed"] == 1) == (state == "email failed")
    report = deliveries.report(settings, run)
    assert bool(report["problems"]) == (state != "email sent")


def test_what_is_unknown_is_sent_again_by_a_person_alone_with_the_same_message_id(
    ten: config.Settings, tmp_path: Path
) -> None:
    sink = Sink(faults={address(4): "after_dot", address(5): "after_dot_lost"}, once=True)
    with mail_server(sink):
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        unknown = [row[0] for row in deliveries.listed(settings, run, "unknown")]
        deliveries.decide(settings, "confirm", unknown[:1], "the customer has it", "anna")
        deliveries.decide(settings, "resend", unknown[1:], "the customer has none", "anna")
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert states(settings, run) == {"email sent": 10}
    assert set(sink.counts().values()) == {1}


def test_an_address_that_bounced_gets_paper_now_and_the_next_time(
    ten: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        first = deliveries.listed(settings, run, "sent")[0]
        deliveries.decide(settings, "bounced", [first[0]], "mailbox is full", "anna")
        assert deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)["printed"] == 1
        assert states(settings, run) == {"email failed": 1, "email sent": 9, "print sent": 1}
        deliveries.suppress(settings, address(2), "add", "asked for paper", "anna")
        later = deliveries.listed(settings, run_later(settings), None)
    assert [(row[5], row[6], row[7]) for row in later if row[2] == first[2]] == [
        ("email", "suppressed", "suppressed_address"),
        ("print", "pending", ""),
    ]


def test_an_address_that_is_suppressed_after_its_statement_was_composed_gets_no_mail(
    ten: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        deliveries.suppress(settings, address(2).upper(), "add", "asked for paper", "anna")
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert (done["sent"], done["failed"], done["printed"]) == (9, 1, 1)
    assert address(2) not in [to for to, _ in sink.taken]


def test_a_bounce_and_its_address_are_kept_together_or_not_at_all(
    ten: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two, the same again would change nothing and the address got mail."""

    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    with monkeypatch.context() as patch:
        patch.setattr(suppressions, "insert", killed)
        with pytest.raises(KeyboardInterrupt):
            deliveries.decide(settings, "bounced", [1], "mailbox is full", "anna")
    assert states(settings, run) == {"email sent": 10}
    deliveries.decide(settings, "bounced", [1], "mailbox is full", "anna")
    with ledger.open(settings.ledger) as book:
        assert suppressions.standing(book) == {suppressions.address_hash(address(1))}


def run_later(settings: config.Settings) -> int:
    day = dt.date(2026, 11, 30)
    done = statement_runs.compose(settings, day, Form(), Choice(), "email", "anna", quiet)
    return int(done["run"])


def test_a_server_that_is_not_there_leaves_all_waiting_and_says_so(
    ten: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink()) as sink:
        port = sink.port
    settings = with_server(ten, port)
    run = run_by_mail(settings)
    done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert done["waiting"] == 10
    assert "cannot be reached" in done["problems"][0]
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        assert deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)["sent"] == 10


def test_a_server_that_puts_the_sender_off_takes_no_mail_now_and_nothing_goes_on_paper(
    ten: config.Settings, tmp_path: Path
) -> None:
    """Said of each mail, it would soon be five tries of each customer."""

    class Busy(Sink):
        async def handle_MAIL(self, *given: object) -> str:  # noqa: N802
            return "451 too many mails, come back in an hour"

    with mail_server(Busy()) as sink:
        settings = with_server(ten, sink.port, tries=1)
        run = run_by_mail(settings)
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert (done["waiting"], done["failed"], done["printed"]) == (10, 0, 0)
    assert done["problems"] == ["the mail server refuses the sender (451); try again later"]


def test_a_host_that_cannot_be_one_is_said(ten: config.Settings, tmp_path: Path) -> None:
    settings = with_server(ten, 25, host="x" * 70 + ".example")
    done = deliveries.deliver(settings, run_by_mail(settings), tmp_path / "out", "anna", quiet)
    assert done["waiting"] == 10
    assert "cannot be reached: UnicodeError" in done["problems"][0]


def test_a_slow_server_is_waited_for(ten: config.Settings, tmp_path: Path) -> None:
    class Slow(Sink):
        async def handle_DATA(self, *given: object) -> str:  # type: ignore[override] # noqa: N802
            time.sleep(0.2)
            return await super().handle_DATA(*given)  # type: ignore[arg-type]

    with mail_server(Slow()) as sink:
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        assert deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)["sent"] == 10


def test_a_statement_that_the_books_overtook_is_not_sent(
    ten: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        run = run_by_mail(settings)
        late = tmp_path / "late.csv"
        late.write_text(
            "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
            "customer,C00003,invoice,RE-LATE,2026-10-30,EUR,7.00\n"
        )
        with ledger.open(settings.ledger) as book:
            load(book, "ledger-entries", late, settings, actor="tester")
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert (done["withheld"], done["sent"]) == (1, 9)
        second = run_by_mail(settings)
        report = deliveries.report(settings, second)
        assert (report["statements"], report["skipped"]) == (1, {"has_it_already": 9})
        deliveries.deliver(settings, second, tmp_path / "out", "anna", quiet)
    assert set(sink.counts().values()) == {1}
    assert len(sink.taken) == 10


def test_who_never_got_a_statement_gets_it_from_the_next_run_though_it_says_the_same(
    ten: config.Settings, tmp_path: Path
) -> None:
    """The server did not know an address; the person who asks again gets the statement out."""
    with mail_server(Sink(faults={address(4): "address_5xx"}, once=True)) as sink:
        settings = with_server(ten, sink.port, fallback="none")
        run = run_by_mail(settings)
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        (failed,) = deliveries.listed(settings, run, "failed")
        second = run_by_mail(settings)
        report = deliveries.report(settings, second)
        assert (report["statements"], report["skipped"]) == (1, {"has_it_already": 9})
        deliveries.deliver(settings, second, tmp_path / "out", "anna", quiet)
        with pytest.raises(DecisionError, match="goes, or went, another way"):
            deliveries.decide(settings, "resend", [failed[0]], "it is right now", "anna")
        assert deliveries.report(settings, run_by_mail(settings))["statements"] == 0
    assert sorted(to for to, _ in sink.taken) == sorted(address(n) for n in range(1, 11))


def test_what_a_person_stopped_or_what_has_no_way_still_is_not_composed_again(
    ten: config.Settings,
) -> None:
    settings = with_server(ten, 1, fallback="none")
    deliveries.suppress(settings, address(2), "add", "asked for none", "anna")
    run = run_by_mail(settings)
    deliveries.decide(settings, "stop", [1], "C00001 was told by telephone", "anna")
    report = deliveries.report(settings, run_by_mail(settings))
    assert (run, report["statements"]) == (1, 0)
    assert report["skipped"] == {"has_it_already": 9, "suppressed_address": 1}


def test_nothing_leaves_before_the_run_is_approved(ten: config.Settings, tmp_path: Path) -> None:
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port)
        run = statement_runs.compose(settings, DAY, Form(), Choice(), "email", "a", quiet)["run"]
        deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
        assert sink.taken == []
        assert deliveries.listed(settings, run, "pending")
        statement_runs.approve(settings, run, "berta")
        assert deliveries.deliver(settings, run, tmp_path, "anna", quiet)["sent"] == 10


@pytest.mark.parametrize(
    "wrong",
    ["", "a", "a@b, evil@c.example", "a@b.example\r\nBcc: evil@c.example", "a b@c.example",
     "=?UTF-8?Q?=0A?=Bcc@c.example", "Anna <a@b.example>", "a@b.example;c@d.example",
     '"a"@b.example',
     "a@", "@b.example", "a@localhost", "a@b..example", "a@-b.example", "ä@b.example",
     "a@b.example\u2028Bcc:c", "a\x00@b.example", "a@b.example>", "x" * 65 + "@b.example"],
)  # fmt: skip
def test_what_is_not_exactly_one_address_gets_no_mail(wrong: str) -> None:
    assert mailbox.wrong(wrong)


@pytest.mark.parametrize(
    ("right", "envelope"),
    [("a.b+c@d.example", "a.b+c@d.example"), ("info@bäcker.example", "info@xn--bcker-gra.example")],
)
def test_plain_addresses_and_domains_in_other_letters_are_right(right: str, envelope: str) -> None:
    assert mailbox.wrong(right) == ""
    assert mailbox.envelope(right) == envelope


@pytest.mark.parametrize(
    "name",
    ["x\r\nBcc: evil@c.example", "=?UTF-8?Q?=0A?=Bcc: x", "{text}", "{customer_no.__class__}", "%s",
     "{{7*7}}", "x\u2028Subject: y", "\u202egnp.exe", "😀" * 999],
)  # fmt: skip
def test_no_name_gets_into_a_header_or_into_the_words(name: str) -> None:
    values = {"company": name, "customer_no": name, "name": name, "day": name, "number": "1"}
    subject, text = Catalogue().words("en", values)
    assert name.splitlines()[0][:50].strip() in text
    made = message(
        Mail("a@b.example", "<1@b.example>", subject, text, "x.pdf", b"%PDF-"),
        f"{name} <ar@hansen.example>" if "\n" not in name and "=?" not in name else
        "ar@hansen.example", "", dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    found = message_from_bytes(made, policy=SMTP)
    assert sorted(found.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
         "Content-Type"])  # fmt: skip
    assert found["To"] == "a@b.example"
    assert "__class__" not in subject.replace("{customer_no.__class__}", "")


def test_words_of_the_house_and_of_one_customer(tmp_path: Path) -> None:
    (tmp_path / "de.toml").write_text(
        'subject = "Auszug {number}"\ntext = "Hallo {name}"\n[customers."C1"]\nsubject = "Neu"\n'
    )
    values = {"company": "H", "customer_no": "C1", "name": "N", "day": "D", "number": "4"}
    words = Catalogue(tmp_path)
    assert words.words("de", values) == ("Neu", "Hallo N")
    assert words.words("de", {**values, "customer_no": "C2"}) == ("Auszug 4", "Hallo N")
    assert words.words("pl", values)[0] == "Statement of account 4 as of D"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('subject = "{iban}"\ntext = ""', "found {iban}, expected one of: company"),
        ('subject = "a"', "text: expected a text"),
        ("subject = ", "no readable TOML"),
        ('subject = "a"\ntext = "b"\n[customers."1"]\ntext = "{0}"', "found {0}, expected one of"),
    ],
)
def test_a_catalogue_that_is_wrong_is_refused_before_anything_is_sent(
    ten: config.Settings, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "en.toml").write_text(text)
    settings = with_server(ten, 1, texts=str(tmp_path / "texts"))
    with pytest.raises(UsageError, match=re.escape(said)):
        delivering.check_mail(settings)


def test_a_page_that_is_not_the_one_that_was_rendered_is_not_sent(
    ten: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port, fallback="none")
        run = run_by_mail(settings)
        delivering.render(settings, Scope(run), tmp_path / "out", "anna", quiet)
        whole = delivering.Pages.pdf

        def swapped(pages: delivering.Pages, item: Delivery) -> bytes:
            with ledger.open(settings.ledger) as book:
                (other,) = outbox.those(book, [3 if item.id == 2 else item.id])
            return whole(pages, other)

        monkeypatch.setattr(delivering.Pages, "pdf", swapped)
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert (done["sent"], done["failed"], len(sink.taken)) == (9, 1, 9)
    assert [row[7] for row in deliveries.listed(settings, run, "failed")] == ["page_changed"]


@pytest.mark.parametrize("method", ["email", "print"])
def test_a_newer_release_draws_the_same_content_otherwise_and_it_is_recorded(
    ten: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Before: every mail that waited over an upgrade failed as ``page_changed``."""
    whole = delivering.Pages.pdf
    with mail_server(Sink()) as sink:
        settings = with_server(ten, sink.port, fallback="none")
        number = statement_runs.compose(
            settings, DAY, Form(), Choice(), method, "anna", quiet
        )["run"]  # fmt: skip
        statement_runs.approve(settings, number, "anna")
        delivering.render(settings, Scope(number), tmp_path / "out", "anna", quiet)
        monkeypatch.setattr(delivering.Pages, "pdf", lambda p, item: whole(p, item) + b"%newer")
        deliveries.deliver(settings, number, tmp_path / "out", "anna", quiet)
    assert states(settings, number) == {f"{method} sent": 10}
    with ledger.open(settings.ledger) as book:
        kept = {row[0] for row in book.rows("SELECT pdf_sha256 FROM delivery")}
        with pytest.raises(Exception, match="delivery_is_rendered"), book.transaction() as sql:
            sql.exec_driver_sql(f"UPDATE delivery SET pdf_sha256 = '{'0' * 64}'")
    if method == "email":
        pdfs = [next(found.iter_attachments()).get_content() for found in sink.messages()]
        assert {hashlib.sha256(pdf).hexdigest() for pdf in pdfs} == kept


def test_only_an_address_is_suppressed_and_only_a_suppressed_one_allowed(
    ten: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> tuple[int, str]:
        code = cli.main(["--ledger", ten.ledger, "outbox", *words, "--reason", "asked"])
        return code, capsys.readouterr().err

    for wrong in ("C00001", "a@b, evil@c.example", ""):
        code, told = said("suppress", wrong)
        assert code == 2
        assert f"ADDRESS: found {wrong!r}, expected" in told
    assert said("allow", "info@sommer.example")[0] == 2
    assert said("suppress", " Info@Sommer.example ")[0] == 0
    assert said("allow", "info@sommer.example")[0] == 0
