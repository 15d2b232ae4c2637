"""A real api-server of Airflow with the page in it, and its users."""

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
from pathlib import Path
from typing import Any

USERS = {"admin": "admin", "clerk": "user", "anna": "user", "ben": "user", "vera": "viewer"}
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
