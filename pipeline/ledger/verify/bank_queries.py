"""Files, statements and their lines, the chain of closed statements: I23 to I32."""

from pipeline.ledger import refusal_rules, rules, seal_rules
from pipeline.ledger.agreed import two_people
from pipeline.ledger.reads import PARKED, UNSETTLED
from pipeline.ledger.verify.check import Query

_MOVED = rules.MOVE.format(old="e.old_status", new="e.new_status")

QUERIES = {
    "I23": Query("feed_file",
        "no file is kept twice; each has a SHA-256 of 64 characters and a size", """
        SELECT sha256 FROM feed_file GROUP BY sha256 HAVING count(*) > 1
        UNION SELECT sha256 FROM feed_file WHERE length(sha256) <> 64
            OR size < 0"""),
    "I24": Query("statement",
        "no two booked statements are taken of one account, number, page and year", """
        SELECT min(id) AS id FROM statement WHERE status IN ('received', 'reconciled')
            AND kind = 'booked' AND bank_account_no IS NOT NULL
        GROUP BY bank_account_no, statement_no, page, substr(to_date, 1, 4)
        HAVING count(*) > 1"""),
    "I25": Query("statement_chain",
        "the chain of an account has no gap: each row opens at the closing balance before it", """
        SELECT c.statement_id FROM statement_chain c LEFT JOIN statement_chain p
            ON p.bank_account_no = c.bank_account_no AND p.ord = c.ord - 1
        WHERE c.ord < 1 OR (c.ord > 1 AND (p.ord IS NULL OR p.closing <> c.opening))"""),
    "I25b": Query("statement_chain",
        "only the last closed statement of an account is undone, exactly, and by two people", f"""
        SELECT u.statement_id FROM statement_chain u LEFT JOIN statement_chain c
            ON c.bank_account_no = u.bank_account_no AND c.ord = u.undoes_ord
        WHERE (u.undoes_ord IS NULL) <> (u.second_actor = '') OR (u.undoes_ord IS NOT NULL AND (
            c.ord IS NULL OR c.undoes_ord IS NOT NULL OR c.ord > u.ord
            OR c.statement_id <> u.statement_id OR c.opening <> u.closing OR c.closing <> u.opening
            OR {two_people("u", rules.UNDONE)}
            OR EXISTS (SELECT 1 FROM statement_chain n WHERE n.bank_account_no = u.bank_account_no
                AND n.ord > c.ord AND n.ord < u.ord AND n.undoes_ord IS NULL AND NOT EXISTS
                (SELECT 1 FROM statement_chain x WHERE x.bank_account_no = u.bank_account_no
                    AND x.undoes_ord = n.ord AND x.ord < u.ord))))"""),
    "I25c": Query("statement_chain",
        "no statement is closed twice at a time, and no closing is undone twice", """
        SELECT statement_id FROM closed_statement GROUP BY statement_id HAVING count(*) > 1
        UNION SELECT min(statement_id) FROM statement_chain WHERE undoes_ord IS NOT NULL
        GROUP BY bank_account_no, undoes_ord HAVING count(*) > 1"""),
    "I26": Query("statement",
        "a statement has all its lines (refused: none); if taken, opening + lines = closing", """
        SELECT s.id FROM statement s LEFT JOIN (SELECT statement_id, count(*) AS n,
            sum(amount) AS net FROM statement_line GROUP BY statement_id) l ON l.statement_id = s.id
        LEFT JOIN statement_event r ON r.statement_id = s.id AND r.old_status = ''
            AND r.new_status = 'refused'
        WHERE (r.id IS NULL AND (s.net <> coalesce(l.net, 0) OR s.line_count <> coalesce(l.n, 0)))
            OR (r.id IS NOT NULL AND l.n > 0)
            OR (s.status IN ('received', 'reconciled') AND s.opening + s.net <> s.closing)"""),
    "I28": Query("statement_line",
        "no two lines of a statement have the same number", """
        SELECT statement_id FROM statement_line GROUP BY statement_id, line_no
        HAVING count(*) > 1"""),
    "I29": Query("statement",
        "a statement is taken only in the currency of its bank account", """
        SELECT s.id FROM statement s JOIN bank_account b ON b.bank_account_no = s.bank_account_no
        WHERE s.status IN ('received', 'reconciled') AND b.currency <> s.currency"""),
    "I30": Query("statement",
        "a statement is reconciled if and only if the chain of its account closes it", """
        SELECT id FROM statement WHERE (status = 'reconciled') <>
            (id IN (SELECT statement_id FROM closed_statement))"""),
    "I30b": Query("statement_event",
        "the status of each statement is the last one in its history", """
        SELECT s.id FROM statement s WHERE s.status <> coalesce((SELECT e.new_status
            FROM statement_event e WHERE e.statement_id = s.id ORDER BY e.id DESC LIMIT 1), '')"""),
    "I30c": Query("statement_event",
        "each status in a statement's history follows the one before by an allowed step", f"""
        SELECT e.id FROM statement_event e WHERE e.old_status <> coalesce((SELECT o.new_status
            FROM statement_event o WHERE o.statement_id = e.statement_id AND o.id < e.id
            ORDER BY o.id DESC LIMIT 1), '') OR NOT (e.old_status = '' OR {_MOVED})"""),
    "I30d": Query("statement_refusal",
        "a held statement is refused, and held again, by two people who saw its last state", f"""
        SELECT f.statement_id FROM statement_refusal f WHERE
            {two_people("f", refusal_rules.REFUSED)} OR NOT EXISTS (SELECT 1 FROM statement_event e
                WHERE e.id = (SELECT min(n.id) FROM statement_event n WHERE n.statement_id =
                f.statement_id AND n.id > f.after_event) AND {refusal_rules.AS_SAID})
        UNION ALL SELECT e.statement_id FROM statement_event e WHERE ((e.old_status = 'held' AND
            e.new_status = 'refused') OR (e.old_status = 'refused' AND e.new_status = 'held'))
            AND NOT EXISTS (SELECT 1 FROM statement_refusal f WHERE f.statement_id =
                e.statement_id AND {refusal_rules.AS_SAID} AND f.after_event = (SELECT max(b.id)
                FROM statement_event b WHERE b.statement_id = e.statement_id AND b.id < e.id))"""),
    "I31": Query("closed_statement",
        "an account's opening and booked lines equal each closed statement's closing balance", """
        SELECT statement_id FROM (
            SELECT c.statement_id, c.closing, coalesce(o.s, 0) + sum(coalesce(t.s, 0))
                OVER (PARTITION BY c.bank_account_no ORDER BY c.ord) AS booked
            FROM closed_statement c JOIN bank_account b ON b.bank_account_no = c.bank_account_no
            LEFT JOIN (SELECT p.gl_account, p.bank_account_no, sum(p.amount) AS s FROM posting p
                JOIN journal_entry j ON j.no = p.journal_entry_no WHERE j.kind = 'opening'
                GROUP BY p.gl_account, p.bank_account_no) o
                ON o.gl_account = b.gl_account AND o.bank_account_no = b.bank_account_no
            LEFT JOIN (SELECT l.statement_id, p.gl_account, sum(p.amount) AS s
                FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id
                JOIN posting p ON p.journal_entry_no = j.no
                WHERE p.gl_account IN (SELECT gl_account FROM bank_account)
                GROUP BY l.statement_id, p.gl_account) t
                ON t.statement_id = c.statement_id AND t.gl_account = b.gl_account) k
        WHERE booked <> closing"""),
    "I31b": Query("closed_statement",
        "opening balance and lines since the cut-over of a closed statement give its closing", """
        SELECT c.statement_id FROM closed_statement c JOIN statement s ON s.id = c.statement_id
        WHERE c.opening + s.net - coalesce((SELECT sum(k.amount) FROM statement_line k
            WHERE k.statement_id = s.id AND k.before_cutover = 1), 0) <> c.closing"""),
    "I31c": Query("posting",
        "apart from openings only a line of the bank, in its currency, posts to its account",
        seal_rules.BANK_ALONE.format(ENTRIES="IS NOT NULL")),
    "I32": Query("closed_statement",
        "each line of a closed statement is posted, unless zero or before the cut-over", f"""
        SELECT l.line_id FROM statement_line l
        JOIN closed_statement c ON c.statement_id = l.statement_id
        WHERE l.amount <> 0 AND l.before_cutover = 0 AND {UNSETTLED}"""),
    "I32b": Query("exception_item",
        "each line that is parked on a clearing account is open in the exception queue", f"""
        SELECT k.line_id FROM ({PARKED}) k WHERE NOT EXISTS
            (SELECT 1 FROM exception_item x WHERE x.line_id = k.line_id AND x.status = 'open')"""),
    "I32c": Query("exception_item",
        "of closed statements only parked lines and one-sided transfers are open in the queue", f"""
        SELECT x.line_id FROM exception_item x
        JOIN statement_line l ON l.line_id = x.line_id
        JOIN closed_statement c ON c.statement_id = l.statement_id
        WHERE x.status = 'open' AND x.reason <> 'transfer_one_sided'
            AND x.line_id NOT IN ({PARKED})"""),
    "I32d": Query("exception_item",
        "an exception item has the currency and bank account of its statement", """
        SELECT x.line_id FROM exception_item x
        JOIN statement_line l ON l.line_id = x.line_id JOIN statement s ON s.id = l.statement_id
        WHERE x.currency <> s.currency OR x.bank_account_no <> s.bank_account_no"""),
    "I32e": Query("queue_total",
        "the counts and sums of the queue are those of its open items", """
        SELECT q.currency || ' ' || q.bank_account_no || ' ' || q.reason || ' ' || q.assigned_to
            || ' ' || q.opened_on FROM (SELECT currency, bank_account_no, reason, assigned_to,
            opened_on, items, money_in, money_out FROM queue_total UNION ALL SELECT x.currency,
            x.bank_account_no, x.reason, x.assigned_to, coalesce(x.opened_on, ''), -1,
            CASE WHEN x.remaining > 0 THEN -x.remaining ELSE 0 END, CASE WHEN x.remaining < 0 THEN
            -x.remaining ELSE 0 END FROM exception_item x WHERE x.status = 'open') q
        GROUP BY q.currency, q.bank_account_no, q.reason, q.assigned_to, q.opened_on
        HAVING sum(q.items) <> 0 OR sum(q.money_in) <> 0 OR sum(q.money_out) <> 0"""),
}  # fmt: skip
