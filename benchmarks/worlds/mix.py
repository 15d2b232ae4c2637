"""The mix of situations and the noise, written down before any engine is tuned on these worlds.

``MIX``: the share of each story, a number out of the sum of all (1,145). What does not exist in a
country (a structured reference in the United States) is left out there.
``NOISE``: a number is fixed; a pair is a range from which each world draws with its own seed, so
that figures of a fresh seed are figures of noise that nobody has seen.
"""

from benchmarks.worlds.chance import Chance

MIX: dict[str, int] = {
    # a document is named, the amount fits
    "reference": 90, "reference_in_text": 20, "document_exact": 110, "prefix_dropped": 25,
    "separators_changed": 35, "several_documents": 60, "suffix_list": 20, "range": 10,
    "last_digits": 20, "own_reference": 15, "bare_digits": 15,
    # the party is known, the amount tells the rest
    "customer_number": 20, "name_only": 30, "account_only": 30, "lump_oldest": 12,
    "sum_by_account": 14, "netted_by_account": 6, "alias": 8,
    "whole_balance": 6,
    # amounts as people pay
    "credit_netted": 20, "discount": 50, "discount_grace": 8, "discount_late": 10,
    "discount_wrong": 8, "discount_several": 12, "tolerance": 15, "rounded": 10, "bank_fee": 10,
    "part_payment": 20,
    "reference_discount": 8, "reference_part": 6, "overpayment": 12, "two_lines": 14,
    # one line, several parties
    "several_parties": 8, "payout": 10, "third_party": 10, "parent": 8, "shared_account": 6,
    # damaged texts
    "typo": 12, "transposed": 8, "wrapped": 12, "truncated": 6, "confused": 8, "joined": 10,
    "reference_typo": 6, "name_abbreviated": 8, "name_order": 6, "name_damaged": 8,
    # the bank's own, and what the books show already
    "fee": 8, "interest": 4, "transfer": 6, "transfer_booked": 4, "payment_confirmed": 16,
    "payment_batch": 5, "collection_batch": 5, "check": 10, "deposit": 6, "payroll_booked": 3,
    "refund_booked": 4, "vendor_paid": 16, "vendor_discount": 6, "vendor_debit": 8,
    "vendor_refund": 4, "debit_returned": 8, "payment_returned": 3,
    # lines that must not post
    "unknown_payer": 14, "name_twin": 8, "equal_amounts": 10, "ambiguous_sum": 8,
    "equal_amounts_by_name": 5, "wrong_party": 8, "document_closed": 8, "paid_twice": 6,
    "amount_far": 10, "contradiction": 6, "foreign_currency": 5, "not_yet_posted": 6,
    "on_hold": 5, "document_unknown": 6, "nothing_open": 6, "surname_only": 5,
    "unannounced": 12, "payee_account": 5, "customer_refund": 5, "check_differs": 4,
    "check_stopped": 2, "fragment": 5, "other_purpose": 5,
}  # fmt: skip

NOISE: dict[str, float | tuple[float, float]] = {
    "persons": 0.15,  # customers who are people
    "families": (0.10, 0.25),  # company names that are relatives of another
    "open_entries": 4,  # at most as many further open invoices of a customer
    "own_reference": (0.25, 0.45),  # invoices that hold the buyer's order number
    "terms": (0.15, 0.35),  # invoices with cash discount
    "large": 0.20,  # named payments that come from a customer with many open entries
    "large_entries": 24,
    "greeting": (0.10, 0.35),  # polite words after the numbers
    "dated": (0.10, 0.30),  # the date of the invoice beside its number
    "customer_no": (0.05, 0.20),  # the customer number beside the document number
    "order": (0.05, 0.15),  # a number of the payer that we do not know
    "lower": 0.10,  # payers who write everything in lower case
    "late_value": (0.05, 0.20),  # value date one day before the booking date
    "second_bank": 0.30,  # lines of the second bank account
    "alias": 0.10,  # customers with an alias on file
    "payer_number": (0.20, 0.60),  # transfers with an end-to-end id of the payer
}


def drawn(chance: Chance) -> dict[str, float]:
    """The noise of one world."""
    return {
        name: value if isinstance(value, int | float)
        else value[0] + (value[1] - value[0]) * float(chance.draw.random())
        for name, value in NOISE.items()
    }  # fmt: skip
