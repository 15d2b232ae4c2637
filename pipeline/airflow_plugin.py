"""The exception queue inside Airflow: its login, its rights, an entry in its navigation.

Every program of Airflow imports this, also those that fork: the page and all that it needs are
imported when the api-server is first asked for it.
"""

import hashlib
import hmac
import threading
from typing import Any

from airflow.plugins_manager import AirflowPlugin

DAG = "nightly_bank_import"
"""Whoever may see this DAG may look at the queue; whoever may answer for it may decide."""
_PREFIX = "/lettrage"


class _WhenAsked:
    """An ASGI app that is built with the first request."""

    def __init__(self) -> None:
        self._app: Any = None
        self._lock = threading.Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on."""
        with self._lock:
            if self._app is None:
                self._app = _build()
        asked = dict(scope)
        if "query_string" in scope:  # Airflow writes it to its log, and a search may name a payer
            scope["query_string"] = b""
        await self._app(asked, receive, send)


def _build() -> Any:
    from airflow.configuration import conf

    from pipeline import page

    key = str(conf.get("api", "secret_key")).encode()
    secret = hmac.new(key, b"lettrage forms", hashlib.sha256).digest()
    app = page.build(_settings, _identify, secret)
    page.follow(app)
    return app


def _settings() -> Any:
    """The settings, with the ledger of the Airflow connection, else of LETTRAGE_LEDGER."""
    from airflow.models import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from pipeline import connected

    try:
        found = Connection.get_connection_from_secrets(connected.CONNECTION)
    except AirflowNotFoundException:
        found = None
    return connected.settings(found)


def _identify(request: Any) -> Any:
    """Who asks, by Airflow's own token; what that person may do, by the ledger and Airflow.

    Airflow's rights make a viewer or a reviewer. The ledger may say less (``lettrage user add,
    remove``), and it alone makes an approver: who runs Airflow does not decide about money by that.
    """
    from anyio import from_thread
    from fastapi import HTTPException

    from pipeline import ledger, page
    from pipeline.ledger import people

    try:
        user = from_thread.run(_user, request)
    except HTTPException:
        raise page.NotSignedInError from None
    name = str(user.get_name())
    if not _may(user, "GET"):
        raise page.NotSignedInError
    with ledger.open(_settings().ledger) as book:
        said = people.newest(book).get(name, {"action": "", "role": "reviewer"})
    if said["action"] == "remove":
        raise page.NotSignedInError
    role = page.Role[said["role"].upper()] if _may(user, "PUT") else page.Role.VIEWER
    return page.Person(name, role, f"airflow {name} {page.visit(request)}")


async def _user(request: Any) -> Any:
    from airflow.api_fastapi.core_api import security

    return await security.get_user(request, None, await security.bearer_scheme(request))


def _may(user: Any, method: Any) -> bool:
    """Whether Airflow lets a user see the DAG (GET) or answer its questions (PUT)."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models import resource_details as details

    entity = details.DagAccessEntity.HITL_DETAIL if method == "PUT" else None
    return bool(
        get_auth_manager().is_authorized_dag(
            method=method, user=user, access_entity=entity, details=details.DagDetails(id=DAG)
        )
    )


class LettragePlugin(AirflowPlugin):
    """Mounts the page and shows it in the navigation."""

    name = "lettrage"
    fastapi_apps = [  # noqa: RUF012 - as Airflow declares it
        {"app": _WhenAsked(), "url_prefix": _PREFIX, "name": "Lettrage exceptions"}
    ]
    external_views = [  # noqa: RUF012 - as Airflow declares it
        {
            "name": "Exceptions",
            "href": f"{_PREFIX.removeprefix('/')}/",
            "destination": "nav",
            "url_route": "lettrage-exceptions",
            "nav_top_level": True,
        }
    ]
