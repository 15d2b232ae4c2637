"""What two people agreed on: one asked for it, another carried it out, on the same state."""

TWO_PEOPLE = (
    "lower({row}.second_actor) IN ('', lower({row}.actor)) OR {row}.reason = '' OR NOT EXISTS"
    " (SELECT 1 FROM request q WHERE q.id = {row}.request_id AND q.kind = '{kind}' AND q.subject ="
    " {subject} AND q.seen = {seen} AND q.actor = {row}.actor)"
)
"""True for a row that two people did not agree on: nobody asked for it, or on another state."""


def two_people(row: str, what: dict[str, str]) -> str:
    """``TWO_PEOPLE`` for a ``row`` of a table whose requests are told by ``what``."""
    words = {name: text.replace("{row}", row) for name, text in what.items()}
    return TWO_PEOPLE.format(row=row, **words)
