"""Plain SQL of one who writes past the program: rows, and the places where they would go."""

from pipeline.ledger.schema import metadata

R = "(SELECT value + 1 FROM counter WHERE name = 'register')"
N = "(SELECT value + 1 FROM counter WHERE name = 'journal_entry')"
HEAD = f"(SELECT hash FROM register_seal WHERE register_no = {R} - 1)"
LAST = f"(SELECT recorded_at FROM register WHERE no = {R} - 1)"
REGISTER = (
    f"INSERT INTO register (no, kind, actor, recorded_at) SELECT {R}, 'manual', 'intruder', {LAST}"
)
REVERSED = "(SELECT min(no) FROM journal_entry WHERE kind <> 'opening' AND reverses_no IS NULL)"
ENTRY = "(SELECT min(id) FROM entry WHERE remaining_amount > 0 AND currency = 'EUR')"
LINE = (
    "(SELECT min(j.line_id) FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id"
    " WHERE l.amount > 0)"
)
OWN = "(SELECT min(bank_account_no) FROM bank_account WHERE currency = 'EUR')"
HASH = "(SELECT min(sha256) FROM feed_file)"


def statement(status: str, *, count: int = 1, net: str = "100", opening: str = "0",
              closing: str = "100", currency: str = "'EUR'") -> str:  # fmt: skip
    return (
        "INSERT INTO statement (id, sha256, ordinal, format, kind, bank_account_no, currency,"
        " statement_no, to_date, page, opening, closing, line_count, net, complete, status) SELECT"
        f" 999999, {HASH}, 999, 'mt940', 'booked', {OWN}, {currency}, '999', '2026-12-01', '',"
        f" {opening}, {closing}, {count}, {net}, 1, '{status}'"
    )


def bank_line(no: int = 1, amount: str = "100", of: str = "999999") -> str:
    return (
        "INSERT INTO statement_line (line_id, statement_id, line_no, amount, charges,"
        f" original_amount, occurrence, before_cutover) SELECT 999998 + {no}, {of}, {no},"
        f" {amount}, 0, 0, {no}, 0"
    )


HELD = (bank_line(), statement("held"))
RECEIVED = (bank_line(), statement("received"))


def journal(no: str = N, *, line: str = "NULL", date: str = "'2026-12-01'",
            reverses: str = "NULL", reason: str = "''", kind: str = "''") -> str:  # fmt: skip
    return (
        "INSERT INTO journal_entry (no, register_no, key, posting_date, line_id, reverses_no,"
        f" reason, kind) SELECT {no}, {R}, 'intruder', {date}, {line}, {reverses}, {reason}, {kind}"
    )


PLAIN = "(SELECT min(no) FROM gl_account WHERE no NOT IN (SELECT gl_account FROM bank_account))"
BANK = f"(SELECT gl_account FROM bank_account WHERE bank_account_no = {OWN})"
OTHER_BANK = f"(SELECT max(gl_account) FROM bank_account WHERE bank_account_no <> {OWN})"
TWICE = "(SELECT min(reverses_no) FROM journal_entry)"
UNDOING = "(SELECT min(no) FROM journal_entry WHERE reverses_no IS NOT NULL)"
SETTLED_NO = "(SELECT min(no) FROM journal_entry WHERE kind = 'gl')"
SETTLED = "(SELECT line_id FROM journal_entry WHERE kind = 'gl' ORDER BY no LIMIT 1)"
OF_OWN = f"FROM statement_chain WHERE bank_account_no = {OWN} ORDER BY ord DESC LIMIT 1"
LAST_ORD, LAST_CLOSING = f"(SELECT ord {OF_OWN})", f"(SELECT closing {OF_OWN})"
FIRST = (
    "(SELECT {0} FROM statement k JOIN closed_statement c ON c.statement_id = k.id WHERE"
    f" c.bank_account_no = {OWN} AND c.ord = 1)"
)
NUMBER = ", ".join(FIRST.format(f"k.{name}") for name in ("statement_no", "to_date", "page"))


def posting(seq: int, amount: str, currency: str = "'EUR'", account: str = "''",
            gl: str = PLAIN) -> str:  # fmt: skip
    return (
        "INSERT INTO posting (journal_entry_no, seq, gl_account, currency, amount,"
        f" bank_account_no) SELECT {N}, {seq}, {gl}, {currency}, {amount}, {account}"
    )


def negation(no: str) -> tuple[str, ...]:
    return (
        "INSERT INTO posting (journal_entry_no, seq, gl_account, currency, amount) SELECT"
        f" {N}, seq, gl_account, currency, -amount FROM posting WHERE journal_entry_no = {no}",
    )


def copies(no: str) -> tuple[str, ...]:
    """The postings and applications of a journal entry, once more."""
    found = []
    for table in ("posting", "application"):
        names = [c.name for c in metadata.tables[table].columns if c.name != "journal_entry_no"]
        found.append(
            f"INSERT INTO {table} (journal_entry_no, {', '.join(names)}) SELECT {N},"
            f" {', '.join(names)} FROM {table} WHERE journal_entry_no = {no}"
        )
    return tuple(found)


def application(seq: int, entry: str, amount: str, *, applied: str | None = None,
                party: str | None = None, difference: str = "0, ''",
                discount: str = "0") -> str:  # fmt: skip
    number = party or f"(SELECT party_no FROM entry WHERE id = {entry})"
    return (
        "INSERT INTO application (journal_entry_no, seq, role, entry_id, party_type, party_no,"
        " applied_amount, entry_amount, discount_amount, difference_amount, difference_kind)"
        f" SELECT {N}, {seq}, 'settles', {entry},"
        f" coalesce((SELECT party_type FROM entry WHERE id = {entry}), ''), {number},"
        f" {applied or amount}, {amount}, {discount}, {difference}"
    )


def shares(seq: int, base: str, tax: str, part: str = "discount") -> str:
    return (
        "INSERT INTO application_tax (journal_entry_no, seq, part, tax_code, gl_account,"
        f" base_amount, tax_amount) SELECT {N}, {seq}, '{part}', 'U19', {PLAIN}, {base}, {tax}"
    )


def seal(postings: int | str, applications: int | str = 0, *, no: str = R, prev: str = HEAD) -> str:
    return (
        "INSERT INTO register_seal (register_no, journal_entries, postings, applications,"
        f" prev_hash, hash) SELECT {no}, 1, {postings}, {applications}, {prev}, 'intruder'"
    )


_TAXED = (
    "(SELECT min(t.journal_entry_no) FROM application_tax t WHERE t.journal_entry_no IN (SELECT"
    " journal_entry_no FROM posting WHERE currency = 'EUR') AND NOT EXISTS (SELECT 1 FROM"
    " application u WHERE u.unapplies_no = t.journal_entry_no) AND t.journal_entry_no NOT IN"
    " (SELECT journal_entry_no FROM application WHERE unapplies_no IS NOT NULL))"
)
UNDO_TAXED = (
    "INSERT INTO application (journal_entry_no, seq, role, entry_id, party_type, party_no,"
    " applied_amount, entry_amount, discount_amount, difference_amount, difference_kind,"
    f" unapplies_no, unapplies_seq) SELECT {N}, 1, 'settles', entry_id, party_type, party_no,"
    " -applied_amount, -entry_amount, -discount_amount, -difference_amount, difference_kind,"
    f" journal_entry_no, seq FROM application a WHERE journal_entry_no = {_TAXED} AND EXISTS"
    " (SELECT 1 FROM application_tax t WHERE t.journal_entry_no = a.journal_entry_no"
    " AND t.seq = a.seq)"
)


def asked(
    actor: str,
    seen: str = "CAST((SELECT max(id) FROM period_event) AS TEXT)",
    reason: str = "'why'",
    kind: str = "'reopen'",
    subject: str = "'2025-06-30'",
) -> str:
    return (
        "INSERT INTO request (id, kind, subject, seen, actor, reason) SELECT"
        f" 999999, {kind}, {subject}, {seen}, {actor}, {reason}"
    )


def reopen(actor: str, second: str, request: str) -> str:
    return (
        "INSERT INTO period_event (id, closed_through, action, actor, second_actor, reason,"
        f" after_register, request_id) SELECT 999999, '2025-06-30', 'reopen', '{actor}',"
        f" '{second}', 'why', {R} - 1, {request}"
    )


PAIR = (posting(1, "100"), posting(2, "-100"))


def worth(seq: int, amount: str, value: str, currency: str = "'USD'", gl: str = PLAIN) -> str:
    """A posting with a value in the company's currency."""
    plain = posting(seq, amount, currency, gl=gl)
    return plain.replace("bank_account_no)", "bank_account_no, amount_company)") + f", {value}"


def rated(of: str = N) -> str:
    return (
        "INSERT INTO valuation (values_no, journal_entry_no, rate, rate_date) SELECT"
        f" {of}, {N}, '1.08', '2026-12-01'"
    )


def lowers(entry: str, *, carried: str, applied: str, fx: str = "0") -> str:
    """What an application of ``entry`` is worth."""
    return (
        "INSERT INTO application_value (application_no, seq, journal_entry_no, entry_company,"
        " applied_company, discount_company, difference_company, fx_company) SELECT"
        f" {N}, 1, {N}, {carried}, {applied}, 0, 0, {fx} FROM entry WHERE id = {entry}"
    )


FOREIGN = (
    "(SELECT min(e.id) FROM entry e JOIN entry_value v ON v.entry_id = e.id WHERE e.currency ="
    " 'USD' AND e.remaining_amount > 0 AND e.remaining_amount = e.initial_amount)"
)
OWED = f"(SELECT remaining_amount FROM entry WHERE id = {FOREIGN})"
CARRIED = f"(SELECT amount_company FROM entry_value WHERE entry_id = {FOREIGN})"
CONTROL = f"(SELECT control_account FROM entry WHERE id = {FOREIGN})"
WHOLE = (REGISTER, journal(), *PAIR)
STATEMENT = "(SELECT min(statement_id) FROM closed_statement)"
CLOSE = (
    "INSERT INTO statement_chain (statement_id, bank_account_no, ord, prev_ord, opening, closing,"
    " actor) SELECT s.id, s.bank_account_no, {ord}, {ord} - 1, s.opening, s.closing, 'intruder'"
    " FROM statement s WHERE s.id = {id}"
)


OF_CLOSED = f"FROM closed_statement WHERE bank_account_no = {OWN} ORDER BY ord DESC LIMIT 1"
LAST_CLOSED = f"(SELECT statement_id {OF_CLOSED})"
STANDS = f"(SELECT ord {OF_CLOSED})"
UNDO_ASKED = asked(
    "'anna'", f"CAST({STANDS} AS TEXT)", kind="'undo_statement'",
    subject=f"{OWN} || '/' || (SELECT statement_no FROM statement WHERE id = {LAST_CLOSED})",
)  # fmt: skip


def undo(actor: str, second: str, request: str, ord: str = STANDS) -> str:
    """A row that takes back the closing of the last statement of our account, or another one."""
    return (
        "INSERT INTO statement_chain (bank_account_no, ord, prev_ord, statement_id, opening,"
        " closing, undoes_ord, actor, second_actor, reason, request_id) SELECT c.bank_account_no,"
        f" {LAST_ORD} + 1, {LAST_ORD}, c.statement_id, {LAST_CLOSING}, c.opening, c.ord, '{actor}',"
        f" '{second}', 'why', {request} FROM closed_statement c WHERE c.bank_account_no = {OWN} AND"
        f" c.ord = {ord}"
    )


REFUSED = "(SELECT max(statement_id) FROM statement_refusal)"
STRANGE = "(SELECT min(id) FROM statement WHERE status = 'held')"


def refusal(actor: str, second: str, of: str = STRANGE, action: str = "refuse") -> str:
    """Two people refuse a statement, or restore it; nobody asked for it."""
    return (
        "INSERT INTO statement_refusal (id, statement_id, action, actor, second_actor, reason,"
        f" request_id, after_event) SELECT 999999, {of}, '{action}', '{actor}', '{second}', 'why',"
        f" (SELECT max(id) FROM request), (SELECT max(id) FROM statement_event WHERE statement_id ="
        f" {of})"
    )


NEW_RUN = (
    "INSERT INTO statement_run (no, as_of, sending, register_no, actor) SELECT max(no) + 1,"
    " max(as_of), 'print', 0, 'intruder' FROM statement_run"
)


def told(run: str = "(SELECT max(no) FROM statement_run)", **changed: str) -> str:
    """One more statement of a customer who was told something on paper."""
    columns = {
        "id": "id + 9999", "run_no": run, "customer_no": "customer_no", "number": "number + 1",
        "prev_number": "number", "as_of": "as_of", "style": "style", "revision": "revision + 1",
        "prev_revision": "revision", "content_sha256": "content_sha256", **changed,
    }  # fmt: skip
    names, values = ", ".join(columns), ", ".join(columns.values())
    return (
        f"INSERT INTO customer_statement ({names}) SELECT {values}"
        " FROM customer_statement WHERE id = (SELECT max(s.id) FROM customer_statement s)"
    )


def mapping(action: str, actor: str, before: str = "") -> str:
    """One state of a mapping that nobody else uses: a text that leads to an account."""
    return (
        "INSERT INTO mapping (id, mapping_no, action, kind, pattern, target_type, target_no, side,"
        f" actor, prepared_by) SELECT coalesce(max(id), 0) + 1, 9999, '{action}', 'text', 'Abo',"
        f" 'gl', '4980', 'out', '{actor}', '{before}' FROM mapping"
    )


def part_entry(entry: str) -> str:
    """An entry with its whole amount, for a payment part of a reference that nobody else uses."""
    return (
        "INSERT INTO payment_part_entry (payment_reference, entry_id, amount) SELECT 'RF00', id,"
        f" initial_amount FROM entry WHERE id = {entry}"
    )


def payment_part(amount: str, party: str = "party_no") -> str:
    """The part that seals it, of an ``amount`` in terms of our entry's own."""
    return (
        "INSERT INTO payment_part (payment_reference, party_type, party_no, currency, amount,"
        f" entries, actor) SELECT 'RF00', party_type, {party}, currency, {amount}, 1, 'intruder'"
        f" FROM (SELECT party_type, party_no, currency, initial_amount AS amount FROM entry"
        f" WHERE id = {ENTRY}) e"
    )
