"""The rules by which a line is answered, in the order in which they are asked.

The first one that has something to say answers. A rule is never surer than its row says: only
those whose ``most`` is ``high`` post themselves, and only when nothing contradicts; an answer is
then less sure, with its reason code. The names are those of the exports and stay.
"""

from dataclasses import dataclass

_LEVELS = ("none", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: ``most`` is the surest that the rule may be, ``meaning`` is for people.

    ``amount`` is the level of the amount where the rule says it and its rows do not.
    """

    name: str
    most: str
    meaning: str
    amount: str = ""

    @property
    def may_post(self) -> bool:
        """May a line post itself by this rule?"""
        return self.most == "high"


RULES = (
    # What the bank says of its own lines before anything else.
    Rule("correction", "none", "the bank corrects a line that it sent before"),
    # What the books already show, the bank confirms.
    Rule("check", "low", "a bank entry of this number is stopped, voided, cleared or of another"
         " amount", "differs"),
    Rule("bank_entry_named", "high", "number and amount are those of one open bank entry"),
    Rule("bank_entry_batch", "high", "the amount is the sum of one batch of open bank entries"),
    Rule("bank_entry_part", "high", "one payment of a run that is booked as one bank entry",
         "part"),
    Rule("bank_entry_amount", "high", "the only open bank entry of this amount near this date"),
    # Money between our own accounts.
    Rule("own_transfer", "high", "the other account is ours"),
    Rule("own_transfer_clears", "high", "the other side of a transfer that is booked already"),
    Rule("own_transfer_pair", "high", "our own name, and the only opposite line near this date"),
    # Lines by which the bank takes back, charges and pays.
    Rule("return", "high", "the bank takes back an earlier line"),
    Rule("return_fee", "high", "the fee of a return is charged to the customer again"),
    Rule("interest_taxed", "high", "interest less a tax, of which the gross amount is stated"),
    Rule("interest_income", "high", "the bank's code says interest received"),
    Rule("interest_expense", "high", "the bank's code says interest paid"),
    Rule("bank_fees", "high", "the bank's code says a fee of the bank"),
    # The line states the reference of a statement's payment part.
    Rule("payment_part", "high", "the amount is that of the part, and all its entries are open"),
    Rule("payment_part_again", "medium", "all entries of the part are settled already"),
    Rule("payment_part_partly_paid", "medium", "some of its entries were paid meanwhile"),
    Rule("payment_part_differs", "medium", "the amount is not that of the part", "differs"),
    # The line names documents of several parties.
    Rule("documents_of_several", "high", "the amount is the sum of all named documents"),
    Rule("documents_less_fee", "high", "the sum of all named documents less a stated fee"),
    Rule("tie", "medium", "documents, an account or a name of several parties; one leads or none"),
    # The line names documents of one party.
    Rule("document_exact", "high", "the amount is what is open on the named documents"),
    Rule("document_discount", "high", "what is open on them, less discounts in time"),
    Rule("document_tolerance", "high", "what is open on them, but for a small difference"),
    Rule("document_bank_charge", "high", "what is open on it, less charges that are stated"),
    Rule("document_discount_late", "high", "what is open on it, less a discount that is late:"
         " the discount stays open", "late"),
    Rule("document_part_payment", "high", "less than is open on it: a part of it stays open",
         "part"),
    Rule("document_write_off", "medium", "all but a small amount beyond the tolerance, which only a"
         " person may write off", "short"),
    Rule("document_overpayment", "high", "more than is open on them: the rest stays on account"),
    Rule("document_instalment", "high", "the amount is one instalment of the named document"),
    Rule("near_exact", "high", "with documents that a damaged or shortened number means, the amount"
         " is what is open"),
    Rule("near_discount", "high", "with such documents, what is open less discounts in time"),
    Rule("documents_some", "medium", "the amount is one of the named documents, not all"),
    Rule("documents", "low", "the amount fits none or several of the named documents", "differs"),
    Rule("document_digits", "medium", "bare digits of documents of a party that nothing else"
         " tells"),
    Rule("document_original", "high", "the original amount that the bank states is what is open on"
         " the named documents, in their currency", "original"),
    Rule("other_currency", "low", "the named documents are in another currency"),
    # The payer is known and no document is named.
    Rule("party_original", "high", "one open entry of the party is the original amount that the"
         " bank states, in its currency", "original"),
    Rule("party_exact", "high", "one open entry of the party is the amount"),
    Rule("party_discount", "high", "one entry less a discount in time is the amount"),
    Rule("party_tolerance", "high", "one entry is the amount but for a small difference"),
    Rule("party_sum", "high", "one sum of the party's entries is the amount"),
    Rule("party_sum_discount", "high", "one sum of entries, less discounts in time, is the amount"),
    Rule("party_oldest", "high", "where the policy says so: the party's entries, oldest due first,"
         " the last in part", "oldest"),
    Rule("party_tie", "low", "several entries or sums of the party fit"),
    Rule("party_discount_late", "medium", "one entry less a discount that is late", "late"),
    Rule("party_on_account", "high", "the party owes nothing: the money stays on account"),
    Rule("party", "low", "no entry and no sum of the party fits", "differs"),
    # Nothing of the above is sure.
    Rule("mapping", "high", "the payer or the text goes to a G/L account that people taught"),
    # Nobody is known.
    Rule("debit", "low", "money out that nothing in the books explains"),
    Rule("closed", "none", "the named document is closed"),
    Rule("none", "none", "no account, name or document is known"),
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in RULES}


def check(name: str, confidence: str) -> None:
    """ValueError where the table has no such rule, or the rule may not be that sure."""
    rule = BY_NAME.get(name)
    if rule is None:
        raise ValueError(f"matching rule {name!r} is not in the rule table")
    if _LEVELS.index(confidence) > _LEVELS.index(rule.most):
        raise ValueError(f"matching rule {name!r} is {confidence}, it may be {rule.most} at most")
