"""The policy that the machine posts by, and the two people who approve it.

With ``[policy] approval = "two_people"`` a policy that two people did not approve posts nothing: it
runs as proposals. In single-user mode nobody approves it, and every report says so.
"""

import json
from typing import Any

from pipeline import books, ledger
from pipeline.config import Settings
from pipeline.ledger import requests

Receipt = dict[str, Any]
_PEOPLE = 2


def approved(book: ledger.Ledger, settings: Settings) -> bool:
    """Whether the machine may post by these settings."""
    if not settings.two_people:
        return True
    return len(requests.people(book, requests.POLICY, settings.policy_hash)) >= _PEOPLE


def shown(settings: Settings) -> Receipt:
    """The policy as it stands, its hash, and who approved it."""
    policy, discount, accounts = json.loads(settings.policy_text)
    with books.opened(settings) as book:
        return {
            "policy_hash": settings.policy_hash,
            "approval": settings.policy["approval"],
            "approved_by": requests.people(book, requests.POLICY, settings.policy_hash),
            "posts": approved(book, settings),
            "policy": policy,
            "discount": discount,
            "accounts": accounts,
        }


def approve(settings: Settings, actor: str, reason: str) -> Receipt:
    """Approve the policy as it stands; it posts when a second person said the same.

    What it says is kept with the approval, so that its hash on a register can be read later.
    """
    digest = settings.policy_hash
    if not settings.two_people:
        return {"policy_hash": digest, "posts": True, "next": "nobody is asked in single-user mode;"
                ' set [policy] approval = "two_people"'}  # fmt: skip
    with books.opened(settings) as book:
        requests.record(book, requests.POLICY, digest, settings.policy_text, actor, reason)
        people = requests.people(book, requests.POLICY, digest)
    done = len(people) >= _PEOPLE
    receipt: Receipt = {"policy_hash": digest, "approved_by": people, "posts": done}
    if not done:
        receipt["next"] = "a second person says the same command with --user NAME"
    return receipt
