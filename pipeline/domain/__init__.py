"""The nouns: money, statements, frames and errors. Imports nothing of ours.

Signs, once for everything: money into our bank account is positive; a debit posting is positive;
what a customer owes is positive, what is owed to a vendor is negative.
"""
