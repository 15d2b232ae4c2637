"""Entries, bank entries and their applications: I13 to I22, I33, I39."""

from pipeline.ledger import seal_rules, value_rules
from pipeline.ledger.reads import LIVE, PARKED
from pipeline.ledger.schema.columns import LIMIT
from pipeline.ledger.verify.check import Query, Rows

_REMAINING = """
    SELECT e.id FROM {t} e WHERE e.remaining_amount <> e.{start} - coalesce((SELECT
        sum(a.entry_amount) FROM application a WHERE a.{t}_id = e.id), 0)"""
_RUNNING = """
    SELECT r.{t}_id FROM (
        SELECT {t}_id, sum(s) OVER (PARTITION BY {t}_id ORDER BY register_no) AS s FROM (
            SELECT a.{t}_id, j.register_no, sum(a.entry_amount) AS s FROM application a
            JOIN journal_entry j ON j.no = a.journal_entry_no WHERE a.{t}_id IN (
                SELECT e.id FROM (SELECT {t}_id, sum(entry_amount) AS s, min(entry_amount) AS low,
                    max(entry_amount) AS high FROM application WHERE {t}_id IS NOT NULL
                    GROUP BY {t}_id) k CROSS JOIN {t} e WHERE e.id = k.{t}_id AND (k.low < 0 AND
                    k.high > 0 OR CASE WHEN e.{start} >= 0 THEN k.s NOT BETWEEN 0 AND e.{start}
                        ELSE k.s NOT BETWEEN e.{start} AND 0 END))
            GROUP BY a.{t}_id, j.register_no) k) r
    JOIN {t} e ON e.id = r.{t}_id
    WHERE CASE WHEN e.{start} >= 0 THEN r.s NOT BETWEEN 0 AND e.{start}
        ELSE r.s NOT BETWEEN e.{start} AND 0 END"""
"""What is applied one way only grows: where all of it together is within, it always was."""
_BEYOND = """
    SELECT id FROM {t} WHERE NOT (({start} >= 0 AND remaining_amount BETWEEN 0 AND {start})
        OR ({start} < 0 AND remaining_amount BETWEEN {start} AND 0))"""
_OTHER = "<> coalesce((SELECT m.value FROM meta m WHERE m.key = 'company_currency'), '')"
_CROSSING = f"""
    WITH crossing AS MATERIALIZED (
        SELECT a.journal_entry_no FROM entry e CROSS JOIN application a
        JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id
        WHERE e.currency {_OTHER} AND a.entry_id = e.id AND e.currency <> s.currency UNION
        SELECT a.journal_entry_no FROM statement s CROSS JOIN statement_line l CROSS JOIN
        application a JOIN entry e ON e.id = a.entry_id WHERE s.currency {_OTHER} AND
        l.statement_id = s.id AND a.line_id = l.line_id AND e.currency <> s.currency) """
"""The few journal entries that pay in another currency: one pass finds them for both parts.

Of two currencies one is not the company's: nothing else is looked at.
"""
_VALUED = f"> -{LIMIT}"
"""All journal entries: by it SQLite begins with the few values, not with each application."""
_CHANGES = value_rules.CHANGES.format(ENTRIES=_VALUED)
_CARRIED = f"""
    SELECT account FROM (
        SELECT account, currency, company FROM ({_CHANGES}) c UNION ALL
        SELECT gl_account, currency, -amount_company FROM posting WHERE amount_company IS NOT NULL
            AND gl_account IN (SELECT control_account FROM entry UNION ALL
                SELECT transit_account FROM bank_account)) t
    GROUP BY account, currency HAVING sum(company) <> 0"""
_ENTRY = {"t": "entry", "start": "initial_amount"}
_BANK = {"t": "bank_entry", "start": "amount"}


def _of_applications(holds: str, wrong: str) -> Rows:
    return Rows("application", holds, seal_rules.APPLICATIONS, "a.journal_entry_no", wrong)


_LINES = (
    "journal_entry j JOIN statement_line l ON l.line_id = j.line_id LEFT JOIN statement s ON s.id ="
    " l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no"
)


def _of_lines(holds: str, wrong: str) -> Rows:
    return Rows("journal_entry", holds, _LINES, "j.no", wrong)


QUERIES: dict[str, Query | Rows] = {
    "I13": Query("entry",
        "each control account equals what remains of its entries, in each currency", """
        SELECT account FROM (
            SELECT control_account AS account, currency, -remaining_amount AS amount FROM entry
            WHERE remaining_amount <> 0
            UNION ALL SELECT gl_account, currency, amount FROM posting
            WHERE gl_account IN (SELECT control_account FROM entry)) t
        GROUP BY account, currency HAVING sum(amount) <> 0"""),
    "I13b": Query("entry_value",
        "values on control and transit accounts equal those of their open entries, by currency",
        _CARRIED),
    "I13c": Query("application_value",
        "an entry all applied carries no value; one of which nothing is applied, its whole value",
        value_rules.CLOSED.format(ENTRIES=_VALUED)),
    "I13d": Query("application_value",
        "an application's value is the sum of payment, discount, difference and exchange",
        value_rules.PARTS.format(ENTRIES=_VALUED)),
    "I13e": Query("application_value",
        "an application that is undone is taken back at the value that it had",
        value_rules.UNDONE.format(ENTRIES=_VALUED)),
    "I13f": Query("application_value",
        "what a journal entry changes in the value of an account's entries is what it posts there",
        value_rules.POSTED.format(ENTRIES=_VALUED)),
    "I14": Query("entry",
        "what remains of an entry is its initial amount less all that is applied to it",
        _REMAINING.format(**_ENTRY)),
    "I14b": Query("bank_entry",
        "what remains of a bank entry is its amount less all that is applied to it",
        _REMAINING.format(**_BANK)),
    "I15": Query("entry",
        "what is open of an entry is within its initial amount, and that within its amount",
        _BEYOND.format(**_ENTRY) + " OR abs(initial_amount) > abs(amount)"),
    "I15b": Query("bank_entry",
        "what is open of a bank entry lies between nothing and its amount",
        _BEYOND.format(**_BANK)),
    "I16": _of_lines(
        "a line's journal entry explains the whole line by applications; a release no more",
        f"""(SELECT coalesce(sum(a.applied_amount), 0) FROM application a
            WHERE a.journal_entry_no = j.no AND a.role = 'settles') <> {seal_rules.LINE}"""),
    "I16b": _of_lines(
        "a line's journal entry posts the whole line to its bank account; a release no more",
        f"""b.gl_account IS NOT NULL AND (SELECT coalesce(sum(p.amount), 0) FROM posting p
            WHERE p.journal_entry_no = j.no AND p.gl_account = b.gl_account AND
            p.currency = s.currency) <> {seal_rules.LINE}"""),
    "I27": _of_lines(
        "only lines of taken statements, from the cut-over on, are posted",
        "s.status NOT IN ('received', 'reconciled') OR l.before_cutover <> 0"),
    "I17": Query("journal_entry",
        "no line is posted twice; reversed postings and releases from clearing do not count", f"""
        SELECT j.line_id FROM journal_entry j WHERE j.line_id IS NOT NULL AND j.kind <> 'release'
            AND {LIVE} GROUP BY j.line_id HAVING count(*) > 1"""),
    "I17b": Query("journal_entry",
        "each release from clearing belongs to one parking of its line, and is the only one",
        seal_rules.RELEASED_WRONGLY.format(WHICH="IS NOT NULL")),
    "I18": _of_applications(
        "an application is to an entry of the party that it names",
        seal_rules.OF_APPLICATIONS["application_party"]),
    "I18b": _of_applications(
        "a journal entry that applies to an entry has a posting in its currency",
        seal_rules.OF_APPLICATIONS["application_currency"]),
    "I18c": Query("application",
        "a line confirms bank entries of its own bank account only", """
        SELECT a.journal_entry_no FROM application a JOIN bank_entry e ON e.id = a.bank_entry_id
        JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id
        WHERE s.bank_account_no <> e.bank_account_no"""),
    "I18d": Query("application",
        "a line settles entries of another currency by what the bank states in it",
        _CROSSING + seal_rules.EXCHANGED.format(
        WHICH="IN (SELECT journal_entry_no FROM crossing)")),
    "I19": _of_applications(
        "within one currency an entry falls by payment, discount and difference together",
        seal_rules.OF_APPLICATIONS["application_sum"]),
    "I19b": _of_applications(
        "only by undoing an application does more of an entry open, a payment's own apart",
        seal_rules.OF_APPLICATIONS["reopens_without_undoing"]),
    "I20": Query("application",
        "what undoes an application is its negation, on the same entry, and undoes no undoing", """
        SELECT a.journal_entry_no FROM application a LEFT JOIN application o
            ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq
        WHERE a.unapplies_no IS NOT NULL AND (o.seq IS NULL OR o.unapplies_no IS NOT NULL
            OR coalesce(o.entry_id, 0) <> coalesce(a.entry_id, 0)
            OR coalesce(o.bank_entry_id, 0) <> coalesce(a.bank_entry_id, 0)
            OR o.entry_amount <> -a.entry_amount OR o.discount_amount <> -a.discount_amount
            OR o.difference_amount <> -a.difference_amount)"""),
    "I20b": Query("application",
        "no application is undone twice", """
        SELECT unapplies_no FROM application WHERE unapplies_no IS NOT NULL
        GROUP BY unapplies_no, unapplies_seq HAVING count(*) > 1"""),
    "I20c": Query("journal_entry",
        "an un-application undoes something, settles nothing anew and posts no line",
        seal_rules.UNAPPLIES_NOTHING.format(ENTRIES="IS NOT NULL")),
    "I20f": Query("journal_entry",
        "an application by hand settles entries only, undoes nothing and posts no line",
        seal_rules.APPLIES_WRONGLY.format(ENTRIES="IS NOT NULL")),
    "I20d": Query("application",
        "applying or un-applying by hand leaves each line explained as much as before",
        seal_rules.UNEVEN.format(ENTRIES="IS NOT NULL")),
    "I20e": Query("application",
        "applying or un-applying by hand posts to a party what it opens or closes of it",
        seal_rules.UNPOSTED.format(ENTRIES="IS NOT NULL")),
    # Closed when nothing remains, by the application that took the last of it: after no register
    # was more applied than there was, or less than nothing.
    "I22": Query("entry",
        "after no register was an entry applied beyond its initial amount, or below nothing",
        _RUNNING.format(**_ENTRY)),
    "I22b": Query("bank_entry",
        "after no register was a bank entry applied beyond its amount, or below nothing",
        _RUNNING.format(**_BANK)),
    "I33": Query("bank_entry",
        "each transit account equals the open bank entries of its accounts, in each currency", """
        SELECT account FROM (
            SELECT b.transit_account AS account, e.currency, -e.remaining_amount AS amount
            FROM bank_entry e JOIN bank_account b ON b.bank_account_no = e.bank_account_no
            UNION ALL SELECT gl_account, currency, amount FROM posting
            WHERE gl_account IN (SELECT transit_account FROM bank_account)) t
        GROUP BY account, currency HAVING sum(amount) <> 0"""),
    "I33b": Query("application",
        "parkings less releases on a clearing account equal the lines still parked on it", f"""
        SELECT p.gl_account FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no
        LEFT JOIN journal_entry o ON o.no = j.reverses_no
        WHERE coalesce(o.kind, j.kind) IN ('parking', 'release') AND p.gl_account IN
            (SELECT gl_account FROM application WHERE rule = 'parking')
        GROUP BY p.gl_account, p.currency HAVING sum(p.amount) <> -(
            SELECT coalesce(sum(l.amount), 0) FROM statement_line l
            JOIN statement s ON s.id = l.statement_id
            WHERE s.currency = p.currency AND l.line_id IN ({PARKED}) AND EXISTS
                (SELECT 1 FROM application a WHERE a.line_id = l.line_id AND a.rule = 'parking'
                    AND a.gl_account = p.gl_account))"""),
    "I39": Query("application",
        "what a line posts to a party is what its applications settle with that party",
        seal_rules.SPLIT.format(ENTRIES="IS NOT NULL")),
    "I39b": _of_applications(
        "a rounding difference is one minor unit at most",
        "a.difference_kind = 'rounding' AND abs(a.difference_amount) > 1"),
    "I39c": _of_applications(
        "an application says the kind of its difference if and only if it has one",
        "(a.difference_kind = '') <> (a.difference_amount = 0)"),
    "I39d": Query("application_tax",
        "the taxes and bases of a discount, tolerance or write-off sum up to it",
        seal_rules.TAX_SPLIT.format(ENTRIES="IS NOT NULL")),
    "I39e": Query("application_tax",
        "undoing an application takes back its taxes and bases as they were",
        seal_rules.TAX_UNDONE.format(ENTRIES="IS NOT NULL")),
    "I39f": Query("application_tax",
        "the taxes of a journal entry's applications are what it posts to the tax accounts",
        seal_rules.TAX_POSTED.format(ENTRIES="IS NOT NULL")),
}  # fmt: skip
