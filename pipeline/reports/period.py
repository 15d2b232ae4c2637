"""Whether the books through a day are proved: what stands against closing the period."""

import datetime as dt
from collections.abc import Sequence

from pipeline.reports import bank_reconciliation as reconciliation
from pipeline.reports.coverage import cover
from pipeline.reports.items import Facts, control_accounts, control_differences
from pipeline.reports.proof import Proof


def not_tied(
    through: dt.date, proofs: Sequence[Proof], latest: Sequence[Proof], facts: Facts
) -> list[str]:
    """Each missing statement, and each bank proof and control account that does not tie.

    ``proofs`` and ``facts`` as of ``through``, ``latest`` as of the last day that is known: a later
    statement that follows without a gap shows that none is missing before it.
    """
    found = []
    later = {proof.account["bank_account_no"]: proof for proof in latest}
    for proof in proofs:
        number = proof.account["bank_account_no"]
        missing = cover(proof.account, proof.chain, through).missing_since
        if missing and not _followed(later[number], missing, through):
            found.append(f"{number}: a statement is missing since {missing.isoformat()}")
        found += reconciliation.differences(proof)
    return [*found, *control_differences(control_accounts(facts, proofs))]


def _followed(latest: Proof, missing: dt.date, through: dt.date) -> bool:
    """No gap in the balances from ``missing`` to the first statement that closes after the day."""
    for link in latest.chain.links:
        if link["to_date"] >= missing and link["gap"]:
            return False
        if link["to_date"] > through:
            return True
    return False
