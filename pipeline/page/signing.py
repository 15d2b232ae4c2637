"""Signing in and out, where the page does that itself."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from pipeline.page import security
from pipeline.page.context import Context
from pipeline.page.login import COOKIE
from pipeline.page.people import NotSignedInError
from pipeline.page.render import inside, root, signin

router = APIRouter()
Sent = Depends(security.form)


@router.get("/signin")
def ask(request: Request) -> Response:
    """Ask for name and password."""
    return signin(request)


@router.post("/signin")
def sign_in(request: Request, fields: FormData = Sent) -> Response:
    """Begin a session, and go where the person wanted to."""
    context: Context = request.app.state.context
    assert context.login is not None
    try:
        token = context.login.sign_in(str(fields.get("name", "")), str(fields.get("password", "")))
    except NotSignedInError as error:
        return signin(request, status=401, why=str(error))
    answer = RedirectResponse(inside(request, str(fields.get("next", ""))), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return answer


@router.post("/signout")
def sign_out(request: Request, _: FormData = Sent) -> Response:
    """End the session of this browser."""
    context: Context = request.app.state.context
    assert context.login is not None
    context.login.sign_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse(f"{root(request)}/signin", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer
