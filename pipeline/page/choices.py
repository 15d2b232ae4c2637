"""What a browser keeps for a person: the language."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.page.render import LANGUAGE, inside
from pipeline.page.words import languages

router = APIRouter()


@router.get("/language")
def choose(request: Request) -> Response:
    """Remember a language, and go back."""
    answer = RedirectResponse(inside(request, request.query_params.get("next", "")), 303)
    wanted = request.query_params.get("to", "")
    if wanted in languages():
        answer.set_cookie(LANGUAGE, wanted, max_age=31_536_000, httponly=True, samesite="lax")
    return answer
