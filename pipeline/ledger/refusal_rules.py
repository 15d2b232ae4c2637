"""Held statements are refused by two people, and held again by two: what the database checks."""

from pipeline.ledger.agreed import two_people
from pipeline.ledger.triggers import Rule

KIND = "refusal"
"""Of the requests for it; their subject is what is asked, and the statement."""
REFUSED = {
    "kind": KIND,
    "subject": "{row}.action || '/' || CAST({row}.statement_id AS TEXT)",
    "seen": "CAST({row}.after_event AS TEXT)",
}
_REFUSAL = {
    "statement_is_not_as_it_was": "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM statement_event e WHERE"
    " e.id = NEW.after_event AND e.statement_id = NEW.statement_id AND CASE NEW.action WHEN"
    " 'refuse' THEN e.new_status = 'held' ELSE e.old_status = 'held' AND e.new_status = 'refused'"
    " END AND NOT EXISTS (SELECT 1 FROM statement_event n WHERE n.statement_id = e.statement_id AND"
    " n.id > e.id))",
    "not_two_people": f"SELECT 1 WHERE {two_people('NEW', REFUSED)}",
}
"""A held statement is refused, and one that people refused held again; none that came broken."""
AS_SAID = (
    "CASE f.action WHEN 'refuse' THEN e.old_status = 'held' AND e.new_status = 'refused' ELSE"
    " e.old_status = 'refused' AND e.new_status = 'held' END"
)
"""True for an event ``e`` that does what ``f``, a row of ``statement_refusal``, says."""
NOT_SAID = (
    "SELECT 1 WHERE CASE WHEN OLD.status = 'held' THEN NEW.status = 'refused' ELSE OLD.status ="
    " 'refused' AND NEW.status = 'held' END AND NOT EXISTS (SELECT 1 FROM statement_refusal f WHERE"
    " f.statement_id = NEW.id AND f.action = CASE NEW.status WHEN 'held' THEN 'restore' ELSE"
    " 'refuse' END AND f.after_event = (SELECT max(e.id) FROM statement_event e WHERE"
    " e.statement_id = NEW.id))"
)
"""That a statement is refused, or held again, is what two people said of its last state."""
RULES = {"refusal": Rule("BEFORE INSERT", "statement_refusal", _REFUSAL, each_row=True)}
