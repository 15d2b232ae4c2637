"""What the database must refuse: each attack with a word of the refusal, by its invariant."""

from tests.ledger.intruder import (
    BANK,
    CARRIED,
    CLOSE,
    CONTROL,
    ENTRY,
    FOREIGN,
    HELD,
    LAST,
    LAST_CLOSED,
    LAST_CLOSING,
    LAST_ORD,
    LINE,
    NEW_RUN,
    NUMBER,
    OTHER_BANK,
    OWED,
    PAIR,
    PLAIN,
    RECEIVED,
    REFUSED,
    REGISTER,
    REVERSED,
    SETTLED,
    SETTLED_NO,
    STATEMENT,
    STRANGE,
    TWICE,
    UNDO_ASKED,
    UNDO_TAXED,
    UNDOING,
    WHOLE,
    N,
    R,
    application,
    asked,
    bank_line,
    copies,
    journal,
    lowers,
    mapping,
    negation,
    part_entry,
    payment_part,
    posting,
    rated,
    refusal,
    reopen,
    seal,
    shares,
    statement,
    told,
    undo,
    worth,
)

COLUMN = {
    "register": "actor", "register_seal": "hash", "journal_entry": "posting_date",
    "posting": "gl_account", "application": "rule", "statement_line": "text",
    "statement_event": "reason", "statement_refusal": "reason", "statement_chain": "actor",
    "feed_file": "name",
    "application_tax": "tax_code", "mapping": "target_no", "entry": "initial_amount",
    "application_value": "fx_company", "entry_value": "amount_company", "valuation": "rate",
    "bank_entry": "amount", "statement": "closing", "export_batch": "actor", "export_file": "name",
    "load_file": "actor", "source_lag": "since", "source_conflict": "said",
    "master_change": "field", "cash_sale": "amount",
    "payment_part": "party_no", "payment_part_entry": "amount",
    "statement_run": "as_of",
    "statement_run_event": "actor", "statement_skip": "reason", "customer_statement": "number",
    "delivery": "method", "delivery_event": "new_state", "suppression": "reason",
    "decision": "reason", "period_event": "actor", "request": "reason", "page_user": "role",
    "line_revision": "text",
    "queue_notice": "told", "item_later": "until", "item_seen": "version",
    "saved_filter": "query",
}  # fmt: skip

ATTACKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "I1 unbalanced": (
        "unbalanced", (REGISTER, journal(), posting(1, "100"), posting(2, "-99"), seal(2))),
    "I1 balanced over two currencies": (
        "unbalanced",
        (REGISTER, journal(), posting(1, "100"), posting(2, "-100", "'USD'"), seal(2))),
    "I2 fewer rows than sealed": ("counts", (*WHOLE, seal(3))),
    "I2 more rows than sealed": ("counts", (*WHOLE, posting(3, "5"), posting(4, "-5"), seal(2))),
    "I2 one posting": (
        "fewer_than_two_postings", (REGISTER, journal(), seal(0))),
    "I2 never sealed": ("FOREIGN KEY|foreign key", WHOLE),
    "I2 a posting after the seal": (
        "register_is_sealed", (posting(99, "1").replace(N, "1", 1),)),
    "I2 an entry after the seal": (
        "register_is_sealed|UNIQUE|unique", (journal("1"),)),
    "I2 sealed twice": ("seal_exists|UNIQUE", (seal(2, no="1"),)),
    "I2 a statement without its line": (
        "statement_is_not_its_lines", (bank_line(), statement("held", count=2))),
    "I2 a line without a statement": ("FOREIGN KEY|foreign key", (bank_line(),)),
    "I3 nothing": ("CHECK|check", (REGISTER, journal(), posting(1, "0"))),
    "I3 beyond the limit": (
        "CHECK|check", (REGISTER, journal(), posting(1, "9000000000000001"))),
    "I4 another currency than the bank account": (
        "posting_currency",
        (REGISTER, journal(), *[
            posting(i, a, "'XXX'", "(SELECT min(bank_account_no) FROM bank_account)")
            for i, a in ((1, "5"), (2, "-5"))], seal(2))),
    "I6 not the exact negation": (
        "not_the_negation",
        (REGISTER, journal(reverses=REVERSED, reason="'wrong'"), *PAIR, seal(2))),
    "I6 twice": (
        "UNIQUE|unique",
        (REGISTER, journal(reverses=TWICE, reason="'again'"), *negation(TWICE), seal(2))),
    "I6 of a reversal": (
        "reversal_of_a_reversal",
        (REGISTER, journal(reverses=UNDOING, reason="'again'"), *negation(UNDOING),
         seal(f"(SELECT count(*) FROM posting WHERE journal_entry_no = {UNDOING})"))),
    "I6 without a reason": (
        "CHECK|check", (REGISTER, journal(reverses=REVERSED))),
    "I6 of a later one": (
        "CHECK|check", (REGISTER, journal(reverses=N, reason="'wrong'"))),
    "I7 a gap in the entries": (
        "journal_entry_numbers", (REGISTER, journal(f"{N} + 1"), seal(0))),
    "I7 a gap in the registers": (
        "register_not_next",
        (REGISTER.replace(f"SELECT {R}", f"SELECT {R} + 1"), seal(0, no=f"{R} + 1"))),
    "I7 the counter set back": (
        "counter_is_not_the_last", ("UPDATE counter SET value = value - 1",)),
    "I7 the counter set forward": (
        "counter_is_not_the_last", ("UPDATE counter SET value = value + 1",)),
    "I7 the counter gone": ("counter_stays", ("DELETE FROM counter",)),
    "I8 recorded before the last": (
        "recorded_before_the_last",
        (REGISTER.replace(LAST, "'2000-01-01T00:00:00Z'"), journal(), *PAIR, seal(2))),
    "I9 a key twice": (
        "UNIQUE|unique",
        (REGISTER, journal().replace("'intruder', '2026", "(SELECT min(key) FROM journal_entry),"
                                     " '2026"))),
    "I34 a mapping that the same person approves": (
        "CHECK|check constraint", (mapping("add", "anna"), mapping("approve", "Anna", "anna"))),
    "I34 a mapping of another's state approved": (
        "mapping_move", (mapping("add", "anna"), mapping("approve", "berta", "carl"))),
    "I34 a mapping approved beyond what was written": (
        "mapping_move",
        (mapping("add", "anna"), mapping("approve", "berta", "anna").replace("4980", "4981"))),
    "I34 a mapping edited after it was removed": (
        "mapping_move",
        (mapping("add", "anna"), mapping("remove", "anna"), mapping("edit", "anna"))),
    "I34 a mapping added twice": ("mapping_move", (mapping("add", "anna"), mapping("add", "anna"))),
    "I34 a mapping changed without a trace": (
        "append_only", (mapping("add", "anna"), "UPDATE mapping SET target_no = 'X'")),
    "I10 a closed period": (
        "period_closed",
        ("INSERT INTO period_event (id, closed_through, action, actor, after_register)"
         f" SELECT 999999, '2026-12-31', 'close', 'intruder', {R} - 1", *WHOLE, seal(2))),
    "I10 opened again by one alone": (
        "period_move",
        ("INSERT INTO period_event (closed_through, action, actor, second_actor, reason,"
         f" after_register) SELECT '', 'reopen', 'intruder', 'intruder', 'why', {R} - 1",)),
    "I10 opened again without a request": (
        "period_move", (reopen("anna", "berta", "(SELECT max(id) FROM request)"),)),
    "I10 opened again on a request of before": (
        "period_move",
        (asked("'anna'", "'0'"), reopen("anna", "berta", "(SELECT max(id) FROM request)"))),
    "I10 opened again by who asked for it": (
        "period_move",
        (asked("'anna'"), reopen("anna", "Anna", "(SELECT max(id) FROM request)"))),
    "I34 a request without a reason": ("CHECK|check", (asked("'anna'", reason="''"),)),
    "I34 a request changed": (
        "append_only", (asked("'anna'"), "UPDATE request SET actor = 'berta'")),
    "I11 a fork of the chain": ("chain_forked", (*WHOLE, seal(2, prev="'0'"))),
    "I12 money from nowhere": (
        "unbalanced", (REGISTER, journal(), posting(1, "100"), posting(2, "100"), seal(2))),
    "I12 values that do not balance": (
        "company_unbalanced",
        (REGISTER, journal(), worth(1, "100", "93"), worth(2, "-100", "-92"), rated(), seal(2))),
    "I12 a value for one side only": (
        "company_unbalanced",
        (REGISTER, journal(), worth(1, "100", "0"), posting(2, "-100", "'USD'"), rated(),
         seal(2))),
    "I12 a value in the company's own currency": (
        "company_unbalanced",
        (REGISTER, journal(), worth(1, "100", "93", "'EUR'"), worth(2, "-100", "-93", "'EUR'"),
         rated(), seal(2))),
    "I12 a value from nowhere": (
        "value_without_rate",
        (REGISTER, journal(), worth(1, "100", "93"), worth(2, "-100", "-93"), seal(2))),
    "I12 a rate and no value": ("value_without_rate", (*WHOLE, rated(), seal(2))),
    "I12 valued twice": (
        "UNIQUE|unique|duplicate",
        (REGISTER, journal(), worth(1, "0", "93"), worth(2, "0", "-93"),
         rated("(SELECT min(values_no) FROM valuation)"))),
    "I12 a valuation that moves more than a value": (
        "valued_twice",
        (REGISTER, journal(), worth(1, "100", "93"), worth(2, "-100", "-93"),
         rated("(SELECT min(no) FROM journal_entry WHERE no NOT IN (SELECT values_no FROM"
               " valuation))"), seal(2))),
    "I13 closed with something left of its value": (
        "value_of_closed",
        (REGISTER, journal(), worth(1, OWED, f"{CARRIED} - 1"),
         worth(2, f"-{OWED}", f"1 - {CARRIED}", gl=CONTROL),
         application(1, FOREIGN, OWED), rated(),
         lowers(FOREIGN, carried=f"{CARRIED} - 1", applied=f"{CARRIED} - 1"), seal(2, 1))),
    "I13 a value that is not posted": (
        "value_not_posted",
        (REGISTER, journal(), worth(1, OWED, "1"), worth(2, f"-{OWED}", "-1", gl=CONTROL),
         application(1, FOREIGN, OWED), rated(),
         lowers(FOREIGN, carried=CARRIED, applied=CARRIED), seal(2, 1))),
    "I13 a gain that nothing explains": (
        "value_parts",
        (REGISTER, journal(), worth(1, OWED, CARRIED), worth(2, f"-{OWED}", f"-{CARRIED}"),
         application(1, FOREIGN, OWED), rated(),
         lowers(FOREIGN, carried=CARRIED, applied=CARRIED, fx="7"), seal(2, 1))),
    "I14 remaining set by hand": (
        "entry_remaining",
        (f"UPDATE entry SET remaining_amount = remaining_amount - 1 WHERE id = {ENTRY}",)),
    "I14 a bank entry set by hand": (
        "bank_entry_remaining|CHECK|check",
        ("UPDATE bank_entry SET remaining_amount = CASE WHEN remaining_amount = 0 THEN amount"
         " ELSE 0 END WHERE id = (SELECT min(id) FROM bank_entry WHERE amount <> 0)",)),
    "I15 over-applied": (
        "CHECK|check",
        (*WHOLE, application(1, ENTRY, "900000000000"), seal(2, 1))),
    "I16 a line not explained": (
        "line_not_explained", (REGISTER, journal(line=LINE), *PAIR, seal(2))),
    "I17 a line settled twice": (
        "line_settled_twice",
        (REGISTER, journal(line=SETTLED), *copies(SETTLED_NO),
         seal(f"(SELECT count(*) FROM posting WHERE journal_entry_no = {SETTLED_NO})",
              f"(SELECT count(*) FROM application WHERE journal_entry_no = {SETTLED_NO})"))),
    "I18 another party": (
        "application_party",
        (*WHOLE, application(1, ENTRY, "1", party="'nobody'"), seal(2, 1))),
    "I18 another currency": (
        "application_currency",
        (REGISTER, journal(), posting(1, "1", "'XXX'"), posting(2, "-1", "'XXX'"),
         application(1, ENTRY, "1"), seal(2, 1))),
    "I19 amounts that do not add up": (
        "application_sum", (*WHOLE, application(1, ENTRY, "1", applied="2"), seal(2, 1))),
    "I19 an application that raises the entry": (
        "reopens_without_undoing",
        (*WHOLE, application(1, ENTRY, "-1"), seal(2, 1))),
    "I20 undone by half": (
        "CHECK|check",
        (*WHOLE, application(1, ENTRY, "1"),
         "INSERT INTO application (journal_entry_no, seq, role, applied_amount, entry_amount,"
         f" discount_amount, difference_amount, unapplies_no) SELECT {N}, 9, 'settles', 0, 0, 0, 0,"
         " 1")),
    "I20 an un-application that undoes nothing": (
        "unapplies_nothing",
        (REGISTER, journal(kind="'unapplication'"), *PAIR, seal(2))),
    "I20 an un-application that leaves the line unexplained": (
        "unapplication_uneven|tax_not_undone",
        (REGISTER, journal(kind="'unapplication'"), *PAIR, UNDO_TAXED, seal(2, 1))),
    "I22 closed by hand": (
        "entry_remaining", (f"UPDATE entry SET remaining_amount = 0 WHERE id = {ENTRY}",)),
    "I22 born closed": (
        "entry_remaining",
        (REGISTER, journal(), *PAIR,
         "INSERT INTO entry (id, journal_entry_no, party_type, party_no, document_type,"
         " document_no, instalment, posting_date, currency, amount, initial_amount,"
         " remaining_amount, discount_amount, discount_amount_2) SELECT 999999, "
         f"{N}, 'customer', 'x', 'invoice', 'x', 1, '2026-12-01', 'EUR', 5, 5, 0, 0, 0")),
    "I44 a payment part over less than its entries": (
        "payment_part_is_not_its_entries", (part_entry(ENTRY), payment_part("amount - 1"))),
    "I44 a payment part of another customer": (
        "payment_part_is_not_its_entries", (part_entry(ENTRY), payment_part("amount", "'X'"))),
    "I44 a payment part without entries": (
        "payment_part_is_not_its_entries", (payment_part("amount"),)),
    "I44 an entry put into a payment part that is sealed": (
        "payment_part_is_sealed",
        (part_entry(ENTRY), payment_part("amount"), part_entry("(SELECT max(id) FROM entry)"))),
    "I44 an entry of a payment part that never comes": (
        "FOREIGN KEY|foreign key", (part_entry(ENTRY),)),
    "I23 a file twice": (
        "feed_file_exists|unique",
        ("INSERT INTO feed_file (sha256, size, actor) SELECT min(sha256), 1, 'intruder'"
         " FROM feed_file",)),
    "I24 a number of a year twice": (
        "UNIQUE|unique",
        (bank_line(), statement("received").replace("'999', '2026-12-01', ''", NUMBER))),
    "I25 a statement out of its chain": (
        "not_the_next_statement|statement_not_received|UNIQUE|unique|statement_chain_exists",
        (CLOSE.format(ord=99, id=STATEMENT),)),
    "I25 a closing undone without a request": (
        "not_two_people|CHECK|check", (undo("anna", "berta", "(SELECT max(id) FROM request)"),)),
    "I25 a closing undone by who asked for it": (
        "not_two_people", (UNDO_ASKED, undo("anna", "Anna", "999999"))),
    "I25 a closing undone that is not the last": (
        "not_the_last_statement", (UNDO_ASKED, undo("anna", "berta", "999999", ord="1"))),
    "I30 a closing undone and its statement reconciled": (
        "statement_is_closed|statement_not_received",
        (UNDO_ASKED, undo("anna", "berta", "999999"),
         CLOSE.format(ord=f"{LAST_ORD} + 1", id=LAST_CLOSED))),
    "I30 a statement refused without a request": (
        "not_two_people", (refusal("anna", "berta"),)),
    "I30 a statement refused that is not held": (
        "statement_is_not_as_it_was", (refusal("anna", "berta", STATEMENT),)),
    "I30 a statement refused by nobody": (
        "statement_refused_by_nobody",
        (f"UPDATE statement SET status = 'refused' WHERE id = {STRANGE}",)),
    "I30 a refused statement held again by nobody": (
        "statement_refused_by_nobody",
        (f"UPDATE statement SET status = 'held' WHERE id = {REFUSED}",)),
    "I26 lines that are not the movement": (
        "statement_is_not_its_lines", (bank_line(), statement("received", net="99"))),
    "I26 balances that do not tie": (
        "CHECK|check", (bank_line(), statement("received", closing="99"))),
    "I26 taken although it does not tie": (
        "CHECK|check",
        (bank_line(), statement("held", closing="99"),
         "UPDATE statement SET status = 'received' WHERE id = 999999")),
    "I27 a line of a held statement": (
        "held_line_posted|line_not_explained",
        (*HELD, REGISTER, journal(line="999999"), *PAIR, seal(2))),
    "I28 a line number twice": (
        "statement_is_complete|statement_line_exists|unique",
        ("INSERT INTO statement_line (line_id, statement_id, line_no, amount, charges,"
         " original_amount, occurrence, before_cutover) SELECT 999999, statement_id, line_no,"
         " amount, 0, 0, 1, 0 FROM statement_line ORDER BY line_id LIMIT 1",)),
    "I28 a twin that is not counted": (
        "UNIQUE|unique",
        (bank_line(), bank_line(2).replace("0, 0, 2, 0", "0, 0, 1, 0"), statement("received"))),
    "I28 a line after the statement": (
        "statement_is_complete",
        ("INSERT INTO statement_line (line_id, statement_id, line_no, amount, charges,"
         f" original_amount, occurrence, before_cutover) SELECT 999999, {STATEMENT}, 999, 1, 0, 0,"
         " 1, 0",)),
    "I29 a statement in another currency than its account": (
        "statement_currency", (bank_line(), statement("received", currency="'USD'"))),
    "I29 taken in another currency": (
        "statement_currency",
        (bank_line(), statement("held", currency="'USD'"),
         "UPDATE statement SET status = 'received' WHERE id = 999999")),
    "I30 back from reconciled": (
        "statement_not_in_chain",
        (f"UPDATE statement SET status = 'received' WHERE id = {STATEMENT}",)),
    "I30 an unknown state": (
        "CHECK|check|statement_move",
        (f"UPDATE statement SET status = 'lost' WHERE id = {STATEMENT}",)),
    "I31 the bank's account without a line": (
        "bank_without_line",
        (REGISTER, journal(), posting(1, "5", gl=BANK), posting(2, "-5"), seal(2))),
    "I16 the bank's account in another currency": (
        "bank_without_line|line_not_on_the_bank",
        (*RECEIVED, REGISTER, journal(line="999999"), posting(1, "100", "'USD'", gl=BANK),
         posting(2, "-100", "'USD'"), application(1, "NULL", "0", applied="100", party="''"),
         seal(2, 1))),
    "I31 the bank's account in another currency, too": (
        "bank_without_line",
        (*RECEIVED, REGISTER, journal(line="999999"), posting(1, "100", gl=BANK),
         posting(2, "-100"), posting(3, "5", "'USD'", gl=BANK), posting(4, "-5", "'USD'"),
         application(1, "NULL", "0", applied="100", party="''"), seal(4, 1))),
    "I31 another bank's account by a line": (
        "bank_without_line|line_not_on_the_bank",
        (*RECEIVED, REGISTER, journal(line="999999"), posting(1, "100", gl=BANK),
         posting(2, "-100", gl=OTHER_BANK),
         application(1, "NULL", "0", applied="100", party="''"), seal(2, 1))),
    "I31 closed with another balance": (
        "statement_not_received|not_the_next_statement",
        (*RECEIVED, CLOSE.format(ord=99, id="999999").replace("s.closing", "s.closing + 1"))),
    "I32 closed with a line that nothing explains": (
        "statement_has_open_lines",
        (bank_line(), statement("received", opening=LAST_CLOSING, closing=f"{LAST_CLOSING} + 100"),
         CLOSE.format(ord=f"{LAST_ORD} + 1", id="999999"))),
    "I36 nobody": ("CHECK|check", (REGISTER.replace("'intruder'", "''"),)),
    "I36 of no kind": ("CHECK|check", (REGISTER.replace("'manual'", "''"),)),
    "I39 shares that are not posted to their party": (
        "split_not_posted",
        (*RECEIVED, REGISTER, journal(line="999999"), posting(1, "100", gl=BANK),
         posting(2, "-100"), application(1, ENTRY, "100"), seal(2, 1))),
    "I39 a rounding of more than one cent": (
        "CHECK|check",
        (*WHOLE, application(1, ENTRY, "3", applied="1", difference="2, 'rounding'"), seal(2, 1))),
    "I39 a difference without its kind": (
        "CHECK|check",
        (*WHOLE, application(1, ENTRY, "2", applied="1", difference="1, ''"), seal(2, 1))),
    "I39 shares of a discount that there is not": (
        "tax_split", (*WHOLE, application(1, ENTRY, "1"), shares(1, "84", "16"), seal(2, 1))),
    "I39 shares that are not all of the discount": (
        "tax_split",
        (*WHOLE, application(1, ENTRY, "3", applied="1", discount="2"), shares(1, "1", "0"),
         seal(2, 1))),
    "I39 shares of a bank charge": (
        "tax_split",
        (*WHOLE, application(1, ENTRY, "3", applied="1", difference="2, 'bank_charge'"),
         shares(1, "1", "1", "difference"), seal(2, 1))),
    "I39 a tax that is not posted": (
        "tax_not_posted",
        (*WHOLE, application(1, ENTRY, "3", applied="1", discount="2"), shares(1, "1", "1"),
         seal(2, 1))),
    "I39 shares that stay when their application is undone": (
        "tax_not_undone",
        (*WHOLE, UNDO_TAXED, seal(2, 1))),
    "I39 a tax without its account": (
        "CHECK|check",
        (*WHOLE, application(1, ENTRY, "3", applied="1", discount="2"),
         shares(1, "1", "1").replace(PLAIN, "''"))),
    "I40 a posting to no account": (
        "FOREIGN KEY|foreign key",
        (REGISTER, journal(), posting(1, "1", gl="'?'"))),
    "I40 an application to no entry": (
        "FOREIGN KEY|foreign key|NOT NULL|not-null|null value",
        (*WHOLE, application(1, "999999", "1", party="''"), seal(2, 1))),
    "I37 a number left out": (
        "FOREIGN KEY|foreign key",
        (NEW_RUN, told(number="number + 2", prev_number="number + 1"))),
    "I37 a number twice": (
        "UNIQUE|unique", (NEW_RUN, told(number="number", prev_number="prev_number"))),
    "I37 a revision of nothing": (
        "FOREIGN KEY|foreign key",
        (NEW_RUN, told(revision="revision + 2", prev_revision="revision + 1"))),
    "I37 a statement of another day than its run": (
        "not_the_date_of_the_run", (NEW_RUN, told(as_of="'2020-01-31'"))),
    "I37 a statement told otherwise": (
        "append_only", ("UPDATE customer_statement SET content = 'otherwise'",)),
    "I37 a statement that joins a composed run": ("run_is_composed", (told(),)),
    "I38 sent again without a word": (
        "delivery_move", ("UPDATE delivery SET state = 'sending' WHERE state = 'sent'",)),
    "I38 unknown sent again by itself": (
        "delivery_move", ("UPDATE delivery SET state = 'sending' WHERE state = 'unknown'",)),
    "I38 sent twice": (
        "UNIQUE|unique",
        ("INSERT INTO delivery (id, statement_id, method, state, message_id, tries, pages, actor,"
         " changed_at) SELECT 999999, statement_id, CASE method WHEN 'email' THEN 'print' ELSE"
         " 'email' END, 'pending', CASE method WHEN 'email' THEN '' ELSE 'x' END, 0, 0, 'x',"
         " changed_at FROM delivery WHERE state = 'sent' LIMIT 1",)),
    "I38 before it is approved": (
        "run_is_not_approved",
        ("UPDATE delivery SET state = 'sending', tries = 1, pdf_sha256 = content_of.sha FROM"
         " (SELECT id AS statement, content_sha256 AS sha, run_no FROM customer_statement)"
         " content_of WHERE content_of.statement = delivery.statement_id AND content_of.run_no ="
         " (SELECT max(no) FROM statement_run) AND state = 'pending'",)),
    "I38 begun as sent": (
        "delivery_begins_otherwise",
        ("INSERT INTO delivery (id, statement_id, method, state, pdf_sha256, tries, pages, actor,"
         " changed_at) SELECT 999999, statement_id, 'print', 'sent', pdf_sha256, 0, 0, 'x',"
         " changed_at FROM delivery WHERE state = 'failed' LIMIT 1",)),
    "I38 another's address": (
        "delivery_recipient", ("UPDATE delivery SET recipient = 'evil@example.org'",)),
    "I38 another's page": (
        "delivery_is_rendered",
        ("UPDATE delivery SET pdf_sha256 = replace(pdf_sha256, 'a', 'b') WHERE state = 'sent'",)),
    "I5 master data said to have been otherwise": (
        "append_only", ("UPDATE master_change SET new_value = 'DE1' WHERE new_value <> ''",)),
    **{f"I5 delete of {t}": (f"{t}_is_append_only|foreign key", (f"DELETE FROM {t}",))
       for t in COLUMN},
    **{f"I5 update of {t}": (f"{t}_is_append_only", (f"UPDATE {t} SET {c} = {c}",))
       for t, c in COLUMN.items()},
}  # fmt: skip
