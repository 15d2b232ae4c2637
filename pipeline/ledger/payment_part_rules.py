"""What must hold for the payment part of a statement when its entries are sealed by it."""

PARTS = (
    "SELECT p.payment_reference FROM {parts} p LEFT JOIN payment_part_entry r ON"
    " r.payment_reference = p.payment_reference LEFT JOIN entry e ON e.id = r.entry_id AND"
    " e.party_type = p.party_type AND e.party_no = p.party_no AND e.currency = p.currency AND"
    " (e.amount > 0) = (r.amount > 0) AND abs(r.amount) <= abs(e.initial_amount)"
    " GROUP BY p.payment_reference, p.amount, p.entries HAVING coalesce(sum(r.amount), 0) <>"
    " p.amount OR count(e.id) <> p.entries OR count(r.entry_id) <> p.entries"
)
"""Parts that are not the sum of their entries, or whose entries are of somebody else."""
SEALED = {
    "payment_part_is_not_its_entries": "SELECT 1 WHERE EXISTS ("
    + PARTS.replace(
        "{parts}",
        "(SELECT NEW.payment_reference AS payment_reference, NEW.party_type AS party_type,"
        " NEW.party_no AS party_no, NEW.currency AS currency, NEW.amount AS amount, NEW.entries AS"
        " entries)",
    )
    + ")"
}
LATE = {
    "payment_part_is_sealed": "SELECT 1 FROM {rows}payment_part p WHERE p.payment_reference ="
    " {row}.payment_reference"
}
