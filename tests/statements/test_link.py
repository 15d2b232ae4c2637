"""A mail with a link instead of the statement: who holds it reads that one, and nobody another."""

import dataclasses
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from starlette.testclient import TestClient

from pipeline import config, deliveries, ledger, page
from pipeline.cli.page import app_of
from pipeline.delivering import check_mail
from pipeline.domain.errors import UsageError
from pipeline.page.links import Bucket
from pipeline.statements import content_of, link
from pipeline.steps import quiet
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import address, company, run_by_mail, with_server

SECRET = "a secret of the tests that nobody knows"
MAIL = {"enclose": "link", "link_base": "https://konto.hansen.example/", "link_secret": SECRET}


def stranger(request: Request) -> page.Person:
    raise page.NotSignedInError


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[config.Settings, dict[str, str]]:
    """Books after a run by mail, and what each customer was written; one was refused."""
    folder = tmp_path_factory.mktemp("links")
    settings = company(f"sqlite:///{folder}/ledger.db", folder, 4)
    with mail_server(Sink(faults={address(3): "address_5xx"})) as sink:
        settings = with_server(settings, sink.port, **MAIL)
        run = run_by_mail(settings)
        deliveries.deliver(settings, run, folder / "out", "anna", quiet)
        mails = {str(mail["To"]): mail for mail in sink.messages()}
    assert [mail.get_content_type() for mail in mails.values()] == ["text/plain"] * 3
    return settings, {to: mail.get_content() for to, mail in mails.items()}


def token_in(text: str) -> str:
    (found,) = re.findall(r"https://konto\.hansen\.example/s/(\S+)", text)
    return str(found)


def reader(settings: config.Settings) -> TestClient:
    app = page.build(lambda: settings, stranger, b"a secret of the tests", links=True)
    return TestClient(app, raise_server_exceptions=False)


def test_the_link_of_a_mail_gives_its_customer_s_statement_and_nothing_else(
    sent: tuple[config.Settings, dict[str, str]],
) -> None:
    settings, texts = sent
    client, token = reader(settings), token_in(texts[address(1)])
    answer = client.get(f"/s/{token}")
    with ledger.open(settings.ledger) as book:
        shas = book.rows("SELECT id, content_sha256 FROM customer_statement ORDER BY id")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert content_of(answer.content) == shas[0][1]
    for name, value in (
        ("cache-control", "no-store"), ("x-robots-tag", "noindex, nofollow"),
        ("x-content-type-options", "nosniff"),
        ("content-disposition", "attachment; filename*=UTF-8''statement-C00001-2026-10-31.pdf"),
    ):  # fmt: skip
        assert answer.headers[name] == value
    number, until, proof = token.split("-", 2)
    tomorrow = dt.datetime.strptime(until, "%Y%m%d").replace(tzinfo=dt.UTC) + dt.timedelta(days=1)
    past = link.token(SECRET, 1, shas[0][1], dt.date(2026, 10, 1))
    refused = link.token(SECRET, 3, shas[2][1], dt.date(2099, 1, 1))
    wrong = [
        f"2-{until}-{proof}", f"{number}-{tomorrow:%Y%m%d}-{proof}", f"9-{until}-{proof}",
        f"{number}-{until}-{proof[:-1]}", f"{number}-{until}-{'A' * 43}", f"1-99999999-{proof}",
        token.upper(), "1", past, refused, f"{token}%00",
        link.token("another secret", 1, shas[0][1], dt.date(2099, 1, 1)),
        "", f"{token}/", "../../etc/passwd",
    ]  # fmt: skip
    answers = [client.get(f"/s/{text}", follow_redirects=False) for text in wrong]
    assert {answer.status_code for answer in answers} <= {404, 307}
    assert {a.text for a in answers[:12]} == {"There is nothing here.\n"}
    for path in ("/s", "/s/", "/", "/item/1"):
        assert client.get(path).status_code in (401, 404), path
    assert client.post(f"/s/{token}").status_code == 405


def test_erased_is_gone_and_a_secret_that_is_renewed_ends_all_links(
    sent: tuple[config.Settings, dict[str, str]], tmp_path: Path
) -> None:
    settings, texts = sent
    token = token_in(texts[address(2)])
    renewed = dataclasses.replace(settings, mail={**settings.mail, "link_secret": SECRET * 2})
    assert reader(renewed).get(f"/s/{token}").status_code == 404
    assert reader(settings).get(f"/s/{token}").status_code == 200
    with ledger.open(settings.ledger) as book, book.transaction() as connection:
        connection.exec_driver_sql("UPDATE customer_statement SET content = '' WHERE id = 2")
    assert reader(settings).get(f"/s/{token}").status_code == 404


def test_a_proxy_may_ask_for_its_own_host_or_for_this_machine(
    sent: tuple[config.Settings, dict[str, str]],
) -> None:
    settings, texts = sent
    client, token = TestClient(app_of(settings)), token_in(texts[address(1)])
    hosts = ("konto.hansen.example", "127.0.0.1:8321", "evil.example")
    codes = [client.get(f"/s/{token}", headers={"host": host}).status_code for host in hosts]
    assert codes == [200, 200, 400]


def test_who_asks_faster_than_people_do_waits_and_keeps_nobody_else_waiting(
    sent: tuple[config.Settings, dict[str, str]],
) -> None:
    """By visitor whatever they ask for, and by statement whoever asks for it."""
    settings, texts = sent
    own, other = (token_in(texts[address(number)]) for number in (1, 4))
    app: Any = page.build(lambda: settings, stranger, b"a secret of the tests", links=True)

    def codes(client: str, *tokens: str) -> list[int]:
        visitor = TestClient(app, client=(client, 1))
        return [visitor.get(f"/s/{token}").status_code for token in tokens]

    app.state.bucket = Bucket(each=0, most=2)
    assert codes("203.0.113.5", "1", "1", "1", own) == [404, 404, 429, 429]
    assert codes("203.0.113.6", own, other, own) == [200, 200, 429]
    assert codes("203.0.113.7", own, own) == [200, 429], "a statement, by whomever it is asked for"
    assert codes("2001:db8::1", "1", "1") + codes("2001:db8::2", "1") == [404, 404, 429]
    assert codes("2001:db8:0:1::2", "1") == [404]
    assert codes("127.0.0.1", *["1"] * 5) == [404] * 5, "a proxy that does not say for whom"
    assert codes("127.0.0.1", other, other) == [200, 429]


@pytest.mark.parametrize(
    "gone", ["sqlite:////a/place/gone.db", "postgresql+psycopg://anna@127.0.0.1:1/books"]
)
def test_a_stranger_is_not_told_what_is_wrong_with_the_books(
    sent: tuple[config.Settings, dict[str, str]], gone: str
) -> None:
    settings, texts = sent
    answer = reader(dataclasses.replace(settings, ledger=gone)).get(
        f"/s/{token_in(texts[address(1)])}"
    )
    assert (answer.status_code, answer.text) == (503, "Please try again.\n")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"link_secret": "short"}, "link_secret: 5 signs, expected 32 or more"),
        ({"link_base": "http://hansen.example"}, "link_base: found 'http://hansen.example'"),
        ({"link_base": ""}, "link_base: found ''"),
        ({"link_days": 10_000_000}, "link_days: found 10000000, expected days from 1 to 3650"),
        ({"texts": True}, "text_link: expected a text"),
    ],
)
def test_links_that_could_be_guessed_or_followed_nowhere_are_not_sent(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    (tmp_path / "de.toml").write_text('subject = "a"\ntext = "b"\n')
    own = {name: str(tmp_path) if value is True else value for name, value in changed.items()}
    settings = with_server(config.Settings(ledger="sqlite://"), 25, **{**MAIL, **own})
    with pytest.raises(UsageError, match=re.escape(said)):
        check_mail(settings)


def test_the_environment_s_secret_goes_before_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "lettrage.toml").write_text(f'[mail]\nlink_secret = "{SECRET}"\n')
    for environment, secret in (({}, SECRET), ({"LETTRAGE_LINK_SECRET": "other"}, "other")):
        found = config.read(tmp_path / "lettrage.toml", environment=environment)
        assert found.mail["link_secret"] == secret
        assert secret not in repr(found)
