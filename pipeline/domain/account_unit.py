"""Which account of a customer a statement tells: all of it, that of a project, or its group's.

The ledger keeps it as one word beside the customer's number; numbers go on over all of them.
"""

GROUP = "group"
_PROJECT = "project/"


def of(project: str | None, *, group: bool = False) -> str:
    """The word for a project, empty for what is of none; for all of a customer, or of a group."""
    if project is not None:
        return _PROJECT + project
    return GROUP if group else ""


def project_of(unit: str) -> str | None:
    """The project of a word that ``of`` gave; None where it is of more than one."""
    return unit.removeprefix(_PROJECT) if unit.startswith(_PROJECT) else None
