"""Registers, journal entries and postings: I1 to I12, I34 to I36."""

from pipeline.ledger import value_rules
from pipeline.ledger.agreed import two_people
from pipeline.ledger.rules import MAPPING_MOVE, REOPENED
from pipeline.ledger.verify.check import Query

_UNEVEN = """journal_entry_no IN (SELECT journal_entry_no FROM posting
            GROUP BY journal_entry_no HAVING sum(amount) <> 0 OR min(currency) <> max(currency))"""
"""All that can leave a sum: of one currency and nothing in all, a journal entry adds nothing."""

QUERIES = {
    "I1": Query("posting",
        "each journal entry balances in each currency", """
        SELECT journal_entry_no FROM posting WHERE """ + _UNEVEN + """
        GROUP BY journal_entry_no, currency HAVING sum(amount) <> 0"""),
    "I2": Query("register_seal",
        "each register has the journal entries, postings and applications its seal counts", """
        SELECT s.register_no FROM register_seal s
        LEFT JOIN (SELECT register_no, count(*) AS n FROM journal_entry GROUP BY register_no) j
            ON j.register_no = s.register_no
        LEFT JOIN (SELECT j.register_no, count(*) AS n FROM posting p JOIN journal_entry j
            ON j.no = p.journal_entry_no GROUP BY j.register_no) p ON p.register_no = s.register_no
        LEFT JOIN (SELECT j.register_no, count(*) AS n FROM application a JOIN journal_entry j
            ON j.no = a.journal_entry_no GROUP BY j.register_no) a ON a.register_no = s.register_no
        WHERE s.journal_entries <> coalesce(j.n, 0) OR s.postings <> coalesce(p.n, 0)
            OR s.applications <> coalesce(a.n, 0)"""),
    "I2b": Query("register",
        "each register is sealed", """
        SELECT no FROM register WHERE no NOT IN (SELECT register_no FROM register_seal)"""),
    "I2c": Query("journal_entry",
        "each journal entry has two postings or more", """
        SELECT j.no FROM journal_entry j LEFT JOIN posting p ON p.journal_entry_no = j.no
        GROUP BY j.no HAVING count(p.seq) < 2"""),
    "I3": Query("posting",
        "no posting moves nothing, or more than 9,000,000,000,000,000 minor units", """
        SELECT journal_entry_no FROM posting
        WHERE (amount = 0 AND coalesce(amount_company, 0) = 0)
            OR abs(amount) > 9000000000000000"""),
    "I4": Query("posting",
        "a posting of a bank account is in the currency of that account", """
        SELECT p.journal_entry_no FROM posting p
        JOIN bank_account b ON b.bank_account_no = p.bank_account_no
        WHERE b.currency <> p.currency"""),
    "I6": Query("journal_entry",
        "a reversal is the exact negation of what it reverses, posting by posting", """
        SELECT no FROM (
            SELECT j.no, p.gl_account, p.currency, p.amount,
                coalesce(p.amount_company, 0) AS company, 1 AS n
            FROM journal_entry j JOIN posting p ON p.journal_entry_no = j.no
            WHERE j.reverses_no IS NOT NULL
            UNION ALL SELECT j.no, p.gl_account, p.currency, -p.amount,
                -coalesce(p.amount_company, 0), -1
            FROM journal_entry j JOIN posting p ON p.journal_entry_no = j.reverses_no) t
        GROUP BY no, gl_account, currency, amount, company HAVING sum(n) <> 0"""),
    "I6b": Query("journal_entry",
        "a reversal has a reason, comes after what it reverses, and reverses no reversal", """
        SELECT j.no FROM journal_entry j JOIN journal_entry o ON o.no = j.reverses_no
        WHERE o.reverses_no IS NOT NULL OR j.reason = '' OR o.no > j.no"""),
    "I6c": Query("journal_entry",
        "no journal entry is reversed twice", """
        SELECT reverses_no FROM journal_entry WHERE reverses_no IS NOT NULL
        GROUP BY reverses_no HAVING count(*) > 1"""),
    "I7": Query("journal_entry",
        "journal entries are numbered from 1 without a gap", """
        SELECT 'journal_entry' AS series FROM
            (SELECT count(*) AS n, min(no) AS low, max(no) AS high FROM journal_entry) t
        WHERE n > 0 AND (low <> 1 OR high <> n)"""),
    "I7b": Query("register",
        "registers are numbered from 1 without a gap", """
        SELECT 'register' AS series FROM
            (SELECT count(*) AS n, min(no) AS low, max(no) AS high FROM register) t
        WHERE n > 0 AND (low <> 1 OR high <> n)"""),
    "I7c": Query("counter",
        "the counters stand at the number of registers and of journal entries", """
        SELECT s.name FROM (SELECT 'register' AS name, count(*) AS n FROM register
            UNION ALL SELECT 'journal_entry', count(*) FROM journal_entry) s
        LEFT JOIN counter c ON c.name = s.name WHERE coalesce(c.value, -1) <> s.n"""),
    "I8": Query("register",
        "no register was recorded before the one that it follows", """
        SELECT b.no FROM register a JOIN register b ON b.no = a.no + 1
        WHERE b.recorded_at < a.recorded_at"""),
    "I9": Query("journal_entry",
        "no two journal entries have the same key, by which a second run posts nothing twice", """
        SELECT key FROM journal_entry GROUP BY key HAVING count(*) > 1"""),
    "I10": Query("journal_entry",
        "no journal entry is dated into a period that was closed when it was posted", """
        SELECT j.no FROM journal_entry j JOIN period_event p ON p.id =
            (SELECT max(q.id) FROM period_event q WHERE q.after_register < j.register_no)
        WHERE j.posting_date <= p.closed_through"""),
    "I10b": Query("period_event",
        "periods close forwards and are opened again by two people, in the order of registers", f"""
        SELECT p.id FROM period_event p LEFT JOIN period_event q ON q.id =
            (SELECT max(o.id) FROM period_event o WHERE o.id < p.id)
        WHERE p.after_register < coalesce(q.after_register, 0) OR CASE p.action
            WHEN 'close' THEN p.closed_through <= coalesce(q.closed_through, '')
            ELSE p.closed_through >= coalesce(q.closed_through, '')
                OR {two_people("p", REOPENED)} END"""),
    "I12": Query("posting",
        "all postings together balance in each currency", """
        SELECT currency FROM posting WHERE """ + _UNEVEN + """
        GROUP BY currency HAVING sum(amount) <> 0"""),
    "I12b": Query("posting",
        "a journal entry's company-currency values balance, on all its foreign postings or none",
        value_rules.UNBALANCED.format(ENTRIES="IS NOT NULL")),
    "I12c": Query("valuation",
        "a journal entry has values if and only if a valuation says where they come from",
        value_rules.RATELESS.format(ENTRIES="IS NOT NULL")),
    "I12d": Query("valuation",
        "a later valuation values only what had no value, and moves no amount",
        value_rules.TWICE.format(ENTRIES="IS NOT NULL")),
    "I34": Query("decision",
        "a decision that someone prepared waited in their name, and another person approved it", """
        SELECT d.id FROM decision d WHERE d.prepared_by <> '' AND (
            lower(d.prepared_by) = lower(d.actor) OR NOT EXISTS
                (SELECT 1 FROM decision w WHERE w.line_id = d.line_id AND w.id < d.id
                    AND w.outcome = 'waiting' AND w.actor = d.prepared_by))"""),
    "I34b": Query("mapping",
        "a mapping begins once, is approved as another person made it, and ends when removed", f"""
        SELECT m.mapping_no FROM mapping m LEFT JOIN mapping o ON o.id = (SELECT max(b.id)
            FROM mapping b WHERE b.mapping_no = m.mapping_no AND b.id < m.id)
        WHERE lower(m.prepared_by) = lower(m.actor)
            OR ({MAPPING_MOVE.format(new="m", old="o")})"""),
    "I34c": Query("mapping",
        "a mapping's party exists; who added it decided, for that party if it is of a payer", """
        SELECT m.mapping_no FROM mapping m LEFT JOIN decision d ON d.id = m.decision_id
        WHERE (m.target_type <> 'gl' AND NOT EXISTS (SELECT 1 FROM party p WHERE p.party_type =
            m.target_type AND p.party_no = m.target_no))
        OR (m.action = 'add' AND (d.actor <> m.actor
            OR (m.kind <> 'text' AND d.party_no <> ''
                AND (d.party_type <> m.target_type OR d.party_no <> m.target_no))))"""),
    "I34d": Query("request",
        "each request says who asks, for what and why", """
        SELECT id FROM request WHERE actor = '' OR reason = '' OR subject = ''"""),
    "I35": Query("decision",
        "each decision that posted has a journal entry in its register", """
        SELECT d.line_id FROM decision d WHERE d.outcome = 'posted' AND NOT EXISTS
            (SELECT 1 FROM journal_entry j WHERE j.register_no = d.register_no)"""),
    "I36": Query("register",
        "each register says its kind and who wrote it",
        "SELECT no FROM register WHERE actor = '' OR kind = ''"),
    "I36b": Query("register",
        "each register of a decision has that decision, by the same person", """
        SELECT r.no FROM register r WHERE r.kind = 'decision' AND NOT EXISTS
            (SELECT 1 FROM decision d WHERE d.register_no = r.no AND d.actor = r.actor)"""),
}  # fmt: skip
