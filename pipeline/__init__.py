"""Lettrage: the way of one payment.

1. ``feeds`` turns the bytes of a bank file into bank statements and statement lines.
2. ``ledger`` stores them once, however often the file comes, and holds the books.
3. ``matching`` proposes which open entries each line settles, with the rule and the evidence.
4. ``posting`` turns a proposal or a decision into a balanced journal.
5. ``review`` keeps what is unsure as exception items for people.
6. ``statements`` writes to the customers who still owe.

``steps`` is the story: each step reads, decides, writes. Nothing else wires the stages.
"""
