"""The page inside a real api-server of Airflow: its login, its rights, its navigation."""

import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import ledger
from pipeline.ledger import people
from tests.page.desk import hidden, holds, registers
from tests.review.desk import Desk

USERS = {"admin": "admin", "clerk": "user", "vera": "viewer"}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server:
    """An api-server, and requests with the token of one of its users."""

    def __init__(self, folder: Path, url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.home = folder / "airflow"
        self.home.mkdir()
        self.passwords = {name: secrets.token_urlsafe(9) for name in USERS}
        kept = self.home / "passwords.json"
        kept.write_text(json.dumps(self.passwords))
        airflow = {
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{n}:{r}" for n, r in USERS.items()),
            "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(kept),
            "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home}/airflow.db",
            "API__HOST": "127.0.0.1",
            "API__PORT": self.url.rpartition(":")[2],
            "API__WORKERS": "1",
            "API__SECRET_KEY": secrets.token_urlsafe(64),
            "API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
        }
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "LETTRAGE"))},
            **{f"AIRFLOW__{name}": value for name, value in airflow.items()},
            "AIRFLOW_HOME": str(self.home),
            "LETTRAGE_LEDGER": url,
        }
        self.tokens: dict[str, str] = {}
        self.visits: dict[str, str] = {}

    def run(self) -> "subprocess.Popen[bytes]":
        line = [sys.executable, "-m", "airflow"]
        subprocess.run([*line, "db", "migrate"], env=self.environment, check=True,
                       capture_output=True)  # fmt: skip
        log = (self.home / "api.log").open("wb")
        program = subprocess.Popen([*line, "api-server"], env=self.environment, stdout=log,
                                   stderr=log, start_new_session=True)  # fmt: skip
        for _ in range(600):
            assert program.poll() is None, (self.home / "api.log").read_text()
            if self.ask("", "/api/v2/monitor/health")[0] == 200:
                return program
            time.sleep(0.5)
        raise AssertionError("the api-server does not come up")

    def token(self, name: str) -> str:
        if name not in self.tokens:
            body = json.dumps({"username": name, "password": self.passwords[name]}).encode()
            request = urllib.request.Request(f"{self.url}/auth/token", body,
                                             {"Content-Type": "application/json"})  # fmt: skip
            with OPENER.open(request, timeout=60) as answer:
                self.tokens[name] = json.load(answer)["access_token"]
        return self.tokens[name]

    def ask(self, name: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """As the browser of a person: the token in Airflow's cookie."""
        headers = {"Sec-Fetch-Site": "same-origin"}
        if name:
            visit = self.visits.get(name, "")
            headers["Cookie"] = f"_token={self.token(name)}; lettrage_visit={visit}"
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with _Stay.open(request, timeout=120) as answer:
                if cookie := answer.headers.get("Set-Cookie", ""):
                    self.visits[name] = cookie.partition(";")[0].partition("=")[2]
                    assert "Path=/lettrage; HttpOnly; SameSite=Strict" in cookie
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_Stay = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


@pytest.fixture
def server(lite: Desk, tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path, lite.settings.ledger)
    program = found.run()
    yield found
    program.terminate()
    try:
        program.wait(30)
    except subprocess.TimeoutExpired:
        program.kill()


def test_airflow_signs_people_in_and_its_rights_hold(server: Server, lite: Desk) -> None:
    path = f"/lettrage/item/{lite.id('DE-EUR/212/15')}"
    assert server.ask("", path)[0] == 401
    assert "Richter" not in server.ask("", path)[1]
    code, text = server.ask("vera", path)
    assert code == 200
    assert 'name="do"' not in text, "a viewer decides nothing"
    code, text = server.ask("clerk", path)
    assert code == 200
    form = next(part for part in text.split("<form") if 'value="accept"' in part)
    fields = hidden(form)
    before = registers(lite.settings)
    assert server.ask("vera", path, fields | {"step": "post"})[0] == 403
    assert server.ask("admin", path, fields | {"step": "post"})[0] == 403, "a form of another"
    visit = server.visits.pop("clerk")
    assert server.ask("clerk", path, fields | {"step": "post"})[0] == 403, "of another browser"
    server.visits["clerk"] = visit
    assert registers(lite.settings) == before
    assert server.ask("clerk", path, fields)[0] == 200
    assert server.ask("clerk", path, fields | {"step": "post"})[0] == 303
    assert registers(lite.settings)[-1] == ("decision", "clerk")
    token = fields["token"]
    said = server.ask("clerk", "/lettrage/posted/unapply", {"token": token, "document": "x"})
    assert said[0] == 403, "who may work with Airflow is no approver by that"
    with ledger.open(lite.settings.ledger) as book:
        people.record(book, "clerk", "add", "approver", "", "root")
    said = server.ask("clerk", "/lettrage/posted/unapply", {"token": token, "document": "x"})
    assert said[0] == 409, "the ledger makes an approver"
    assert server.ask("admin", "/lettrage/")[1].count("/lettrage/static/page.css") == 1
    views = json.loads(server.ask("admin", "/api/v2/plugins")[1])
    mounted = [plugin for plugin in views["plugins"] if plugin["name"] == "lettrage"]
    assert mounted[0]["external_views"][0]["href"] == "lettrage/"
    with ledger.open(lite.settings.ledger) as book:
        people.record(book, "clerk", "remove", "approver", "", "root")
    assert server.ask("clerk", path)[0] == 401, "who was removed does not look by Airflow's rights"
    holds(lite.settings)


def test_the_plugin_loads_without_what_must_not_be_used_before_a_fork() -> None:
    code = (
        "import sys; import pipeline.airflow_plugin;"
        "print([m for m in ('polars', 'pipeline.steps') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
