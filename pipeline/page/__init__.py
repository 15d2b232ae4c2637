"""The exception queue as a page: lists, one line with all that is known, decisions with a preview.

A FastAPI app that knows neither Airflow nor a login: ``build`` is told who asks. It decides and
posts through the functions of the command line, and through nothing else.
"""

from pipeline.page.app import build, follow, warm
from pipeline.page.people import NotSignedInError, Person, Role
from pipeline.page.security import visit

__all__ = ["NotSignedInError", "Person", "Role", "build", "follow", "visit", "warm"]
