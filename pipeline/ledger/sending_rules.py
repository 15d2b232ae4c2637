"""What the database refuses of statements to customers and of their deliveries."""

from pipeline.ledger.triggers import Rule, moves

MOVES = {
    "pending": ("sending", "suppressed", "failed"),
    "sending": ("sent", "pending", "failed", "unknown"),
    "unknown": ("sent", "pending", "failed"),
    "failed": ("pending",),
    "suppressed": ("pending",),
    "sent": ("failed",),
}
"""From which state of a delivery it may go where; what is unknown goes by a person alone."""
MOVE = moves(MOVES)
_MOVE = MOVE.format(old="OLD.state", new="NEW.state")
_APPROVED = (
    "SELECT 1 WHERE NEW.state = 'sending' AND NOT EXISTS (SELECT 1 FROM statement_run_event e JOIN"
    " customer_statement s ON s.run_no = e.run_no WHERE e.action = 'approved' AND s.id ="
    " NEW.statement_id)"
)
_LOG = (
    "INSERT INTO delivery_event (delivery_id, old_state, new_state, reason, actor, recorded_at)"
    " SELECT NEW.id, {old}, NEW.state, NEW.reason, NEW.actor, NEW.changed_at WHERE {old} <>"
    " NEW.state"
)


def _erased(column: str) -> str:
    return f"SELECT 1 WHERE NEW.{column} NOT IN ('', OLD.{column})"


RULES = {
    "customer_statement_run": Rule(
        "BEFORE INSERT", "customer_statement",
        {"not_the_date_of_the_run": "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM statement_run r WHERE"
         " r.no = NEW.run_no AND r.as_of = NEW.as_of)",
         "run_is_composed": "SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no"},
        each_row=True),
    "customer_statement_erased": Rule(
        "BEFORE UPDATE", "customer_statement",
        {"customer_statement_is_append_only": _erased("content")}, columns=("content",),
        each_row=True),
    "statement_skip_run": Rule(
        "BEFORE INSERT", "statement_skip",
        {"run_is_composed": "SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no"},
        each_row=True),
    "statement_run_approved": Rule(
        "BEFORE INSERT", "statement_run_event",
        {"run_is_not_composed": "SELECT 1 WHERE NEW.action = 'approved' AND NOT EXISTS (SELECT 1"
         " FROM statement_run_event e WHERE e.run_no = NEW.run_no AND e.action = 'composed')"},
        each_row=True),
    "delivery_begins": Rule(
        "BEFORE INSERT", "delivery",
        {"delivery_begins_otherwise": "SELECT 1 WHERE NEW.state NOT IN ('pending', 'suppressed')"
         " OR NEW.tries <> 0"},
        each_row=True),
    "delivery_born": Rule("AFTER INSERT", "delivery", {}, (_LOG.format(old="''"),), each_row=True),
    "delivery_move": Rule(
        "BEFORE UPDATE", "delivery",
        {"delivery_move": f"SELECT 1 WHERE NEW.state <> OLD.state AND NOT ({_MOVE})",
         "run_is_not_approved": _APPROVED},
        columns=("state",), each_row=True),
    "delivery_kept": Rule(
        "BEFORE UPDATE", "delivery",
        {"delivery_recipient": _erased("recipient"),
         "delivery_is_rendered": "SELECT 1 WHERE OLD.pdf_sha256 NOT IN ('', NEW.pdf_sha256) AND"
         " OLD.state NOT IN ('pending', 'sending')",
         "delivery_tries": "SELECT 1 WHERE NEW.tries < OLD.tries"},
        columns=("recipient", "pdf_sha256", "tries"), each_row=True),
    "delivery_moved": Rule("AFTER UPDATE", "delivery", {}, (_LOG.format(old="OLD.state"),),
                           columns=("state",), each_row=True),
}  # fmt: skip
