CREATE FUNCTION rule_application_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'application_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'application_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_tax_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_tax_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'application_tax_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_tax_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'application_tax_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_value_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_value_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'application_value_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_application_value_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'application_value_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_bank_entry_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM changed r WHERE r.remaining_amount <> r.amount) THEN RAISE EXCEPTION 'bank_entry_remaining' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_bank_entry_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'bank_entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_bank_entry_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'bank_entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_bank_entry_remaining() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r WHERE r.remaining_amount <> r.amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.bank_entry_id = r.id)) THEN RAISE EXCEPTION 'bank_entry_remaining' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_closing() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.undoes_ord IS NULL AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.id = NEW.statement_id AND s.status = 'received' AND s.bank_account_no = NEW.bank_account_no AND (s.closing = NEW.closing OR substr(s.format, 1, 3) = 'ofx') AND NEW.opening + s.net - coalesce((SELECT sum(k.amount) FROM statement_line k WHERE k.statement_id = s.id AND k.before_cutover = 1), 0) = NEW.closing)) THEN RAISE EXCEPTION 'statement_not_received' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM closed_statement c WHERE NEW.undoes_ord IS NULL AND c.statement_id = NEW.statement_id) THEN RAISE EXCEPTION 'statement_is_closed' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NEW.undoes_ord IS NOT NULL AND NOT EXISTS (SELECT 1 FROM closed_statement c WHERE c.bank_account_no = NEW.bank_account_no AND c.ord = NEW.undoes_ord AND c.statement_id = NEW.statement_id AND c.opening = NEW.closing AND c.closing = NEW.opening AND NOT EXISTS (SELECT 1 FROM closed_statement n WHERE n.bank_account_no = c.bank_account_no AND n.ord > c.ord))) THEN RAISE EXCEPTION 'not_the_last_statement' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NEW.undoes_ord IS NOT NULL AND (lower(NEW.second_actor) IN ('', lower(NEW.actor)) OR NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id AND q.kind = 'undo_statement' AND q.subject = NEW.bank_account_no || '/' || (SELECT s.statement_no FROM statement s WHERE s.id = NEW.statement_id) AND q.seen = CAST(NEW.undoes_ord AS TEXT) AND q.actor = NEW.actor))) THEN RAISE EXCEPTION 'not_two_people' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM statement_line l WHERE NEW.undoes_ord IS NULL AND l.statement_id = NEW.statement_id AND l.amount <> 0 AND l.before_cutover = 0 AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.line_id = l.line_id AND j.reverses_no IS NULL AND j.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no))) THEN RAISE EXCEPTION 'statement_has_open_lines' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NEW.ord <> 1 + (SELECT coalesce(max(ord), 0) FROM statement_chain WHERE bank_account_no = NEW.bank_account_no)) THEN RAISE EXCEPTION 'not_the_next_statement' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_counter_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'counter_stays' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_counter_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.name <> OLD.name OR NEW.value < OLD.value OR NEW.value <> CASE NEW.name WHEN 'register' THEN (SELECT max(register_no) FROM register_seal) ELSE (SELECT max(no) FROM journal_entry) END) THEN RAISE EXCEPTION 'counter_is_not_the_last' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_customer_statement_erased() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.content NOT IN ('', OLD.content)) THEN RAISE EXCEPTION 'customer_statement_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_customer_statement_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'customer_statement_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_customer_statement_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'customer_statement_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_customer_statement_run() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM statement_run r WHERE r.no = NEW.run_no AND r.as_of = NEW.as_of)) THEN RAISE EXCEPTION 'not_the_date_of_the_run' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no) THEN RAISE EXCEPTION 'run_is_composed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_decision_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'decision_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_decision_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'decision_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_delivery_begins() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.state NOT IN ('pending', 'suppressed') OR NEW.tries <> 0) THEN RAISE EXCEPTION 'delivery_begins_otherwise' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_delivery_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$  BEGIN INSERT INTO delivery_event (delivery_id, old_state, new_state, reason, actor, recorded_at) SELECT NEW.id, '', NEW.state, NEW.reason, NEW.actor, NEW.changed_at WHERE '' <> NEW.state; RETURN NEW; END $$;
CREATE FUNCTION rule_delivery_event_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'delivery_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_delivery_event_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'delivery_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_delivery_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.recipient NOT IN ('', OLD.recipient)) THEN RAISE EXCEPTION 'delivery_recipient' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE OLD.pdf_sha256 <> '' AND NEW.pdf_sha256 <> OLD.pdf_sha256) THEN RAISE EXCEPTION 'delivery_is_rendered' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NEW.tries < OLD.tries) THEN RAISE EXCEPTION 'delivery_tries' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_delivery_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.state <> OLD.state AND NOT ((OLD.state = 'pending' AND NEW.state IN ('sending', 'suppressed', 'failed')) OR (OLD.state = 'sending' AND NEW.state IN ('sent', 'pending', 'failed', 'unknown')) OR (OLD.state = 'unknown' AND NEW.state IN ('sent', 'pending', 'failed')) OR (OLD.state = 'failed' AND NEW.state IN ('pending')) OR (OLD.state = 'suppressed' AND NEW.state IN ('pending')) OR (OLD.state = 'sent' AND NEW.state IN ('failed')))) THEN RAISE EXCEPTION 'delivery_move' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NEW.state = 'sending' AND NOT EXISTS (SELECT 1 FROM statement_run_event e JOIN customer_statement s ON s.run_no = e.run_no WHERE e.action = 'approved' AND s.id = NEW.statement_id)) THEN RAISE EXCEPTION 'run_is_not_approved' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_delivery_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$  BEGIN INSERT INTO delivery_event (delivery_id, old_state, new_state, reason, actor, recorded_at) SELECT NEW.id, OLD.state, NEW.state, NEW.reason, NEW.actor, NEW.changed_at WHERE OLD.state <> NEW.state; RETURN NEW; END $$;
CREATE FUNCTION rule_delivery_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'delivery_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_delivery_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'delivery_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM changed r WHERE r.remaining_amount <> r.initial_amount) THEN RAISE EXCEPTION 'entry_remaining' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_remaining() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r WHERE r.remaining_amount <> r.initial_amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.entry_id = r.id)) THEN RAISE EXCEPTION 'entry_remaining' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_value_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_value_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'entry_value_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_entry_value_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'entry_value_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_export_batch_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'export_batch_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_export_batch_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'export_batch_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_export_file_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'export_file_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_export_file_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'export_file_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_feed_file_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'feed_file_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_feed_file_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'feed_file_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_journal_entry_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'register' AND r.register_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_journal_entry_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'journal_entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_journal_entry_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'journal_entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_line_revision_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'line_revision_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_line_revision_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'line_revision_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_load_file_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'load_file_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_load_file_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'load_file_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_mapping_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM (SELECT max(m.id) AS id FROM mapping m WHERE m.mapping_no = NEW.mapping_no) x LEFT JOIN mapping o ON o.id = x.id WHERE CASE NEW.action WHEN 'add' THEN o.id IS NOT NULL WHEN 'approve' THEN o.action NOT IN ('add', 'edit') OR o.actor <> NEW.prepared_by OR o.kind <> NEW.kind OR o.pattern <> NEW.pattern OR o.target_type <> NEW.target_type OR o.target_no <> NEW.target_no OR o.side <> NEW.side OR coalesce(o.amount_limit, 0) <> coalesce(NEW.amount_limit, 0) OR o.currency <> NEW.currency ELSE FALSE END OR (NEW.action <> 'add' AND (o.id IS NULL OR o.action = 'remove'))) THEN RAISE EXCEPTION 'mapping_move' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_mapping_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'mapping_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_mapping_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'mapping_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_master_change_erased() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.old_value NOT IN ('', OLD.old_value) OR NEW.new_value NOT IN ('', OLD.new_value)) THEN RAISE EXCEPTION 'master_change_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_master_change_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'master_change_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_master_change_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'master_change_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_page_user_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'page_user_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_page_user_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'page_user_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_payment_part_entry_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, payment_part p WHERE p.payment_reference = r.payment_reference) THEN RAISE EXCEPTION 'payment_part_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_payment_part_entry_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'payment_part_entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_payment_part_entry_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'payment_part_entry_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_payment_part_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'payment_part_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_payment_part_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'payment_part_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_payment_part_seal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE EXISTS (SELECT p.payment_reference FROM (SELECT NEW.payment_reference AS payment_reference, NEW.party_type AS party_type, NEW.party_no AS party_no, NEW.currency AS currency, NEW.amount AS amount, NEW.entries AS entries) p LEFT JOIN payment_part_entry r ON r.payment_reference = p.payment_reference LEFT JOIN entry e ON e.id = r.entry_id AND e.party_type = p.party_type AND e.party_no = p.party_no AND e.currency = p.currency AND (e.amount > 0) = (r.amount > 0) AND abs(r.amount) <= abs(e.initial_amount) GROUP BY p.payment_reference, p.amount, p.entries HAVING coalesce(sum(r.amount), 0) <> p.amount OR count(e.id) <> p.entries OR count(r.entry_id) <> p.entries)) THEN RAISE EXCEPTION 'payment_part_is_not_its_entries' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_period_event_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'period_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_period_event_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'period_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_period_log() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.after_register <> (SELECT value FROM counter WHERE name = 'register') OR CASE NEW.action WHEN 'close' THEN NEW.closed_through <= coalesce((SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1), '') WHEN 'reopen' THEN NEW.closed_through >= coalesce((SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1), '') OR lower(NEW.second_actor) IN ('', lower(NEW.actor)) OR NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id AND q.kind = 'reopen' AND q.subject = NEW.closed_through AND q.seen = CAST((SELECT max(k.id) FROM period_event k WHERE k.id < NEW.id) AS TEXT) AND q.actor = NEW.actor) ELSE TRUE END) THEN RAISE EXCEPTION 'period_move' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_posting_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_posting_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'posting_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_posting_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'posting_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_register_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'register_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_register_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'register_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_register_seal_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'register_seal_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_register_seal_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'register_seal_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_request_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'request_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_request_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'request_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_seal_check() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ DECLARE first_no bigint := (SELECT value FROM counter WHERE name = 'journal_entry') + 1; last_no bigint := (SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries; BEGIN IF EXISTS (SELECT 1 FROM register_seal WHERE register_no = NEW.register_no) THEN RAISE EXCEPTION 'seal_exists' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM register WHERE no = NEW.register_no)) THEN RAISE EXCEPTION 'seal_without_register' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM counter WHERE name = 'register' AND value + 1 <> NEW.register_no) THEN RAISE EXCEPTION 'register_not_next' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE NEW.prev_hash <> coalesce((SELECT hash FROM register_seal WHERE register_no = NEW.register_no - 1), '0000000000000000000000000000000000000000000000000000000000000000')) THEN RAISE EXCEPTION 'chain_forked' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM register a JOIN register b ON b.no = a.no - 1 WHERE a.no = NEW.register_no AND a.recorded_at < b.recorded_at) THEN RAISE EXCEPTION 'recorded_before_the_last' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM (SELECT count(*) AS n, min(no) AS low, max(no) AS high FROM journal_entry WHERE register_no = NEW.register_no) t WHERE t.n = 0 OR t.low <> first_no OR t.high <> last_no OR t.n <> t.high - t.low + 1) THEN RAISE EXCEPTION 'journal_entry_numbers' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE (SELECT count(*) FROM posting WHERE journal_entry_no BETWEEN first_no AND last_no) <> NEW.postings OR (SELECT count(*) FROM application WHERE journal_entry_no BETWEEN first_no AND last_no) <> NEW.applications) THEN RAISE EXCEPTION 'counts' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM posting WHERE journal_entry_no BETWEEN first_no AND last_no GROUP BY journal_entry_no, currency HAVING sum(amount) <> 0) THEN RAISE EXCEPTION 'unbalanced' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j WHERE j.no BETWEEN first_no AND last_no AND (SELECT count(*) FROM posting p WHERE p.journal_entry_no = j.no) < 2) THEN RAISE EXCEPTION 'fewer_than_two_postings' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM posting p JOIN bank_account b ON b.bank_account_no = p.bank_account_no WHERE p.journal_entry_no BETWEEN first_no AND last_no AND b.currency <> p.currency) THEN RAISE EXCEPTION 'posting_currency' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry j ON j.no = a.journal_entry_no JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.role = 'settles' AND e.currency <> s.currency AND a.journal_entry_no IN (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no BETWEEN first_no AND last_no GROUP BY p.journal_entry_no HAVING min(p.currency) <> max(p.currency) UNION ALL SELECT x.journal_entry_no FROM application x WHERE x.journal_entry_no BETWEEN first_no AND last_no AND x.entry_id IS NOT NULL AND x.entry_amount <> x.applied_amount + x.discount_amount + x.difference_amount) AND (a.discount_amount <> 0 OR a.difference_amount <> 0 OR (a.entry_amount > 0) <> (a.applied_amount > 0) OR o.applied_amount <> -a.applied_amount) UNION ALL SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry j ON j.no = a.journal_entry_no JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.role = 'settles' AND e.currency <> s.currency AND a.journal_entry_no IN (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no BETWEEN first_no AND last_no GROUP BY p.journal_entry_no HAVING min(p.currency) <> max(p.currency) UNION ALL SELECT x.journal_entry_no FROM application x WHERE x.journal_entry_no BETWEEN first_no AND last_no AND x.entry_id IS NOT NULL AND x.entry_amount <> x.applied_amount + x.discount_amount + x.difference_amount) AND o.seq IS NULL AND NOT EXISTS (SELECT 1 FROM application r WHERE r.journal_entry_no = j.reverses_no AND r.entry_id = a.entry_id AND r.entry_amount = -a.entry_amount AND r.applied_amount = -a.applied_amount) GROUP BY a.journal_entry_no, a.line_id, l.original_currency, l.original_amount HAVING min(e.currency) <> l.original_currency OR max(e.currency) <> l.original_currency OR abs(sum(a.entry_amount)) <> l.original_amount) THEN RAISE EXCEPTION 'exchanged_otherwise' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM application a JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.journal_entry_no BETWEEN first_no AND last_no AND (o.unapplies_no IS NOT NULL OR coalesce(o.entry_id, 0) <> coalesce(a.entry_id, 0) OR coalesce(o.bank_entry_id, 0) <> coalesce(a.bank_entry_id, 0) OR o.entry_amount <> -a.entry_amount OR o.discount_amount <> -a.discount_amount OR o.difference_amount <> -a.difference_amount OR o.rule = 'parking' AND (o.gl_account <> a.gl_account OR o.applied_amount <> -a.applied_amount OR o.line_id <> a.line_id))) THEN RAISE EXCEPTION 'undone_not_negated' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT f.no FROM journal_entry f WHERE f.kind = 'release' AND f.line_id IN (SELECT n.line_id FROM journal_entry n WHERE n.no BETWEEN first_no AND last_no) AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = f.no) AND ((SELECT count(*) FROM journal_entry k WHERE k.line_id = f.line_id AND k.kind = 'parking' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = k.no)) <> 1 OR EXISTS (SELECT 1 FROM journal_entry k WHERE k.line_id = f.line_id AND k.no <> f.no AND k.kind = 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = k.no)))) THEN RAISE EXCEPTION 'released_without_parking' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j WHERE j.no BETWEEN first_no AND last_no AND j.reverses_no IS NOT NULL AND EXISTS (SELECT 1 FROM (SELECT gl_account, currency, amount, coalesce(amount_company, 0) AS company, 1 AS n FROM posting WHERE journal_entry_no = j.no UNION ALL SELECT gl_account, currency, -amount, -coalesce(amount_company, 0), -1 FROM posting WHERE journal_entry_no = j.reverses_no) t GROUP BY gl_account, currency, amount, company HAVING sum(n) <> 0)) THEN RAISE EXCEPTION 'not_the_negation' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN first_no AND last_no AND o.reverses_no IS NOT NULL) THEN RAISE EXCEPTION 'reversal_of_a_reversal' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j JOIN journal_entry o ON o.no = j.reverses_no JOIN statement_line l ON l.line_id = o.line_id JOIN closed_statement c ON c.statement_id = l.statement_id WHERE j.no BETWEEN first_no AND last_no AND o.kind <> 'release') THEN RAISE EXCEPTION 'closed_line_reopened' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j WHERE j.no BETWEEN first_no AND last_no AND j.posting_date <= (SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1)) THEN RAISE EXCEPTION 'period_closed' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT t.no FROM (SELECT p.journal_entry_no AS no, p.party_type, p.party_no, p.amount FROM posting p WHERE p.journal_entry_no BETWEEN first_no AND last_no AND p.party_no <> '' UNION ALL SELECT a.journal_entry_no, a.party_type, a.party_no, CASE WHEN a.entry_id IS NULL THEN a.applied_amount ELSE a.entry_amount END FROM application a WHERE a.journal_entry_no BETWEEN first_no AND last_no AND a.role = 'settles' AND a.party_no <> '' AND a.gl_account = '' AND a.bank_entry_id IS NULL) t JOIN journal_entry j ON j.no = t.no WHERE j.line_id IS NOT NULL GROUP BY t.no, t.party_type, t.party_no HAVING sum(t.amount) <> 0) THEN RAISE EXCEPTION 'split_not_posted' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT j.no FROM journal_entry j WHERE j.no BETWEEN first_no AND last_no AND j.kind = 'unapplication' AND (j.line_id IS NOT NULL OR EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND a.role = 'settles' AND a.entry_id IS NOT NULL AND a.unapplies_no IS NULL) OR NOT EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND a.unapplies_no IS NOT NULL))) THEN RAISE EXCEPTION 'unapplies_nothing' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT j.no FROM journal_entry j WHERE j.no BETWEEN first_no AND last_no AND j.kind = 'application' AND (j.line_id IS NOT NULL OR EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND (a.unapplies_no IS NOT NULL OR a.role = 'external' OR a.gl_account <> '')))) THEN RAISE EXCEPTION 'applies_wrongly' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT k.no FROM (SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN first_no AND last_no AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k CROSS JOIN application a WHERE a.journal_entry_no = k.no AND a.role = 'settles' GROUP BY k.no, a.line_id HAVING sum(a.applied_amount) <> 0) THEN RAISE EXCEPTION 'unapplication_uneven' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT t.no FROM (SELECT k.no, p.party_type, p.party_no, p.amount FROM (SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN first_no AND last_no AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k CROSS JOIN posting p WHERE p.journal_entry_no = k.no AND p.party_no <> '' UNION ALL SELECT k.no, a.party_type, a.party_no, a.entry_amount FROM (SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN first_no AND last_no AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k CROSS JOIN application a WHERE a.journal_entry_no = k.no AND a.entry_id IS NOT NULL) t GROUP BY t.no, t.party_type, t.party_no HAVING sum(t.amount) <> 0) THEN RAISE EXCEPTION 'unapplication_not_posted' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT p.journal_entry_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no LEFT JOIN journal_entry o ON o.no = j.reverses_no LEFT JOIN statement_line l ON l.line_id = j.line_id LEFT JOIN statement s ON s.id = l.statement_id WHERE j.no BETWEEN first_no AND last_no AND p.gl_account IN (SELECT gl_account FROM bank_account) AND coalesce(o.kind, j.kind) <> 'opening' AND p.amount <> 0 AND NOT EXISTS (SELECT 1 FROM bank_account b WHERE b.gl_account = p.gl_account AND b.bank_account_no = s.bank_account_no)) THEN RAISE EXCEPTION 'bank_without_line' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT t.journal_entry_no FROM application_tax t JOIN application a ON a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN first_no AND last_no GROUP BY t.journal_entry_no, t.seq, t.part, a.discount_amount, a.difference_amount, a.difference_kind, a.role HAVING a.role <> 'settles' OR sum(t.base_amount + t.tax_amount) <> CASE WHEN t.part = 'discount' THEN a.discount_amount WHEN a.difference_kind IN ('tolerance', 'write_off') THEN a.difference_amount ELSE 0 END) THEN RAISE EXCEPTION 'tax_split' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT no FROM (SELECT t.journal_entry_no AS no, t.seq, t.part, t.tax_code, t.gl_account, t.base_amount AS base, t.tax_amount AS tax FROM application_tax t JOIN application a ON a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN first_no AND last_no AND a.unapplies_no IS NOT NULL UNION ALL SELECT a.journal_entry_no, a.seq, o.part, o.tax_code, o.gl_account, o.base_amount, o.tax_amount FROM application a JOIN application_tax o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.journal_entry_no BETWEEN first_no AND last_no) t GROUP BY no, seq, part, tax_code, gl_account HAVING sum(base) <> 0 OR sum(tax) <> 0) THEN RAISE EXCEPTION 'tax_not_undone' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT t.no FROM (SELECT journal_entry_no AS no, gl_account, sum(tax_amount) AS tax FROM application_tax WHERE journal_entry_no BETWEEN first_no AND last_no AND tax_amount <> 0 GROUP BY journal_entry_no, gl_account) t WHERE t.tax <> (SELECT coalesce(sum(p.amount), 0) FROM posting p WHERE p.journal_entry_no = t.no AND p.gl_account = t.gl_account) + (SELECT coalesce(sum(a.applied_amount), 0) FROM application a WHERE a.journal_entry_no = t.no AND a.gl_account = t.gl_account AND a.role = 'settles')) THEN RAISE EXCEPTION 'tax_not_posted' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no IN (SELECT v.journal_entry_no FROM posting v WHERE v.amount_company IS NOT NULL AND v.journal_entry_no BETWEEN first_no AND last_no) GROUP BY p.journal_entry_no, p.currency HAVING count(p.amount_company) <> CASE WHEN p.currency = (SELECT m.value FROM meta m WHERE m.key = 'company_currency') THEN 0 ELSE count(*) END OR sum(p.amount_company) <> 0) THEN RAISE EXCEPTION 'company_unbalanced' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT p.journal_entry_no FROM posting p WHERE p.amount_company IS NOT NULL AND p.journal_entry_no BETWEEN first_no AND last_no AND NOT EXISTS (SELECT 1 FROM valuation v WHERE v.journal_entry_no = p.journal_entry_no) UNION ALL SELECT v.journal_entry_no FROM valuation v WHERE v.journal_entry_no BETWEEN first_no AND last_no AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.journal_entry_no = v.journal_entry_no AND p.amount_company IS NOT NULL)) THEN RAISE EXCEPTION 'value_without_rate' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT v.journal_entry_no FROM valuation v WHERE v.journal_entry_no BETWEEN first_no AND last_no AND v.values_no <> v.journal_entry_no AND EXISTS (SELECT 1 FROM posting p WHERE (p.journal_entry_no = v.values_no AND p.amount_company IS NOT NULL) OR (p.journal_entry_no = v.journal_entry_no AND p.amount <> 0))) THEN RAISE EXCEPTION 'valued_twice' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT t.journal_entry_no FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN first_no AND last_no AND ((a.entry_id IS NULL AND a.bank_entry_id IS NULL) OR (a.role = 'settles' AND t.entry_company <> t.applied_company + t.discount_company + t.difference_company + t.fx_company) OR (a.role <> 'settles' AND (t.applied_company <> 0 OR t.discount_company <> 0 OR t.difference_company <> 0 OR t.fx_company <> 0)))) THEN RAISE EXCEPTION 'value_parts' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT t.journal_entry_no FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq JOIN journal_entry j ON j.no = a.journal_entry_no LEFT JOIN application_value o ON o.application_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE t.journal_entry_no BETWEEN first_no AND last_no AND a.unapplies_no IS NOT NULL AND (o.seq IS NULL OR o.entry_company <> -t.entry_company OR o.discount_company <> -t.discount_company OR o.difference_company <> -t.difference_company OR (j.line_id IS NULL AND j.reverses_no IS NULL AND (o.applied_company <> -t.applied_company OR o.fx_company <> -t.fx_company)))) THEN RAISE EXCEPTION 'value_not_undone' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT e.id FROM entry e LEFT JOIN entry_value s ON s.entry_id = e.id WHERE e.id IN (SELECT a.entry_id FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN first_no AND last_no AND a.entry_id IS NOT NULL) AND (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.entry_id = e.id) <> CASE (SELECT sum(a.entry_amount) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.entry_id = e.id) WHEN e.initial_amount THEN coalesce(s.amount_company, 0) WHEN 0 THEN 0 ELSE (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.entry_id = e.id) END UNION ALL SELECT e.id FROM bank_entry e LEFT JOIN entry_value s ON s.bank_entry_id = e.id WHERE e.id IN (SELECT a.bank_entry_id FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN first_no AND last_no AND a.bank_entry_id IS NOT NULL) AND (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.bank_entry_id = e.id) <> CASE (SELECT sum(a.entry_amount) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.bank_entry_id = e.id) WHEN e.amount THEN coalesce(s.amount_company, 0) WHEN 0 THEN 0 ELSE (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.bank_entry_id = e.id) END) THEN RAISE EXCEPTION 'value_of_closed' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT c.no FROM (SELECT v.journal_entry_no AS no, e.control_account AS account, e.currency, v.amount_company AS company FROM entry_value v JOIN entry e ON e.id = v.entry_id WHERE v.journal_entry_no BETWEEN first_no AND last_no UNION ALL SELECT v.journal_entry_no, k.transit_account, b.currency, v.amount_company FROM entry_value v JOIN bank_entry b ON b.id = v.bank_entry_id JOIN bank_account k ON k.bank_account_no = b.bank_account_no WHERE v.journal_entry_no BETWEEN first_no AND last_no UNION ALL SELECT t.journal_entry_no, e.control_account, e.currency, -t.entry_company FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq JOIN entry e ON e.id = a.entry_id WHERE t.journal_entry_no BETWEEN first_no AND last_no UNION ALL SELECT t.journal_entry_no, k.transit_account, b.currency, -t.entry_company FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq JOIN bank_entry b ON b.id = a.bank_entry_id JOIN bank_account k ON k.bank_account_no = b.bank_account_no WHERE t.journal_entry_no BETWEEN first_no AND last_no) c GROUP BY c.no, c.account HAVING sum(c.company) <> (SELECT coalesce(sum(p.amount_company), 0) FROM posting p WHERE p.journal_entry_no = c.no AND p.gl_account = c.account)) THEN RAISE EXCEPTION 'value_not_posted' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE a.journal_entry_no BETWEEN first_no AND last_no AND (e.party_type <> a.party_type OR e.party_no <> a.party_no)) THEN RAISE EXCEPTION 'application_party' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE a.journal_entry_no BETWEEN first_no AND last_no AND (e.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.journal_entry_no = a.journal_entry_no AND p.currency = e.currency))) THEN RAISE EXCEPTION 'application_currency' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE a.journal_entry_no BETWEEN first_no AND last_no AND (a.role = 'settles' AND a.entry_amount <> CASE WHEN a.entry_id IS NOT NULL THEN a.applied_amount + a.discount_amount + a.difference_amount WHEN a.bank_entry_id IS NOT NULL THEN a.applied_amount ELSE 0 END AND NOT EXISTS (SELECT 1 FROM entry c JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id WHERE c.id = a.entry_id AND c.currency <> s.currency))) THEN RAISE EXCEPTION 'application_sum' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE a.journal_entry_no BETWEEN first_no AND last_no AND (a.role <> 'counter' AND a.unapplies_no IS NULL AND (a.entry_amount < 0 AND coalesce(e.initial_amount, b.amount) > 0 OR a.entry_amount > 0 AND coalesce(e.initial_amount, b.amount) < 0))) THEN RAISE EXCEPTION 'reopens_without_undoing' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no BETWEEN first_no AND last_no AND ((SELECT coalesce(sum(a.applied_amount), 0) FROM application a WHERE a.journal_entry_no = j.no AND a.role = 'settles') <> CASE WHEN 'release' IN (j.kind, (SELECT o.kind FROM journal_entry o WHERE o.no = j.reverses_no)) THEN 0 WHEN j.reverses_no IS NULL THEN l.amount ELSE -l.amount END)) THEN RAISE EXCEPTION 'line_not_explained' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no BETWEEN first_no AND last_no AND (b.currency <> s.currency OR b.currency = s.currency AND (SELECT coalesce(sum(p.amount), 0) FROM posting p WHERE p.journal_entry_no = j.no AND p.gl_account = b.gl_account) <> CASE WHEN 'release' IN (j.kind, (SELECT o.kind FROM journal_entry o WHERE o.no = j.reverses_no)) THEN 0 WHEN j.reverses_no IS NULL THEN l.amount ELSE -l.amount END)) THEN RAISE EXCEPTION 'line_not_on_the_bank' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no BETWEEN first_no AND last_no AND (s.status NOT IN ('received', 'reconciled') OR l.before_cutover <> 0)) THEN RAISE EXCEPTION 'held_line_posted' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no BETWEEN first_no AND last_no AND (j.reverses_no IS NULL AND j.kind <> 'release' AND EXISTS (SELECT 1 FROM journal_entry n WHERE n.line_id = j.line_id AND n.no <> j.no AND n.reverses_no IS NULL AND n.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = n.no)))) THEN RAISE EXCEPTION 'line_settled_twice' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_seal_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$  BEGIN UPDATE entry SET remaining_amount = initial_amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.entry_id = entry.id) WHERE id IN (SELECT entry_id FROM application WHERE entry_id IS NOT NULL AND journal_entry_no BETWEEN (SELECT value FROM counter WHERE name = 'journal_entry') + 1 AND (SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries); UPDATE bank_entry SET remaining_amount = amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.bank_entry_id = bank_entry.id) WHERE id IN (SELECT bank_entry_id FROM application WHERE bank_entry_id IS NOT NULL AND journal_entry_no BETWEEN (SELECT value FROM counter WHERE name = 'journal_entry') + 1 AND (SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries); UPDATE counter SET value = value + NEW.journal_entries WHERE name = 'journal_entry'; UPDATE counter SET value = value + 1 WHERE name = 'register'; RETURN NEW; END $$;
CREATE FUNCTION rule_statement_born() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$  BEGIN INSERT INTO statement_event (statement_id, old_status, new_status, reason, after_register) SELECT NEW.id, '', NEW.status, NEW.reason, coalesce((SELECT value FROM counter WHERE name = 'register'), 0) WHERE '' <> NEW.status; RETURN NEW; END $$;
CREATE FUNCTION rule_statement_chain_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_chain_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_chain_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_chain_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_event_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_event_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_line_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, statement s WHERE s.id = r.statement_id) THEN RAISE EXCEPTION 'statement_is_complete' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_line_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_line_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_line_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_line_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_move() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.status <> OLD.status AND NOT ((OLD.status = 'received' AND NEW.status IN ('held', 'reconciled', 'replaced')) OR (OLD.status = 'held' AND NEW.status IN ('received', 'replaced', 'refused')) OR (OLD.status = 'announced' AND NEW.status IN ('received', 'replaced')) OR (OLD.status = 'refused' AND NEW.status IN ('replaced')) OR (OLD.status = 'reconciled' AND NEW.status IN ('received')))) THEN RAISE EXCEPTION 'statement_move' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM statement_line l JOIN journal_entry j ON j.line_id = l.line_id WHERE l.statement_id = NEW.id AND NEW.status NOT IN ('received', 'reconciled')) THEN RAISE EXCEPTION 'statement_is_posted' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM bank_account b WHERE b.bank_account_no = NEW.bank_account_no AND b.currency <> NEW.currency AND NEW.status IN ('received', 'reconciled')) THEN RAISE EXCEPTION 'statement_currency' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 WHERE (NEW.status = 'reconciled') <> EXISTS (SELECT 1 FROM closed_statement c WHERE c.statement_id = NEW.id)) THEN RAISE EXCEPTION 'statement_not_in_chain' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_statement_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$  BEGIN INSERT INTO statement_event (statement_id, old_status, new_status, reason, after_register) SELECT NEW.id, OLD.status, NEW.status, NEW.reason, coalesce((SELECT value FROM counter WHERE name = 'register'), 0) WHERE OLD.status <> NEW.status; RETURN NEW; END $$;
CREATE FUNCTION rule_statement_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_run_approved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE NEW.action = 'approved' AND NOT EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no AND e.action = 'composed')) THEN RAISE EXCEPTION 'run_is_not_composed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_statement_run_event_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_run_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_run_event_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_run_event_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_run_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_run_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_run_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_run_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_seal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 WHERE CASE NEW.status WHEN 'refused' THEN 0 ELSE NEW.line_count END <> (SELECT count(*) FROM statement_line l WHERE l.statement_id = NEW.id) OR (NEW.status <> 'refused' AND NEW.net <> (SELECT coalesce(sum(l.amount), 0) FROM statement_line l WHERE l.statement_id = NEW.id))) THEN RAISE EXCEPTION 'statement_is_not_its_lines' USING ERRCODE = 'check_violation'; END IF; IF EXISTS (SELECT 1 FROM bank_account b WHERE b.bank_account_no = NEW.bank_account_no AND b.currency <> NEW.currency AND NEW.status IN ('received', 'reconciled')) THEN RAISE EXCEPTION 'statement_currency' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_statement_skip_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_skip_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_skip_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'statement_skip_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_statement_skip_run() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no) THEN RAISE EXCEPTION 'run_is_composed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;
CREATE FUNCTION rule_suppression_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'suppression_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_suppression_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'suppression_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_valuation_late() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1 FROM changed r, counter c WHERE c.name = 'journal_entry' AND r.journal_entry_no <= c.value) THEN RAISE EXCEPTION 'register_is_sealed' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_valuation_no_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'valuation_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE FUNCTION rule_valuation_no_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$  BEGIN IF EXISTS (SELECT 1) THEN RAISE EXCEPTION 'valuation_is_append_only' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$;
CREATE TABLE acknowledgement (
    entry_id bigint NOT NULL,
    journal_entry_no bigint NOT NULL,
    CONSTRAINT acknowledgement_journal_entry_no_check CHECK (((journal_entry_no >= '-9000000000000000'::bigint) AND (journal_entry_no <= '9000000000000000'::bigint)))
);
CREATE TABLE alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE application (
    journal_entry_no bigint NOT NULL,
    seq bigint NOT NULL,
    role text,
    line_id bigint,
    entry_id bigint,
    bank_entry_id bigint,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    gl_account text DEFAULT ''::text NOT NULL,
    applied_amount bigint NOT NULL,
    entry_amount bigint NOT NULL,
    discount_amount bigint NOT NULL,
    difference_amount bigint NOT NULL,
    difference_kind text DEFAULT ''::text NOT NULL,
    confidence text DEFAULT ''::text NOT NULL,
    rule text DEFAULT ''::text NOT NULL,
    unapplies_no bigint,
    unapplies_seq bigint,
    CONSTRAINT application_applied_amount_check CHECK (((applied_amount >= '-9000000000000000'::bigint) AND (applied_amount <= '9000000000000000'::bigint))),
    CONSTRAINT application_check CHECK (((unapplies_no IS NULL) = (unapplies_seq IS NULL))),
    CONSTRAINT application_check1 CHECK (((unapplies_no IS NULL) OR (unapplies_no < journal_entry_no))),
    CONSTRAINT application_check2 CHECK (((entry_id IS NULL) OR (bank_entry_id IS NULL))),
    CONSTRAINT application_check3 CHECK (((difference_kind = ''::text) = (difference_amount = 0))),
    CONSTRAINT application_check4 CHECK (((difference_kind <> 'rounding'::text) OR ((difference_amount >= '-1'::integer) AND (difference_amount <= 1)))),
    CONSTRAINT application_difference_amount_check CHECK (((difference_amount >= '-9000000000000000'::bigint) AND (difference_amount <= '9000000000000000'::bigint))),
    CONSTRAINT application_discount_amount_check CHECK (((discount_amount >= '-9000000000000000'::bigint) AND (discount_amount <= '9000000000000000'::bigint))),
    CONSTRAINT application_entry_amount_check CHECK (((entry_amount >= '-9000000000000000'::bigint) AND (entry_amount <= '9000000000000000'::bigint))),
    CONSTRAINT application_role_check CHECK ((role = ANY (ARRAY['settles'::text, 'counter'::text, 'external'::text]))),
    CONSTRAINT application_seq_check CHECK (((seq >= '-9000000000000000'::bigint) AND (seq <= '9000000000000000'::bigint)))
);
CREATE TABLE application_tax (
    journal_entry_no bigint NOT NULL,
    seq bigint NOT NULL,
    part text NOT NULL,
    tax_code text DEFAULT ''::text NOT NULL,
    rate text DEFAULT ''::text NOT NULL,
    gl_account text DEFAULT ''::text NOT NULL,
    base_amount bigint NOT NULL,
    tax_amount bigint NOT NULL,
    CONSTRAINT application_tax_base_amount_check CHECK (((base_amount >= '-9000000000000000'::bigint) AND (base_amount <= '9000000000000000'::bigint))),
    CONSTRAINT application_tax_check CHECK (((tax_amount = 0) OR (gl_account <> ''::text))),
    CONSTRAINT application_tax_check1 CHECK ((((base_amount >= 0) AND (tax_amount >= 0)) OR ((base_amount <= 0) AND (tax_amount <= 0)))),
    CONSTRAINT application_tax_part_check CHECK ((part = ANY (ARRAY['discount'::text, 'difference'::text]))),
    CONSTRAINT application_tax_seq_check CHECK (((seq >= '-9000000000000000'::bigint) AND (seq <= '9000000000000000'::bigint))),
    CONSTRAINT application_tax_tax_amount_check CHECK (((tax_amount >= '-9000000000000000'::bigint) AND (tax_amount <= '9000000000000000'::bigint)))
);
CREATE TABLE application_value (
    application_no bigint NOT NULL,
    seq bigint NOT NULL,
    journal_entry_no bigint NOT NULL,
    entry_company bigint NOT NULL,
    applied_company bigint NOT NULL,
    discount_company bigint NOT NULL,
    difference_company bigint NOT NULL,
    fx_company bigint NOT NULL,
    CONSTRAINT application_value_applied_company_check CHECK (((applied_company >= '-9000000000000000'::bigint) AND (applied_company <= '9000000000000000'::bigint))),
    CONSTRAINT application_value_difference_company_check CHECK (((difference_company >= '-9000000000000000'::bigint) AND (difference_company <= '9000000000000000'::bigint))),
    CONSTRAINT application_value_discount_company_check CHECK (((discount_company >= '-9000000000000000'::bigint) AND (discount_company <= '9000000000000000'::bigint))),
    CONSTRAINT application_value_entry_company_check CHECK (((entry_company >= '-9000000000000000'::bigint) AND (entry_company <= '9000000000000000'::bigint))),
    CONSTRAINT application_value_fx_company_check CHECK (((fx_company >= '-9000000000000000'::bigint) AND (fx_company <= '9000000000000000'::bigint))),
    CONSTRAINT application_value_seq_check CHECK (((seq >= '-9000000000000000'::bigint) AND (seq <= '9000000000000000'::bigint)))
);
CREATE TABLE bank_account (
    bank_account_no text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    iban text DEFAULT ''::text NOT NULL,
    gl_account text DEFAULT ''::text NOT NULL,
    transit_account text DEFAULT ''::text NOT NULL,
    last_statement_no text DEFAULT ''::text NOT NULL,
    last_statement_balance bigint,
    last_statement_date text,
    statement_frequency text DEFAULT 'daily'::text NOT NULL,
    statement_numbering text DEFAULT 'none'::text NOT NULL,
    reconcile text DEFAULT 'at_posting'::text NOT NULL,
    active_from text,
    closed_on text,
    CONSTRAINT bank_account_active_from_check CHECK (((active_from IS NULL) OR (length(active_from) = 10))),
    CONSTRAINT bank_account_closed_on_check CHECK (((closed_on IS NULL) OR (length(closed_on) = 10))),
    CONSTRAINT bank_account_last_statement_balance_check CHECK (((last_statement_balance >= '-9000000000000000'::bigint) AND (last_statement_balance <= '9000000000000000'::bigint))),
    CONSTRAINT bank_account_last_statement_date_check CHECK (((last_statement_date IS NULL) OR (length(last_statement_date) = 10)))
);
CREATE TABLE bank_account_id (
    account_id text NOT NULL,
    bank_account_no text NOT NULL
);
CREATE TABLE bank_entry (
    id bigint NOT NULL,
    journal_entry_no bigint NOT NULL,
    bank_account_no text NOT NULL,
    entry_no text DEFAULT ''::text NOT NULL,
    posting_date text NOT NULL,
    amount bigint NOT NULL,
    remaining_amount bigint NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    entry_type text DEFAULT ''::text NOT NULL,
    document_no text DEFAULT ''::text NOT NULL,
    check_no text DEFAULT ''::text NOT NULL,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    batch_no text DEFAULT ''::text NOT NULL,
    end_to_end_id text DEFAULT ''::text NOT NULL,
    mandate_id text DEFAULT ''::text NOT NULL,
    applies_to_document_no text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    personal_salt text DEFAULT ''::text NOT NULL,
    personal_hash text DEFAULT ''::text NOT NULL,
    CONSTRAINT bank_entry_amount_check CHECK (((amount >= '-9000000000000000'::bigint) AND (amount <= '9000000000000000'::bigint))),
    CONSTRAINT bank_entry_check CHECK ((((amount >= 0) AND ((remaining_amount >= 0) AND (remaining_amount <= amount))) OR ((amount < 0) AND ((remaining_amount >= amount) AND (remaining_amount <= 0))))),
    CONSTRAINT bank_entry_remaining_amount_check CHECK (((remaining_amount >= '-9000000000000000'::bigint) AND (remaining_amount <= '9000000000000000'::bigint)))
);
CREATE SEQUENCE bank_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE bank_entry_id_seq OWNED BY bank_entry.id;
CREATE TABLE statement_chain (
    bank_account_no text NOT NULL,
    ord bigint NOT NULL,
    prev_ord bigint,
    statement_id bigint NOT NULL,
    opening bigint NOT NULL,
    closing bigint NOT NULL,
    undoes_ord bigint,
    actor text NOT NULL,
    second_actor text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    request_id bigint,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT statement_chain_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT statement_chain_check CHECK (
CASE
    WHEN (ord = 1) THEN (prev_ord IS NULL)
    ELSE ((prev_ord IS NOT NULL) AND (prev_ord = (ord - 1)))
END),
    CONSTRAINT statement_chain_check1 CHECK (((undoes_ord IS NULL) OR (undoes_ord < ord))),
    CONSTRAINT statement_chain_check2 CHECK (((undoes_ord IS NULL) = (request_id IS NULL))),
    CONSTRAINT statement_chain_closing_check CHECK (((closing >= '-9000000000000000'::bigint) AND (closing <= '9000000000000000'::bigint))),
    CONSTRAINT statement_chain_opening_check CHECK (((opening >= '-9000000000000000'::bigint) AND (opening <= '9000000000000000'::bigint))),
    CONSTRAINT statement_chain_ord_check CHECK ((ord >= 1))
);
CREATE VIEW closed_statement AS
 SELECT c.statement_id,
    c.bank_account_no,
    c.ord,
    c.opening,
    c.closing,
    c.actor
   FROM statement_chain c
  WHERE ((c.undoes_ord IS NULL) AND (NOT (EXISTS ( SELECT 1
           FROM statement_chain u
          WHERE ((u.bank_account_no = c.bank_account_no) AND (u.undoes_ord = c.ord))))));
CREATE TABLE control_total (
    account text DEFAULT ''::text NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    balance bigint NOT NULL,
    date text DEFAULT ''::text NOT NULL,
    CONSTRAINT control_total_balance_check CHECK (((balance >= '-9000000000000000'::bigint) AND (balance <= '9000000000000000'::bigint)))
);
CREATE TABLE counter (
    name text NOT NULL,
    value bigint NOT NULL,
    CONSTRAINT counter_value_check CHECK (((value >= '-9000000000000000'::bigint) AND (value <= '9000000000000000'::bigint)))
);
CREATE TABLE customer_statement (
    id bigint NOT NULL,
    run_no bigint NOT NULL,
    customer_no text NOT NULL,
    number bigint NOT NULL,
    prev_number bigint,
    as_of text NOT NULL,
    style text NOT NULL,
    revision bigint NOT NULL,
    prev_revision bigint,
    balances text DEFAULT '{}'::text NOT NULL,
    content text DEFAULT ''::text NOT NULL,
    content_sha256 text NOT NULL,
    CONSTRAINT customer_statement_check CHECK (
CASE
    WHEN (number = 1) THEN (prev_number IS NULL)
    ELSE ((prev_number IS NOT NULL) AND (prev_number = (number - 1)))
END),
    CONSTRAINT customer_statement_check1 CHECK (
CASE
    WHEN (revision = 0) THEN (prev_revision IS NULL)
    ELSE ((prev_revision IS NOT NULL) AND (prev_revision = (revision - 1)))
END),
    CONSTRAINT customer_statement_content_sha256_check CHECK ((length(content_sha256) = 64)),
    CONSTRAINT customer_statement_customer_no_check CHECK ((customer_no <> ''::text)),
    CONSTRAINT customer_statement_number_check CHECK (((number >= '-9000000000000000'::bigint) AND (number <= '9000000000000000'::bigint))),
    CONSTRAINT customer_statement_prev_number_check CHECK (((prev_number >= '-9000000000000000'::bigint) AND (prev_number <= '9000000000000000'::bigint))),
    CONSTRAINT customer_statement_prev_revision_check CHECK (((prev_revision >= '-9000000000000000'::bigint) AND (prev_revision <= '9000000000000000'::bigint))),
    CONSTRAINT customer_statement_revision_check CHECK (((revision >= '-9000000000000000'::bigint) AND (revision <= '9000000000000000'::bigint))),
    CONSTRAINT customer_statement_style_check CHECK ((style <> ''::text))
);
CREATE SEQUENCE customer_statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE customer_statement_id_seq OWNED BY customer_statement.id;
CREATE TABLE decision (
    id bigint NOT NULL,
    line_id bigint NOT NULL,
    action text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    prepared_by text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    detail text DEFAULT '{}'::text NOT NULL,
    seen text DEFAULT ''::text NOT NULL,
    outcome text,
    register_no bigint,
    written_off bigint NOT NULL,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT decision_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT decision_check CHECK (((outcome = 'posted'::text) = (register_no IS NOT NULL))),
    CONSTRAINT decision_check1 CHECK ((lower(prepared_by) <> lower(actor))),
    CONSTRAINT decision_outcome_check CHECK ((outcome = ANY (ARRAY['recorded'::text, 'posted'::text, 'waiting'::text]))),
    CONSTRAINT decision_written_off_check CHECK (((written_off >= '-9000000000000000'::bigint) AND (written_off <= '9000000000000000'::bigint)))
);
CREATE SEQUENCE decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE decision_id_seq OWNED BY decision.id;
CREATE TABLE delivery (
    id bigint NOT NULL,
    statement_id bigint NOT NULL,
    method text NOT NULL,
    recipient text DEFAULT ''::text NOT NULL,
    message_id text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    tries bigint NOT NULL,
    pdf_sha256 text DEFAULT ''::text NOT NULL,
    pages bigint NOT NULL,
    actor text NOT NULL,
    changed_at text NOT NULL,
    CONSTRAINT delivery_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT delivery_changed_at_check CHECK ((length(changed_at) = 20)),
    CONSTRAINT delivery_check CHECK (((method = 'email'::text) = (message_id <> ''::text))),
    CONSTRAINT delivery_check1 CHECK (((state <> ALL (ARRAY['sending'::text, 'sent'::text, 'unknown'::text])) OR (length(pdf_sha256) = 64))),
    CONSTRAINT delivery_method_check CHECK ((method = ANY (ARRAY['email'::text, 'print'::text]))),
    CONSTRAINT delivery_pages_check CHECK (((pages >= '-9000000000000000'::bigint) AND (pages <= '9000000000000000'::bigint))),
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'suppressed'::text]))),
    CONSTRAINT delivery_tries_check CHECK (((tries >= '-9000000000000000'::bigint) AND (tries <= '9000000000000000'::bigint)))
);
CREATE TABLE delivery_event (
    id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    old_state text DEFAULT ''::text NOT NULL,
    new_state text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    actor text DEFAULT ''::text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE delivery_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE delivery_event_id_seq OWNED BY delivery_event.id;
CREATE SEQUENCE delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE delivery_id_seq OWNED BY delivery.id;
CREATE TABLE entry (
    id bigint NOT NULL,
    journal_entry_no bigint NOT NULL,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    document_type text DEFAULT ''::text NOT NULL,
    document_no text DEFAULT ''::text NOT NULL,
    instalment bigint NOT NULL,
    posting_date text NOT NULL,
    due_date text,
    document_date text,
    currency text DEFAULT ''::text NOT NULL,
    amount bigint NOT NULL,
    initial_amount bigint NOT NULL,
    remaining_amount bigint NOT NULL,
    external_document_no text DEFAULT ''::text NOT NULL,
    payment_reference text DEFAULT ''::text NOT NULL,
    discount_date text,
    discount_amount bigint NOT NULL,
    discount_tolerance_date text,
    discount_date_2 text,
    discount_amount_2 bigint NOT NULL,
    on_hold text DEFAULT ''::text NOT NULL,
    mandate_id text DEFAULT ''::text NOT NULL,
    control_account text DEFAULT ''::text NOT NULL,
    amount_company bigint,
    remaining_company bigint,
    fields text DEFAULT '{}'::text NOT NULL,
    personal_salt text DEFAULT ''::text NOT NULL,
    personal_hash text DEFAULT ''::text NOT NULL,
    CONSTRAINT entry_amount_check CHECK (((amount >= '-9000000000000000'::bigint) AND (amount <= '9000000000000000'::bigint))),
    CONSTRAINT entry_amount_company_check CHECK (((amount_company >= '-9000000000000000'::bigint) AND (amount_company <= '9000000000000000'::bigint))),
    CONSTRAINT entry_check CHECK ((((initial_amount >= 0) AND ((remaining_amount >= 0) AND (remaining_amount <= initial_amount))) OR ((initial_amount < 0) AND ((remaining_amount >= initial_amount) AND (remaining_amount <= 0))))),
    CONSTRAINT entry_discount_amount_2_check CHECK (((discount_amount_2 >= '-9000000000000000'::bigint) AND (discount_amount_2 <= '9000000000000000'::bigint))),
    CONSTRAINT entry_discount_amount_check CHECK (((discount_amount >= '-9000000000000000'::bigint) AND (discount_amount <= '9000000000000000'::bigint))),
    CONSTRAINT entry_discount_date_2_check CHECK (((discount_date_2 IS NULL) OR (length(discount_date_2) = 10))),
    CONSTRAINT entry_discount_date_check CHECK (((discount_date IS NULL) OR (length(discount_date) = 10))),
    CONSTRAINT entry_discount_tolerance_date_check CHECK (((discount_tolerance_date IS NULL) OR (length(discount_tolerance_date) = 10))),
    CONSTRAINT entry_document_date_check CHECK (((document_date IS NULL) OR (length(document_date) = 10))),
    CONSTRAINT entry_due_date_check CHECK (((due_date IS NULL) OR (length(due_date) = 10))),
    CONSTRAINT entry_initial_amount_check CHECK (((initial_amount >= '-9000000000000000'::bigint) AND (initial_amount <= '9000000000000000'::bigint))),
    CONSTRAINT entry_instalment_check CHECK (((instalment >= '-9000000000000000'::bigint) AND (instalment <= '9000000000000000'::bigint))),
    CONSTRAINT entry_remaining_amount_check CHECK (((remaining_amount >= '-9000000000000000'::bigint) AND (remaining_amount <= '9000000000000000'::bigint))),
    CONSTRAINT entry_remaining_company_check CHECK (((remaining_company >= '-9000000000000000'::bigint) AND (remaining_company <= '9000000000000000'::bigint)))
);
CREATE SEQUENCE entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE entry_id_seq OWNED BY entry.id;
CREATE TABLE entry_tax (
    entry_id bigint NOT NULL,
    tax_code text DEFAULT ''::text NOT NULL,
    rate text DEFAULT ''::text NOT NULL,
    base_amount bigint NOT NULL,
    tax_amount bigint NOT NULL,
    tax_account text DEFAULT ''::text NOT NULL,
    discount_tax_account text DEFAULT ''::text NOT NULL,
    CONSTRAINT entry_tax_base_amount_check CHECK (((base_amount >= '-9000000000000000'::bigint) AND (base_amount <= '9000000000000000'::bigint))),
    CONSTRAINT entry_tax_tax_amount_check CHECK (((tax_amount >= '-9000000000000000'::bigint) AND (tax_amount <= '9000000000000000'::bigint)))
);
CREATE TABLE entry_value (
    entry_id bigint,
    bank_entry_id bigint,
    journal_entry_no bigint NOT NULL,
    amount_company bigint NOT NULL,
    CONSTRAINT entry_value_amount_company_check CHECK (((amount_company >= '-9000000000000000'::bigint) AND (amount_company <= '9000000000000000'::bigint))),
    CONSTRAINT entry_value_check CHECK (((entry_id IS NULL) <> (bank_entry_id IS NULL)))
);
CREATE TABLE exception_item (
    id bigint NOT NULL,
    line_id bigint,
    reason text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    opened_on text,
    assigned_to text DEFAULT ''::text NOT NULL,
    remaining bigint NOT NULL,
    candidates text DEFAULT '[]'::text NOT NULL,
    hint text DEFAULT ''::text NOT NULL,
    CONSTRAINT exception_item_opened_on_check CHECK (((opened_on IS NULL) OR (length(opened_on) = 10))),
    CONSTRAINT exception_item_remaining_check CHECK (((remaining >= '-9000000000000000'::bigint) AND (remaining <= '9000000000000000'::bigint)))
);
CREATE SEQUENCE exception_item_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE exception_item_id_seq OWNED BY exception_item.id;
CREATE TABLE export_batch (
    kind text NOT NULL,
    number bigint NOT NULL,
    prev_number bigint,
    after_register bigint NOT NULL,
    through_register bigint NOT NULL,
    journal_entries bigint NOT NULL,
    postings bigint NOT NULL,
    debits text DEFAULT '{}'::text NOT NULL,
    actor text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT export_batch_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT export_batch_after_register_check CHECK (((after_register >= '-9000000000000000'::bigint) AND (after_register <= '9000000000000000'::bigint))),
    CONSTRAINT export_batch_check CHECK ((through_register > after_register)),
    CONSTRAINT export_batch_check1 CHECK (
CASE
    WHEN (number = 1) THEN ((prev_number IS NULL) AND (after_register = 0))
    ELSE ((prev_number IS NOT NULL) AND (prev_number = (number - 1)))
END),
    CONSTRAINT export_batch_journal_entries_check CHECK (((journal_entries >= '-9000000000000000'::bigint) AND (journal_entries <= '9000000000000000'::bigint))),
    CONSTRAINT export_batch_kind_check CHECK ((kind <> ''::text)),
    CONSTRAINT export_batch_number_check CHECK (((number >= '-9000000000000000'::bigint) AND (number <= '9000000000000000'::bigint))),
    CONSTRAINT export_batch_postings_check CHECK (((postings >= '-9000000000000000'::bigint) AND (postings <= '9000000000000000'::bigint))),
    CONSTRAINT export_batch_prev_number_check CHECK (((prev_number >= '-9000000000000000'::bigint) AND (prev_number <= '9000000000000000'::bigint)))
);
CREATE TABLE export_file (
    kind text NOT NULL,
    number bigint NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    row_count bigint NOT NULL,
    size bigint NOT NULL,
    sha256 text DEFAULT ''::text NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT export_file_number_check CHECK (((number >= '-9000000000000000'::bigint) AND (number <= '9000000000000000'::bigint))),
    CONSTRAINT export_file_row_count_check CHECK (((row_count >= '-9000000000000000'::bigint) AND (row_count <= '9000000000000000'::bigint))),
    CONSTRAINT export_file_size_check CHECK (((size >= '-9000000000000000'::bigint) AND (size <= '9000000000000000'::bigint)))
);
CREATE TABLE feed_file (
    sha256 text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    size bigint NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    encoding text DEFAULT ''::text NOT NULL,
    original bytea,
    CONSTRAINT feed_file_check CHECK (((status <> 'taken'::text) OR ((original IS NOT NULL) AND (length(original) > 0)))),
    CONSTRAINT feed_file_size_check CHECK (((size >= '-9000000000000000'::bigint) AND (size <= '9000000000000000'::bigint)))
);
CREATE TABLE gl_account (
    no text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    origin text DEFAULT 'loaded'::text NOT NULL
);
CREATE TABLE journal_entry (
    no bigint NOT NULL,
    register_no bigint NOT NULL,
    key text NOT NULL,
    payload_hash text DEFAULT ''::text NOT NULL,
    posting_date text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    line_id bigint,
    reverses_no bigint,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT journal_entry_check CHECK (((reverses_no IS NULL) OR ((reverses_no < no) AND (reason <> ''::text)))),
    CONSTRAINT journal_entry_posting_date_check CHECK ((length(posting_date) = 10))
);
CREATE SEQUENCE journal_entry_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE journal_entry_no_seq OWNED BY journal_entry.no;
CREATE TABLE line_revision (
    id bigint NOT NULL,
    line_id bigint NOT NULL,
    sha256 text NOT NULL,
    counterparty_name text DEFAULT ''::text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    raw text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE line_revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE line_revision_id_seq OWNED BY line_revision.id;
CREATE TABLE load_file (
    id bigint NOT NULL,
    kind text NOT NULL,
    sha256 text NOT NULL,
    file_name text DEFAULT ''::text NOT NULL,
    as_of text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    after_register bigint NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT load_file_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT load_file_after_register_check CHECK (((after_register >= '-9000000000000000'::bigint) AND (after_register <= '9000000000000000'::bigint))),
    CONSTRAINT load_file_kind_check CHECK ((kind <> ''::text)),
    CONSTRAINT load_file_sha256_check CHECK ((length(sha256) = 64))
);
CREATE SEQUENCE load_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE load_file_id_seq OWNED BY load_file.id;
CREATE TABLE mapping (
    id bigint NOT NULL,
    mapping_no bigint NOT NULL,
    action text,
    kind text,
    pattern text NOT NULL,
    target_type text,
    target_no text NOT NULL,
    side text,
    amount_limit bigint,
    currency text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    prepared_by text DEFAULT ''::text NOT NULL,
    decision_id bigint,
    reason text DEFAULT ''::text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT mapping_action_check CHECK ((action = ANY (ARRAY['add'::text, 'edit'::text, 'approve'::text, 'remove'::text]))),
    CONSTRAINT mapping_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT mapping_amount_limit_check CHECK ((amount_limit > 0)),
    CONSTRAINT mapping_check CHECK ((lower(prepared_by) <> lower(actor))),
    CONSTRAINT mapping_check1 CHECK (((action = 'approve'::text) = (prepared_by <> ''::text))),
    CONSTRAINT mapping_check2 CHECK (((amount_limit IS NULL) = (currency = ''::text))),
    CONSTRAINT mapping_kind_check CHECK ((kind = ANY (ARRAY['payer_account'::text, 'payer_name'::text, 'text'::text]))),
    CONSTRAINT mapping_mapping_no_check CHECK (((mapping_no >= '-9000000000000000'::bigint) AND (mapping_no <= '9000000000000000'::bigint))),
    CONSTRAINT mapping_pattern_check CHECK ((pattern <> ''::text)),
    CONSTRAINT mapping_side_check CHECK ((side = ANY (ARRAY['in'::text, 'out'::text, 'both'::text]))),
    CONSTRAINT mapping_target_no_check CHECK ((target_no <> ''::text)),
    CONSTRAINT mapping_target_type_check CHECK ((target_type = ANY (ARRAY['customer'::text, 'vendor'::text, 'gl'::text])))
);
CREATE SEQUENCE mapping_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE mapping_id_seq OWNED BY mapping.id;
CREATE TABLE master_change (
    id bigint NOT NULL,
    load_id bigint NOT NULL,
    kind text NOT NULL,
    no text DEFAULT ''::text NOT NULL,
    field text NOT NULL,
    old_value text DEFAULT ''::text NOT NULL,
    new_value text DEFAULT ''::text NOT NULL,
    CONSTRAINT master_change_field_check CHECK ((field <> ''::text)),
    CONSTRAINT master_change_kind_check CHECK ((kind = ANY (ARRAY['customer'::text, 'vendor'::text, 'bank_account'::text, 'gl_account'::text])))
);
CREATE SEQUENCE master_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE master_change_id_seq OWNED BY master_change.id;
CREATE TABLE meta (
    key text NOT NULL,
    value text DEFAULT ''::text NOT NULL
);
CREATE TABLE month_event (
    month text NOT NULL,
    action text,
    actor text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    CONSTRAINT month_event_action_check CHECK ((action = ANY (ARRAY['declared'::text, 'announced'::text, 'statements_sent'::text]))),
    CONSTRAINT month_event_month_check CHECK ((length(month) = 7))
);
CREATE TABLE page_user (
    id bigint NOT NULL,
    name text NOT NULL,
    action text NOT NULL,
    role text NOT NULL,
    password_hash text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT page_user_action_check CHECK ((action = ANY (ARRAY['add'::text, 'change'::text, 'remove'::text]))),
    CONSTRAINT page_user_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT page_user_name_check CHECK ((name <> ''::text)),
    CONSTRAINT page_user_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'reviewer'::text, 'approver'::text])))
);
CREATE SEQUENCE page_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE page_user_id_seq OWNED BY page_user.id;
CREATE TABLE party (
    id bigint NOT NULL,
    party_type text,
    party_no text DEFAULT ''::text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    name_2 text DEFAULT ''::text NOT NULL,
    blocked text DEFAULT '0'::text NOT NULL,
    control_account text DEFAULT ''::text NOT NULL,
    fields text DEFAULT '{}'::text NOT NULL,
    CONSTRAINT party_party_type_check CHECK ((party_type = ANY (ARRAY['customer'::text, 'vendor'::text])))
);
CREATE TABLE party_alias (
    party_id bigint NOT NULL,
    alias text DEFAULT ''::text NOT NULL
);
CREATE TABLE party_iban (
    party_id bigint NOT NULL,
    iban text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE party_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE party_id_seq OWNED BY party.id;
CREATE TABLE payment_part (
    payment_reference text NOT NULL,
    party_type text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    amount bigint NOT NULL,
    entries bigint NOT NULL,
    actor text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT payment_part_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT payment_part_amount_check CHECK (((amount >= 1) AND (amount <= '9000000000000000'::bigint))),
    CONSTRAINT payment_part_entries_check CHECK ((entries > 0)),
    CONSTRAINT payment_part_party_type_check CHECK ((party_type = 'customer'::text)),
    CONSTRAINT payment_part_payment_reference_check CHECK ((payment_reference <> ''::text))
);
CREATE TABLE payment_part_entry (
    payment_reference text NOT NULL,
    entry_id bigint NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT payment_part_entry_amount_check CHECK (((amount >= '-9000000000000000'::bigint) AND (amount <= '9000000000000000'::bigint))),
    CONSTRAINT payment_part_entry_amount_check1 CHECK ((amount <> 0))
);
CREATE TABLE period_event (
    id bigint NOT NULL,
    closed_through text DEFAULT ''::text NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    second_actor text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    after_register bigint NOT NULL,
    request_id bigint,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT period_event_action_check CHECK ((action = ANY (ARRAY['close'::text, 'reopen'::text]))),
    CONSTRAINT period_event_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT period_event_after_register_check CHECK (((after_register >= '-9000000000000000'::bigint) AND (after_register <= '9000000000000000'::bigint))),
    CONSTRAINT period_event_check CHECK (((action = 'reopen'::text) = (request_id IS NOT NULL)))
);
CREATE SEQUENCE period_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE period_event_id_seq OWNED BY period_event.id;
CREATE TABLE posting (
    journal_entry_no bigint NOT NULL,
    seq bigint NOT NULL,
    gl_account text NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    amount bigint NOT NULL,
    amount_company bigint,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    bank_account_no text DEFAULT ''::text NOT NULL,
    CONSTRAINT posting_amount_check CHECK (((amount >= '-9000000000000000'::bigint) AND (amount <= '9000000000000000'::bigint))),
    CONSTRAINT posting_amount_company_check CHECK (((amount_company >= '-9000000000000000'::bigint) AND (amount_company <= '9000000000000000'::bigint))),
    CONSTRAINT posting_moves_something CHECK (((amount <> 0) OR (COALESCE(amount_company, (0)::bigint) <> 0))),
    CONSTRAINT posting_seq_check CHECK (((seq >= '-9000000000000000'::bigint) AND (seq <= '9000000000000000'::bigint)))
);
CREATE TABLE proposal (
    line_id bigint NOT NULL,
    rank bigint NOT NULL,
    confidence text DEFAULT ''::text NOT NULL,
    rule text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    explanation text DEFAULT ''::text NOT NULL,
    evidence text DEFAULT ''::text NOT NULL,
    probability text DEFAULT ''::text NOT NULL,
    CONSTRAINT proposal_rank_check CHECK (((rank >= '-9000000000000000'::bigint) AND (rank <= '9000000000000000'::bigint)))
);
CREATE TABLE proposed (
    line_id bigint NOT NULL,
    rank bigint NOT NULL,
    seq bigint NOT NULL,
    target text DEFAULT ''::text NOT NULL,
    target_id bigint NOT NULL,
    party_type text DEFAULT ''::text NOT NULL,
    party_no text DEFAULT ''::text NOT NULL,
    gl_account text DEFAULT ''::text NOT NULL,
    applied_amount bigint NOT NULL,
    entry_amount bigint NOT NULL,
    discount_amount bigint NOT NULL,
    difference_amount bigint NOT NULL,
    difference_kind text DEFAULT ''::text NOT NULL,
    CONSTRAINT proposed_applied_amount_check CHECK (((applied_amount >= '-9000000000000000'::bigint) AND (applied_amount <= '9000000000000000'::bigint))),
    CONSTRAINT proposed_difference_amount_check CHECK (((difference_amount >= '-9000000000000000'::bigint) AND (difference_amount <= '9000000000000000'::bigint))),
    CONSTRAINT proposed_discount_amount_check CHECK (((discount_amount >= '-9000000000000000'::bigint) AND (discount_amount <= '9000000000000000'::bigint))),
    CONSTRAINT proposed_entry_amount_check CHECK (((entry_amount >= '-9000000000000000'::bigint) AND (entry_amount <= '9000000000000000'::bigint))),
    CONSTRAINT proposed_rank_check CHECK (((rank >= '-9000000000000000'::bigint) AND (rank <= '9000000000000000'::bigint))),
    CONSTRAINT proposed_seq_check CHECK (((seq >= '-9000000000000000'::bigint) AND (seq <= '9000000000000000'::bigint))),
    CONSTRAINT proposed_target_id_check CHECK (((target_id >= '-9000000000000000'::bigint) AND (target_id <= '9000000000000000'::bigint)))
);
CREATE TABLE rate (
    date text DEFAULT ''::text NOT NULL,
    currency text DEFAULT ''::text NOT NULL,
    rate text DEFAULT ''::text NOT NULL
);
CREATE TABLE register (
    no bigint NOT NULL,
    kind text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    run_id text DEFAULT ''::text NOT NULL,
    policy_hash text DEFAULT ''::text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT register_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT register_kind_check CHECK ((kind <> ''::text))
);
CREATE TABLE register_seal (
    register_no bigint NOT NULL,
    journal_entries bigint NOT NULL,
    postings bigint NOT NULL,
    applications bigint NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT register_seal_applications_check CHECK (((applications >= '-9000000000000000'::bigint) AND (applications <= '9000000000000000'::bigint))),
    CONSTRAINT register_seal_journal_entries_check CHECK (((journal_entries >= '-9000000000000000'::bigint) AND (journal_entries <= '9000000000000000'::bigint))),
    CONSTRAINT register_seal_postings_check CHECK (((postings >= '-9000000000000000'::bigint) AND (postings <= '9000000000000000'::bigint)))
);
CREATE SEQUENCE register_seal_register_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE register_seal_register_no_seq OWNED BY register_seal.register_no;
CREATE TABLE request (
    id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    seen text NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT request_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT request_kind_check CHECK ((kind <> ''::text)),
    CONSTRAINT request_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT request_seen_check CHECK ((seen <> ''::text)),
    CONSTRAINT request_subject_check CHECK ((subject <> ''::text))
);
CREATE SEQUENCE request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE request_id_seq OWNED BY request.id;
CREATE TABLE statement (
    id bigint NOT NULL,
    sha256 text NOT NULL,
    ordinal bigint NOT NULL,
    format text DEFAULT ''::text NOT NULL,
    kind text DEFAULT ''::text NOT NULL,
    account text DEFAULT ''::text NOT NULL,
    bank_account_no text,
    currency text DEFAULT ''::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    statement_no text DEFAULT ''::text NOT NULL,
    page text DEFAULT ''::text NOT NULL,
    from_date text,
    to_date text,
    opening bigint,
    closing bigint,
    line_count bigint NOT NULL,
    net bigint NOT NULL,
    complete bigint NOT NULL,
    fingerprint text DEFAULT ''::text NOT NULL,
    status text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    waits_for text DEFAULT ''::text NOT NULL,
    CONSTRAINT statement_check CHECK (((status <> ALL (ARRAY['received'::text, 'reconciled'::text])) OR (opening IS NULL) OR (closing IS NULL) OR ((opening + net) = closing))),
    CONSTRAINT statement_closing_check CHECK (((closing >= '-9000000000000000'::bigint) AND (closing <= '9000000000000000'::bigint))),
    CONSTRAINT statement_complete_check CHECK (((complete >= '-9000000000000000'::bigint) AND (complete <= '9000000000000000'::bigint))),
    CONSTRAINT statement_from_date_check CHECK (((from_date IS NULL) OR (length(from_date) = 10))),
    CONSTRAINT statement_line_count_check CHECK (((line_count >= '-9000000000000000'::bigint) AND (line_count <= '9000000000000000'::bigint))),
    CONSTRAINT statement_net_check CHECK (((net >= '-9000000000000000'::bigint) AND (net <= '9000000000000000'::bigint))),
    CONSTRAINT statement_opening_check CHECK (((opening >= '-9000000000000000'::bigint) AND (opening <= '9000000000000000'::bigint))),
    CONSTRAINT statement_ordinal_check CHECK (((ordinal >= '-9000000000000000'::bigint) AND (ordinal <= '9000000000000000'::bigint))),
    CONSTRAINT statement_status_check CHECK ((status = ANY (ARRAY['received'::text, 'held'::text, 'reconciled'::text, 'refused'::text, 'announced'::text, 'replaced'::text]))),
    CONSTRAINT statement_to_date_check CHECK (((to_date IS NULL) OR (length(to_date) = 10)))
);
CREATE TABLE statement_event (
    id bigint NOT NULL,
    statement_id bigint NOT NULL,
    old_status text DEFAULT ''::text NOT NULL,
    new_status text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    after_register bigint NOT NULL,
    CONSTRAINT statement_event_after_register_check CHECK (((after_register >= '-9000000000000000'::bigint) AND (after_register <= '9000000000000000'::bigint)))
);
CREATE SEQUENCE statement_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE statement_event_id_seq OWNED BY statement_event.id;
CREATE SEQUENCE statement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE statement_id_seq OWNED BY statement.id;
CREATE TABLE statement_line (
    line_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    line_no bigint NOT NULL,
    booking_date text,
    value_date text,
    amount bigint NOT NULL,
    is_reversal integer DEFAULT 0 NOT NULL,
    type_code text DEFAULT ''::text NOT NULL,
    bank_reference text DEFAULT ''::text NOT NULL,
    customer_reference text DEFAULT ''::text NOT NULL,
    check_no text DEFAULT ''::text NOT NULL,
    counterparty_name text DEFAULT ''::text NOT NULL,
    counterparty_account text DEFAULT ''::text NOT NULL,
    text text DEFAULT ''::text NOT NULL,
    payment_reference text DEFAULT ''::text NOT NULL,
    end_to_end_id text DEFAULT ''::text NOT NULL,
    mandate_id text DEFAULT ''::text NOT NULL,
    creditor_id text DEFAULT ''::text NOT NULL,
    business_code text DEFAULT ''::text NOT NULL,
    charges bigint NOT NULL,
    original_amount bigint NOT NULL,
    original_currency text DEFAULT ''::text NOT NULL,
    corrects text DEFAULT ''::text NOT NULL,
    raw text DEFAULT ''::text NOT NULL,
    identity text DEFAULT ''::text NOT NULL,
    occurrence bigint NOT NULL,
    before_cutover bigint NOT NULL,
    CONSTRAINT statement_line_amount_check CHECK (((amount >= '-9000000000000000'::bigint) AND (amount <= '9000000000000000'::bigint))),
    CONSTRAINT statement_line_before_cutover_check CHECK (((before_cutover >= '-9000000000000000'::bigint) AND (before_cutover <= '9000000000000000'::bigint))),
    CONSTRAINT statement_line_booking_date_check CHECK (((booking_date IS NULL) OR (length(booking_date) = 10))),
    CONSTRAINT statement_line_charges_check CHECK (((charges >= '-9000000000000000'::bigint) AND (charges <= '9000000000000000'::bigint))),
    CONSTRAINT statement_line_line_no_check CHECK (((line_no >= '-9000000000000000'::bigint) AND (line_no <= '9000000000000000'::bigint))),
    CONSTRAINT statement_line_occurrence_check CHECK (((occurrence >= '-9000000000000000'::bigint) AND (occurrence <= '9000000000000000'::bigint))),
    CONSTRAINT statement_line_original_amount_check CHECK (((original_amount >= '-9000000000000000'::bigint) AND (original_amount <= '9000000000000000'::bigint))),
    CONSTRAINT statement_line_value_date_check CHECK (((value_date IS NULL) OR (length(value_date) = 10)))
);
CREATE SEQUENCE statement_line_line_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE statement_line_line_id_seq OWNED BY statement_line.line_id;
CREATE TABLE statement_run (
    no bigint NOT NULL,
    as_of text NOT NULL,
    occasion text,
    form text DEFAULT '{}'::text NOT NULL,
    choice text DEFAULT '{}'::text NOT NULL,
    sending text NOT NULL,
    register_no bigint NOT NULL,
    register_hash text DEFAULT ''::text NOT NULL,
    actor text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT statement_run_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT statement_run_as_of_check CHECK ((length(as_of) = 10)),
    CONSTRAINT statement_run_register_no_check CHECK (((register_no >= '-9000000000000000'::bigint) AND (register_no <= '9000000000000000'::bigint))),
    CONSTRAINT statement_run_sending_check CHECK ((sending = ANY (ARRAY['email'::text, 'print'::text])))
);
CREATE TABLE statement_run_event (
    run_no bigint NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT statement_run_event_action_check CHECK ((action = ANY (ARRAY['composed'::text, 'approved'::text]))),
    CONSTRAINT statement_run_event_actor_check CHECK ((actor <> ''::text))
);
CREATE SEQUENCE statement_run_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE statement_run_no_seq OWNED BY statement_run.no;
CREATE TABLE statement_skip (
    run_no bigint NOT NULL,
    customer_no text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT statement_skip_reason_check CHECK ((reason <> ''::text))
);
CREATE TABLE suppression (
    id bigint NOT NULL,
    address_sha256 text NOT NULL,
    action text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    recorded_at text DEFAULT ''::text NOT NULL,
    CONSTRAINT suppression_action_check CHECK ((action = ANY (ARRAY['add'::text, 'remove'::text]))),
    CONSTRAINT suppression_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT suppression_address_sha256_check CHECK ((length(address_sha256) = 64)),
    CONSTRAINT suppression_reason_check CHECK ((reason <> ''::text))
);
CREATE SEQUENCE suppression_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE suppression_id_seq OWNED BY suppression.id;
CREATE TABLE valuation (
    values_no bigint NOT NULL,
    journal_entry_no bigint NOT NULL,
    rate text DEFAULT ''::text NOT NULL,
    rate_date text DEFAULT ''::text NOT NULL
);
ALTER TABLE ONLY bank_entry ALTER COLUMN id SET DEFAULT nextval('bank_entry_id_seq'::regclass);
ALTER TABLE ONLY customer_statement ALTER COLUMN id SET DEFAULT nextval('customer_statement_id_seq'::regclass);
ALTER TABLE ONLY decision ALTER COLUMN id SET DEFAULT nextval('decision_id_seq'::regclass);
ALTER TABLE ONLY delivery ALTER COLUMN id SET DEFAULT nextval('delivery_id_seq'::regclass);
ALTER TABLE ONLY delivery_event ALTER COLUMN id SET DEFAULT nextval('delivery_event_id_seq'::regclass);
ALTER TABLE ONLY entry ALTER COLUMN id SET DEFAULT nextval('entry_id_seq'::regclass);
ALTER TABLE ONLY exception_item ALTER COLUMN id SET DEFAULT nextval('exception_item_id_seq'::regclass);
ALTER TABLE ONLY journal_entry ALTER COLUMN no SET DEFAULT nextval('journal_entry_no_seq'::regclass);
ALTER TABLE ONLY line_revision ALTER COLUMN id SET DEFAULT nextval('line_revision_id_seq'::regclass);
ALTER TABLE ONLY load_file ALTER COLUMN id SET DEFAULT nextval('load_file_id_seq'::regclass);
ALTER TABLE ONLY mapping ALTER COLUMN id SET DEFAULT nextval('mapping_id_seq'::regclass);
ALTER TABLE ONLY master_change ALTER COLUMN id SET DEFAULT nextval('master_change_id_seq'::regclass);
ALTER TABLE ONLY page_user ALTER COLUMN id SET DEFAULT nextval('page_user_id_seq'::regclass);
ALTER TABLE ONLY party ALTER COLUMN id SET DEFAULT nextval('party_id_seq'::regclass);
ALTER TABLE ONLY period_event ALTER COLUMN id SET DEFAULT nextval('period_event_id_seq'::regclass);
ALTER TABLE ONLY register_seal ALTER COLUMN register_no SET DEFAULT nextval('register_seal_register_no_seq'::regclass);
ALTER TABLE ONLY request ALTER COLUMN id SET DEFAULT nextval('request_id_seq'::regclass);
ALTER TABLE ONLY statement ALTER COLUMN id SET DEFAULT nextval('statement_id_seq'::regclass);
ALTER TABLE ONLY statement_event ALTER COLUMN id SET DEFAULT nextval('statement_event_id_seq'::regclass);
ALTER TABLE ONLY statement_line ALTER COLUMN line_id SET DEFAULT nextval('statement_line_line_id_seq'::regclass);
ALTER TABLE ONLY statement_run ALTER COLUMN no SET DEFAULT nextval('statement_run_no_seq'::regclass);
ALTER TABLE ONLY suppression ALTER COLUMN id SET DEFAULT nextval('suppression_id_seq'::regclass);
-- the rows of version_0015.sql
ALTER TABLE ONLY acknowledgement
    ADD CONSTRAINT acknowledgement_pkey PRIMARY KEY (entry_id);
ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY application
    ADD CONSTRAINT application_pkey PRIMARY KEY (journal_entry_no, seq);
ALTER TABLE ONLY application_tax
    ADD CONSTRAINT application_tax_pkey PRIMARY KEY (journal_entry_no, seq, part, tax_code);
ALTER TABLE ONLY application_value
    ADD CONSTRAINT application_value_pkey PRIMARY KEY (application_no, seq);
ALTER TABLE ONLY bank_account_id
    ADD CONSTRAINT bank_account_id_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY bank_account
    ADD CONSTRAINT bank_account_pkey PRIMARY KEY (bank_account_no);
ALTER TABLE ONLY bank_entry
    ADD CONSTRAINT bank_entry_bank_account_no_entry_no_key UNIQUE (bank_account_no, entry_no);
ALTER TABLE ONLY bank_entry
    ADD CONSTRAINT bank_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY control_total
    ADD CONSTRAINT control_total_account_currency_date_key UNIQUE (account, currency, date);
ALTER TABLE ONLY counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (name);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_customer_no_as_of_style_revision_key UNIQUE (customer_no, as_of, style, revision);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_customer_no_number_key UNIQUE (customer_no, number);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_run_no_customer_no_key UNIQUE (run_no, customer_no);
ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY delivery_event
    ADD CONSTRAINT delivery_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY delivery
    ADD CONSTRAINT delivery_statement_id_method_key UNIQUE (statement_id, method);
ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_document_type_document_no_instalment_party_type_party_key UNIQUE (document_type, document_no, instalment, party_type, party_no);
ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY entry_tax
    ADD CONSTRAINT entry_tax_entry_id_tax_code_key UNIQUE (entry_id, tax_code);
ALTER TABLE ONLY exception_item
    ADD CONSTRAINT exception_item_line_id_key UNIQUE (line_id);
ALTER TABLE ONLY exception_item
    ADD CONSTRAINT exception_item_pkey PRIMARY KEY (id);
ALTER TABLE ONLY export_batch
    ADD CONSTRAINT export_batch_kind_number_through_register_key UNIQUE (kind, number, through_register);
ALTER TABLE ONLY export_batch
    ADD CONSTRAINT export_batch_pkey PRIMARY KEY (kind, number);
ALTER TABLE ONLY export_file
    ADD CONSTRAINT export_file_pkey PRIMARY KEY (kind, number, name);
ALTER TABLE ONLY feed_file
    ADD CONSTRAINT feed_file_pkey PRIMARY KEY (sha256);
ALTER TABLE ONLY gl_account
    ADD CONSTRAINT gl_account_pkey PRIMARY KEY (no);
ALTER TABLE ONLY journal_entry
    ADD CONSTRAINT journal_entry_key_key UNIQUE (key);
ALTER TABLE ONLY journal_entry
    ADD CONSTRAINT journal_entry_pkey PRIMARY KEY (no);
ALTER TABLE ONLY line_revision
    ADD CONSTRAINT line_revision_line_id_sha256_key UNIQUE (line_id, sha256);
ALTER TABLE ONLY line_revision
    ADD CONSTRAINT line_revision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY load_file
    ADD CONSTRAINT load_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mapping
    ADD CONSTRAINT mapping_pkey PRIMARY KEY (id);
ALTER TABLE ONLY master_change
    ADD CONSTRAINT master_change_pkey PRIMARY KEY (id);
ALTER TABLE ONLY meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (key);
ALTER TABLE ONLY month_event
    ADD CONSTRAINT month_event_month_action_key UNIQUE (month, action);
ALTER TABLE ONLY page_user
    ADD CONSTRAINT page_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY party_alias
    ADD CONSTRAINT party_alias_party_id_alias_key UNIQUE (party_id, alias);
ALTER TABLE ONLY party_iban
    ADD CONSTRAINT party_iban_party_id_iban_key UNIQUE (party_id, iban);
ALTER TABLE ONLY party
    ADD CONSTRAINT party_party_type_party_no_key UNIQUE (party_type, party_no);
ALTER TABLE ONLY party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);
ALTER TABLE ONLY payment_part_entry
    ADD CONSTRAINT payment_part_entry_pkey PRIMARY KEY (payment_reference, entry_id);
ALTER TABLE ONLY payment_part
    ADD CONSTRAINT payment_part_pkey PRIMARY KEY (payment_reference);
ALTER TABLE ONLY period_event
    ADD CONSTRAINT period_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (journal_entry_no, seq);
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_line_id_rank_key UNIQUE (line_id, rank);
ALTER TABLE ONLY proposed
    ADD CONSTRAINT proposed_line_id_rank_seq_key UNIQUE (line_id, rank, seq);
ALTER TABLE ONLY rate
    ADD CONSTRAINT rate_date_currency_key UNIQUE (date, currency);
ALTER TABLE ONLY register
    ADD CONSTRAINT register_pkey PRIMARY KEY (no);
ALTER TABLE ONLY register_seal
    ADD CONSTRAINT register_seal_hash_key UNIQUE (hash);
ALTER TABLE ONLY register_seal
    ADD CONSTRAINT register_seal_pkey PRIMARY KEY (register_no);
ALTER TABLE ONLY register_seal
    ADD CONSTRAINT register_seal_prev_hash_key UNIQUE (prev_hash);
ALTER TABLE ONLY request
    ADD CONSTRAINT request_pkey PRIMARY KEY (id);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_bank_account_no_ord_closing_key UNIQUE (bank_account_no, ord, closing);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_pkey PRIMARY KEY (bank_account_no, ord);
ALTER TABLE ONLY statement_event
    ADD CONSTRAINT statement_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY statement_line
    ADD CONSTRAINT statement_line_pkey PRIMARY KEY (line_id);
ALTER TABLE ONLY statement_line
    ADD CONSTRAINT statement_line_statement_id_line_no_key UNIQUE (statement_id, line_no);
ALTER TABLE ONLY statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY statement_run_event
    ADD CONSTRAINT statement_run_event_pkey PRIMARY KEY (run_no, action);
ALTER TABLE ONLY statement_run
    ADD CONSTRAINT statement_run_occasion_key UNIQUE (occasion);
ALTER TABLE ONLY statement_run
    ADD CONSTRAINT statement_run_pkey PRIMARY KEY (no);
ALTER TABLE ONLY statement_skip
    ADD CONSTRAINT statement_skip_pkey PRIMARY KEY (run_no, customer_no);
ALTER TABLE ONLY suppression
    ADD CONSTRAINT suppression_pkey PRIMARY KEY (id);
ALTER TABLE ONLY valuation
    ADD CONSTRAINT valuation_pkey PRIMARY KEY (values_no);
CREATE INDEX application_bank_entry ON application USING btree (bank_entry_id) WHERE (bank_entry_id IS NOT NULL);
CREATE INDEX application_entry ON application USING btree (entry_id, entry_amount);
CREATE INDEX application_line ON application USING btree (line_id);
CREATE UNIQUE INDEX application_unapplies ON application USING btree (unapplies_no, unapplies_seq) WHERE (unapplies_no IS NOT NULL);
CREATE INDEX application_value_journal ON application_value USING btree (journal_entry_no);
CREATE INDEX decision_line ON decision USING btree (line_id);
CREATE INDEX delivery_event_delivery ON delivery_event USING btree (delivery_id);
CREATE UNIQUE INDEX delivery_live ON delivery USING btree (statement_id) WHERE (state <> ALL (ARRAY['failed'::text, 'suppressed'::text]));
CREATE INDEX delivery_state ON delivery USING btree (state, method, id);
CREATE INDEX entry_journal ON entry USING btree (journal_entry_no);
CREATE UNIQUE INDEX entry_value_bank_entry ON entry_value USING btree (bank_entry_id) WHERE (bank_entry_id IS NOT NULL);
CREATE UNIQUE INDEX entry_value_entry ON entry_value USING btree (entry_id) WHERE (entry_id IS NOT NULL);
CREATE INDEX entry_value_journal ON entry_value USING btree (journal_entry_no);
CREATE INDEX exception_item_queue ON exception_item USING btree (status, opened_on, id, line_id, remaining, reason, assigned_to);
CREATE INDEX journal_entry_line ON journal_entry USING btree (line_id);
CREATE INDEX journal_entry_parking ON journal_entry USING btree (line_id) WHERE (kind = 'parking'::text);
CREATE INDEX journal_entry_register ON journal_entry USING btree (register_no);
CREATE UNIQUE INDEX journal_entry_reverses ON journal_entry USING btree (reverses_no) WHERE (reverses_no IS NOT NULL);
CREATE INDEX load_file_kind ON load_file USING btree (kind);
CREATE UNIQUE INDEX mapping_state ON mapping USING btree (mapping_no, id);
CREATE INDEX master_change_no ON master_change USING btree (kind, no);
CREATE UNIQUE INDEX page_user_state ON page_user USING btree (name, id);
CREATE INDEX payment_part_of_entry ON payment_part_entry USING btree (entry_id);
CREATE UNIQUE INDEX period_event_request ON period_event USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX posting_valued ON posting USING btree (journal_entry_no) WHERE (amount_company IS NOT NULL);
CREATE UNIQUE INDEX statement_chain_request ON statement_chain USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX statement_chain_statement ON statement_chain USING btree (statement_id);
CREATE UNIQUE INDEX statement_chain_undoes ON statement_chain USING btree (undoes_ord, bank_account_no) WHERE (undoes_ord IS NOT NULL);
CREATE INDEX statement_event_statement ON statement_event USING btree (statement_id);
CREATE UNIQUE INDEX statement_line_identity ON statement_line USING btree (identity, occurrence, statement_id);
CREATE UNIQUE INDEX statement_number ON statement USING btree (bank_account_no, statement_no, page, COALESCE(substr(to_date, 1, 4), ''::text)) WHERE ((status = ANY (ARRAY['received'::text, 'reconciled'::text])) AND (kind = 'booked'::text));
CREATE UNIQUE INDEX statement_place ON statement USING btree (sha256, ordinal) WHERE (status <> 'replaced'::text);
CREATE INDEX suppression_address ON suppression USING btree (address_sha256, id);
CREATE UNIQUE INDEX valuation_journal ON valuation USING btree (journal_entry_no);
CREATE TRIGGER application_late AFTER INSERT ON application REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_application_late();
ALTER TABLE application ENABLE ALWAYS TRIGGER application_late;
CREATE TRIGGER application_no_delete BEFORE DELETE ON application FOR EACH STATEMENT EXECUTE FUNCTION rule_application_no_delete();
ALTER TABLE application ENABLE ALWAYS TRIGGER application_no_delete;
CREATE TRIGGER application_no_delete_all BEFORE TRUNCATE ON application FOR EACH STATEMENT EXECUTE FUNCTION rule_application_no_delete();
ALTER TABLE application ENABLE ALWAYS TRIGGER application_no_delete_all;
CREATE TRIGGER application_no_update BEFORE UPDATE ON application FOR EACH STATEMENT EXECUTE FUNCTION rule_application_no_update();
ALTER TABLE application ENABLE ALWAYS TRIGGER application_no_update;
CREATE TRIGGER application_tax_late AFTER INSERT ON application_tax REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_application_tax_late();
ALTER TABLE application_tax ENABLE ALWAYS TRIGGER application_tax_late;
CREATE TRIGGER application_tax_no_delete BEFORE DELETE ON application_tax FOR EACH STATEMENT EXECUTE FUNCTION rule_application_tax_no_delete();
ALTER TABLE application_tax ENABLE ALWAYS TRIGGER application_tax_no_delete;
CREATE TRIGGER application_tax_no_delete_all BEFORE TRUNCATE ON application_tax FOR EACH STATEMENT EXECUTE FUNCTION rule_application_tax_no_delete();
ALTER TABLE application_tax ENABLE ALWAYS TRIGGER application_tax_no_delete_all;
CREATE TRIGGER application_tax_no_update BEFORE UPDATE ON application_tax FOR EACH STATEMENT EXECUTE FUNCTION rule_application_tax_no_update();
ALTER TABLE application_tax ENABLE ALWAYS TRIGGER application_tax_no_update;
CREATE TRIGGER application_value_late AFTER INSERT ON application_value REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_application_value_late();
ALTER TABLE application_value ENABLE ALWAYS TRIGGER application_value_late;
CREATE TRIGGER application_value_no_delete BEFORE DELETE ON application_value FOR EACH STATEMENT EXECUTE FUNCTION rule_application_value_no_delete();
ALTER TABLE application_value ENABLE ALWAYS TRIGGER application_value_no_delete;
CREATE TRIGGER application_value_no_delete_all BEFORE TRUNCATE ON application_value FOR EACH STATEMENT EXECUTE FUNCTION rule_application_value_no_delete();
ALTER TABLE application_value ENABLE ALWAYS TRIGGER application_value_no_delete_all;
CREATE TRIGGER application_value_no_update BEFORE UPDATE ON application_value FOR EACH STATEMENT EXECUTE FUNCTION rule_application_value_no_update();
ALTER TABLE application_value ENABLE ALWAYS TRIGGER application_value_no_update;
CREATE TRIGGER bank_entry_late AFTER INSERT ON bank_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_bank_entry_late();
ALTER TABLE bank_entry ENABLE ALWAYS TRIGGER bank_entry_late;
CREATE TRIGGER bank_entry_no_delete BEFORE DELETE ON bank_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_bank_entry_no_delete();
ALTER TABLE bank_entry ENABLE ALWAYS TRIGGER bank_entry_no_delete;
CREATE TRIGGER bank_entry_no_delete_all BEFORE TRUNCATE ON bank_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_bank_entry_no_delete();
ALTER TABLE bank_entry ENABLE ALWAYS TRIGGER bank_entry_no_delete_all;
CREATE TRIGGER bank_entry_no_update BEFORE UPDATE OF id, journal_entry_no, bank_account_no, entry_no, posting_date, amount, currency, entry_type, document_no, check_no, party_type, party_no, batch_no, end_to_end_id, mandate_id, applies_to_document_no, personal_hash ON bank_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_bank_entry_no_update();
ALTER TABLE bank_entry ENABLE ALWAYS TRIGGER bank_entry_no_update;
CREATE TRIGGER bank_entry_remaining AFTER UPDATE ON bank_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_bank_entry_remaining();
ALTER TABLE bank_entry ENABLE ALWAYS TRIGGER bank_entry_remaining;
CREATE TRIGGER closing BEFORE INSERT ON statement_chain FOR EACH ROW EXECUTE FUNCTION rule_closing();
ALTER TABLE statement_chain ENABLE ALWAYS TRIGGER closing;
CREATE TRIGGER counter_no_delete BEFORE DELETE ON counter FOR EACH STATEMENT EXECUTE FUNCTION rule_counter_no_delete();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_no_delete;
CREATE TRIGGER counter_no_delete_all BEFORE TRUNCATE ON counter FOR EACH STATEMENT EXECUTE FUNCTION rule_counter_no_delete();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_no_delete_all;
CREATE TRIGGER counter_update BEFORE UPDATE ON counter FOR EACH ROW EXECUTE FUNCTION rule_counter_update();
ALTER TABLE counter ENABLE ALWAYS TRIGGER counter_update;
CREATE TRIGGER customer_statement_erased BEFORE UPDATE OF content ON customer_statement FOR EACH ROW EXECUTE FUNCTION rule_customer_statement_erased();
ALTER TABLE customer_statement ENABLE ALWAYS TRIGGER customer_statement_erased;
CREATE TRIGGER customer_statement_no_delete BEFORE DELETE ON customer_statement FOR EACH STATEMENT EXECUTE FUNCTION rule_customer_statement_no_delete();
ALTER TABLE customer_statement ENABLE ALWAYS TRIGGER customer_statement_no_delete;
CREATE TRIGGER customer_statement_no_delete_all BEFORE TRUNCATE ON customer_statement FOR EACH STATEMENT EXECUTE FUNCTION rule_customer_statement_no_delete();
ALTER TABLE customer_statement ENABLE ALWAYS TRIGGER customer_statement_no_delete_all;
CREATE TRIGGER customer_statement_no_update BEFORE UPDATE OF id, run_no, customer_no, number, prev_number, as_of, style, revision, prev_revision, balances, content_sha256 ON customer_statement FOR EACH STATEMENT EXECUTE FUNCTION rule_customer_statement_no_update();
ALTER TABLE customer_statement ENABLE ALWAYS TRIGGER customer_statement_no_update;
CREATE TRIGGER customer_statement_run BEFORE INSERT ON customer_statement FOR EACH ROW EXECUTE FUNCTION rule_customer_statement_run();
ALTER TABLE customer_statement ENABLE ALWAYS TRIGGER customer_statement_run;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH STATEMENT EXECUTE FUNCTION rule_decision_no_delete();
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_no_delete;
CREATE TRIGGER decision_no_delete_all BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION rule_decision_no_delete();
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_no_delete_all;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION rule_decision_no_update();
ALTER TABLE decision ENABLE ALWAYS TRIGGER decision_no_update;
CREATE TRIGGER delivery_begins BEFORE INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION rule_delivery_begins();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_begins;
CREATE TRIGGER delivery_born AFTER INSERT ON delivery FOR EACH ROW EXECUTE FUNCTION rule_delivery_born();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_born;
CREATE TRIGGER delivery_event_no_delete BEFORE DELETE ON delivery_event FOR EACH STATEMENT EXECUTE FUNCTION rule_delivery_event_no_delete();
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_no_delete;
CREATE TRIGGER delivery_event_no_delete_all BEFORE TRUNCATE ON delivery_event FOR EACH STATEMENT EXECUTE FUNCTION rule_delivery_event_no_delete();
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_no_delete_all;
CREATE TRIGGER delivery_event_no_update BEFORE UPDATE ON delivery_event FOR EACH STATEMENT EXECUTE FUNCTION rule_delivery_event_no_update();
ALTER TABLE delivery_event ENABLE ALWAYS TRIGGER delivery_event_no_update;
CREATE TRIGGER delivery_kept BEFORE UPDATE OF recipient, pdf_sha256, tries ON delivery FOR EACH ROW EXECUTE FUNCTION rule_delivery_kept();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_kept;
CREATE TRIGGER delivery_move BEFORE UPDATE OF state ON delivery FOR EACH ROW EXECUTE FUNCTION rule_delivery_move();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_move;
CREATE TRIGGER delivery_moved AFTER UPDATE OF state ON delivery FOR EACH ROW EXECUTE FUNCTION rule_delivery_moved();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_moved;
CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION rule_delivery_no_delete();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_no_delete;
CREATE TRIGGER delivery_no_delete_all BEFORE TRUNCATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION rule_delivery_no_delete();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_no_delete_all;
CREATE TRIGGER delivery_no_update BEFORE UPDATE OF id, statement_id, method, message_id ON delivery FOR EACH STATEMENT EXECUTE FUNCTION rule_delivery_no_update();
ALTER TABLE delivery ENABLE ALWAYS TRIGGER delivery_no_update;
CREATE TRIGGER entry_late AFTER INSERT ON entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_late();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_late;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_no_delete();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_delete;
CREATE TRIGGER entry_no_delete_all BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_no_delete();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_delete_all;
CREATE TRIGGER entry_no_update BEFORE UPDATE OF id, journal_entry_no, party_type, party_no, document_type, document_no, instalment, posting_date, due_date, document_date, currency, amount, initial_amount, external_document_no, payment_reference, discount_date, discount_amount, discount_tolerance_date, discount_date_2, discount_amount_2, mandate_id, control_account, amount_company, remaining_company, personal_hash ON entry FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_no_update();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_no_update;
CREATE TRIGGER entry_remaining AFTER UPDATE ON entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_remaining();
ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_remaining;
CREATE TRIGGER entry_value_late AFTER INSERT ON entry_value REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_value_late();
ALTER TABLE entry_value ENABLE ALWAYS TRIGGER entry_value_late;
CREATE TRIGGER entry_value_no_delete BEFORE DELETE ON entry_value FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_value_no_delete();
ALTER TABLE entry_value ENABLE ALWAYS TRIGGER entry_value_no_delete;
CREATE TRIGGER entry_value_no_delete_all BEFORE TRUNCATE ON entry_value FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_value_no_delete();
ALTER TABLE entry_value ENABLE ALWAYS TRIGGER entry_value_no_delete_all;
CREATE TRIGGER entry_value_no_update BEFORE UPDATE ON entry_value FOR EACH STATEMENT EXECUTE FUNCTION rule_entry_value_no_update();
ALTER TABLE entry_value ENABLE ALWAYS TRIGGER entry_value_no_update;
CREATE TRIGGER export_batch_no_delete BEFORE DELETE ON export_batch FOR EACH STATEMENT EXECUTE FUNCTION rule_export_batch_no_delete();
ALTER TABLE export_batch ENABLE ALWAYS TRIGGER export_batch_no_delete;
CREATE TRIGGER export_batch_no_delete_all BEFORE TRUNCATE ON export_batch FOR EACH STATEMENT EXECUTE FUNCTION rule_export_batch_no_delete();
ALTER TABLE export_batch ENABLE ALWAYS TRIGGER export_batch_no_delete_all;
CREATE TRIGGER export_batch_no_update BEFORE UPDATE ON export_batch FOR EACH STATEMENT EXECUTE FUNCTION rule_export_batch_no_update();
ALTER TABLE export_batch ENABLE ALWAYS TRIGGER export_batch_no_update;
CREATE TRIGGER export_file_no_delete BEFORE DELETE ON export_file FOR EACH STATEMENT EXECUTE FUNCTION rule_export_file_no_delete();
ALTER TABLE export_file ENABLE ALWAYS TRIGGER export_file_no_delete;
CREATE TRIGGER export_file_no_delete_all BEFORE TRUNCATE ON export_file FOR EACH STATEMENT EXECUTE FUNCTION rule_export_file_no_delete();
ALTER TABLE export_file ENABLE ALWAYS TRIGGER export_file_no_delete_all;
CREATE TRIGGER export_file_no_update BEFORE UPDATE ON export_file FOR EACH STATEMENT EXECUTE FUNCTION rule_export_file_no_update();
ALTER TABLE export_file ENABLE ALWAYS TRIGGER export_file_no_update;
CREATE TRIGGER feed_file_no_delete BEFORE DELETE ON feed_file FOR EACH STATEMENT EXECUTE FUNCTION rule_feed_file_no_delete();
ALTER TABLE feed_file ENABLE ALWAYS TRIGGER feed_file_no_delete;
CREATE TRIGGER feed_file_no_delete_all BEFORE TRUNCATE ON feed_file FOR EACH STATEMENT EXECUTE FUNCTION rule_feed_file_no_delete();
ALTER TABLE feed_file ENABLE ALWAYS TRIGGER feed_file_no_delete_all;
CREATE TRIGGER feed_file_no_update BEFORE UPDATE ON feed_file FOR EACH STATEMENT EXECUTE FUNCTION rule_feed_file_no_update();
ALTER TABLE feed_file ENABLE ALWAYS TRIGGER feed_file_no_update;
CREATE TRIGGER journal_entry_late AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_journal_entry_late();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_late;
CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_journal_entry_no_delete();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_no_delete;
CREATE TRIGGER journal_entry_no_delete_all BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_journal_entry_no_delete();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_no_delete_all;
CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_journal_entry_no_update();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_no_update;
CREATE TRIGGER line_revision_no_delete BEFORE DELETE ON line_revision FOR EACH STATEMENT EXECUTE FUNCTION rule_line_revision_no_delete();
ALTER TABLE line_revision ENABLE ALWAYS TRIGGER line_revision_no_delete;
CREATE TRIGGER line_revision_no_delete_all BEFORE TRUNCATE ON line_revision FOR EACH STATEMENT EXECUTE FUNCTION rule_line_revision_no_delete();
ALTER TABLE line_revision ENABLE ALWAYS TRIGGER line_revision_no_delete_all;
CREATE TRIGGER line_revision_no_update BEFORE UPDATE ON line_revision FOR EACH STATEMENT EXECUTE FUNCTION rule_line_revision_no_update();
ALTER TABLE line_revision ENABLE ALWAYS TRIGGER line_revision_no_update;
CREATE TRIGGER load_file_no_delete BEFORE DELETE ON load_file FOR EACH STATEMENT EXECUTE FUNCTION rule_load_file_no_delete();
ALTER TABLE load_file ENABLE ALWAYS TRIGGER load_file_no_delete;
CREATE TRIGGER load_file_no_delete_all BEFORE TRUNCATE ON load_file FOR EACH STATEMENT EXECUTE FUNCTION rule_load_file_no_delete();
ALTER TABLE load_file ENABLE ALWAYS TRIGGER load_file_no_delete_all;
CREATE TRIGGER load_file_no_update BEFORE UPDATE ON load_file FOR EACH STATEMENT EXECUTE FUNCTION rule_load_file_no_update();
ALTER TABLE load_file ENABLE ALWAYS TRIGGER load_file_no_update;
CREATE TRIGGER mapping_move BEFORE INSERT ON mapping FOR EACH ROW EXECUTE FUNCTION rule_mapping_move();
ALTER TABLE mapping ENABLE ALWAYS TRIGGER mapping_move;
CREATE TRIGGER mapping_no_delete BEFORE DELETE ON mapping FOR EACH STATEMENT EXECUTE FUNCTION rule_mapping_no_delete();
ALTER TABLE mapping ENABLE ALWAYS TRIGGER mapping_no_delete;
CREATE TRIGGER mapping_no_delete_all BEFORE TRUNCATE ON mapping FOR EACH STATEMENT EXECUTE FUNCTION rule_mapping_no_delete();
ALTER TABLE mapping ENABLE ALWAYS TRIGGER mapping_no_delete_all;
CREATE TRIGGER mapping_no_update BEFORE UPDATE ON mapping FOR EACH STATEMENT EXECUTE FUNCTION rule_mapping_no_update();
ALTER TABLE mapping ENABLE ALWAYS TRIGGER mapping_no_update;
CREATE TRIGGER master_change_erased BEFORE UPDATE OF old_value, new_value ON master_change FOR EACH ROW EXECUTE FUNCTION rule_master_change_erased();
ALTER TABLE master_change ENABLE ALWAYS TRIGGER master_change_erased;
CREATE TRIGGER master_change_no_delete BEFORE DELETE ON master_change FOR EACH STATEMENT EXECUTE FUNCTION rule_master_change_no_delete();
ALTER TABLE master_change ENABLE ALWAYS TRIGGER master_change_no_delete;
CREATE TRIGGER master_change_no_delete_all BEFORE TRUNCATE ON master_change FOR EACH STATEMENT EXECUTE FUNCTION rule_master_change_no_delete();
ALTER TABLE master_change ENABLE ALWAYS TRIGGER master_change_no_delete_all;
CREATE TRIGGER master_change_no_update BEFORE UPDATE OF id, load_id, kind, no, field ON master_change FOR EACH STATEMENT EXECUTE FUNCTION rule_master_change_no_update();
ALTER TABLE master_change ENABLE ALWAYS TRIGGER master_change_no_update;
CREATE TRIGGER page_user_no_delete BEFORE DELETE ON page_user FOR EACH STATEMENT EXECUTE FUNCTION rule_page_user_no_delete();
ALTER TABLE page_user ENABLE ALWAYS TRIGGER page_user_no_delete;
CREATE TRIGGER page_user_no_delete_all BEFORE TRUNCATE ON page_user FOR EACH STATEMENT EXECUTE FUNCTION rule_page_user_no_delete();
ALTER TABLE page_user ENABLE ALWAYS TRIGGER page_user_no_delete_all;
CREATE TRIGGER page_user_no_update BEFORE UPDATE OF id, name, action, role, actor, recorded_at ON page_user FOR EACH STATEMENT EXECUTE FUNCTION rule_page_user_no_update();
ALTER TABLE page_user ENABLE ALWAYS TRIGGER page_user_no_update;
CREATE TRIGGER payment_part_entry_late AFTER INSERT ON payment_part_entry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_entry_late();
ALTER TABLE payment_part_entry ENABLE ALWAYS TRIGGER payment_part_entry_late;
CREATE TRIGGER payment_part_entry_no_delete BEFORE DELETE ON payment_part_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_entry_no_delete();
ALTER TABLE payment_part_entry ENABLE ALWAYS TRIGGER payment_part_entry_no_delete;
CREATE TRIGGER payment_part_entry_no_delete_all BEFORE TRUNCATE ON payment_part_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_entry_no_delete();
ALTER TABLE payment_part_entry ENABLE ALWAYS TRIGGER payment_part_entry_no_delete_all;
CREATE TRIGGER payment_part_entry_no_update BEFORE UPDATE ON payment_part_entry FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_entry_no_update();
ALTER TABLE payment_part_entry ENABLE ALWAYS TRIGGER payment_part_entry_no_update;
CREATE TRIGGER payment_part_no_delete BEFORE DELETE ON payment_part FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_no_delete();
ALTER TABLE payment_part ENABLE ALWAYS TRIGGER payment_part_no_delete;
CREATE TRIGGER payment_part_no_delete_all BEFORE TRUNCATE ON payment_part FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_no_delete();
ALTER TABLE payment_part ENABLE ALWAYS TRIGGER payment_part_no_delete_all;
CREATE TRIGGER payment_part_no_update BEFORE UPDATE ON payment_part FOR EACH STATEMENT EXECUTE FUNCTION rule_payment_part_no_update();
ALTER TABLE payment_part ENABLE ALWAYS TRIGGER payment_part_no_update;
CREATE TRIGGER payment_part_seal BEFORE INSERT ON payment_part FOR EACH ROW EXECUTE FUNCTION rule_payment_part_seal();
ALTER TABLE payment_part ENABLE ALWAYS TRIGGER payment_part_seal;
CREATE TRIGGER period_event_no_delete BEFORE DELETE ON period_event FOR EACH STATEMENT EXECUTE FUNCTION rule_period_event_no_delete();
ALTER TABLE period_event ENABLE ALWAYS TRIGGER period_event_no_delete;
CREATE TRIGGER period_event_no_delete_all BEFORE TRUNCATE ON period_event FOR EACH STATEMENT EXECUTE FUNCTION rule_period_event_no_delete();
ALTER TABLE period_event ENABLE ALWAYS TRIGGER period_event_no_delete_all;
CREATE TRIGGER period_event_no_update BEFORE UPDATE ON period_event FOR EACH STATEMENT EXECUTE FUNCTION rule_period_event_no_update();
ALTER TABLE period_event ENABLE ALWAYS TRIGGER period_event_no_update;
CREATE TRIGGER period_log BEFORE INSERT ON period_event FOR EACH ROW EXECUTE FUNCTION rule_period_log();
ALTER TABLE period_event ENABLE ALWAYS TRIGGER period_log;
CREATE TRIGGER posting_late AFTER INSERT ON posting REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_posting_late();
ALTER TABLE posting ENABLE ALWAYS TRIGGER posting_late;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting FOR EACH STATEMENT EXECUTE FUNCTION rule_posting_no_delete();
ALTER TABLE posting ENABLE ALWAYS TRIGGER posting_no_delete;
CREATE TRIGGER posting_no_delete_all BEFORE TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION rule_posting_no_delete();
ALTER TABLE posting ENABLE ALWAYS TRIGGER posting_no_delete_all;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION rule_posting_no_update();
ALTER TABLE posting ENABLE ALWAYS TRIGGER posting_no_update;
CREATE TRIGGER register_no_delete BEFORE DELETE ON register FOR EACH STATEMENT EXECUTE FUNCTION rule_register_no_delete();
ALTER TABLE register ENABLE ALWAYS TRIGGER register_no_delete;
CREATE TRIGGER register_no_delete_all BEFORE TRUNCATE ON register FOR EACH STATEMENT EXECUTE FUNCTION rule_register_no_delete();
ALTER TABLE register ENABLE ALWAYS TRIGGER register_no_delete_all;
CREATE TRIGGER register_no_update BEFORE UPDATE ON register FOR EACH STATEMENT EXECUTE FUNCTION rule_register_no_update();
ALTER TABLE register ENABLE ALWAYS TRIGGER register_no_update;
CREATE TRIGGER register_seal_no_delete BEFORE DELETE ON register_seal FOR EACH STATEMENT EXECUTE FUNCTION rule_register_seal_no_delete();
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER register_seal_no_delete;
CREATE TRIGGER register_seal_no_delete_all BEFORE TRUNCATE ON register_seal FOR EACH STATEMENT EXECUTE FUNCTION rule_register_seal_no_delete();
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER register_seal_no_delete_all;
CREATE TRIGGER register_seal_no_update BEFORE UPDATE ON register_seal FOR EACH STATEMENT EXECUTE FUNCTION rule_register_seal_no_update();
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER register_seal_no_update;
CREATE TRIGGER request_no_delete BEFORE DELETE ON request FOR EACH STATEMENT EXECUTE FUNCTION rule_request_no_delete();
ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_delete;
CREATE TRIGGER request_no_delete_all BEFORE TRUNCATE ON request FOR EACH STATEMENT EXECUTE FUNCTION rule_request_no_delete();
ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_delete_all;
CREATE TRIGGER request_no_update BEFORE UPDATE ON request FOR EACH STATEMENT EXECUTE FUNCTION rule_request_no_update();
ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_update;
CREATE TRIGGER seal_check BEFORE INSERT ON register_seal FOR EACH ROW EXECUTE FUNCTION rule_seal_check();
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER seal_check;
CREATE TRIGGER seal_effect AFTER INSERT ON register_seal FOR EACH ROW EXECUTE FUNCTION rule_seal_effect();
ALTER TABLE register_seal ENABLE ALWAYS TRIGGER seal_effect;
CREATE TRIGGER statement_born AFTER INSERT ON statement FOR EACH ROW EXECUTE FUNCTION rule_statement_born();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_born;
CREATE TRIGGER statement_chain_no_delete BEFORE DELETE ON statement_chain FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_chain_no_delete();
ALTER TABLE statement_chain ENABLE ALWAYS TRIGGER statement_chain_no_delete;
CREATE TRIGGER statement_chain_no_delete_all BEFORE TRUNCATE ON statement_chain FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_chain_no_delete();
ALTER TABLE statement_chain ENABLE ALWAYS TRIGGER statement_chain_no_delete_all;
CREATE TRIGGER statement_chain_no_update BEFORE UPDATE ON statement_chain FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_chain_no_update();
ALTER TABLE statement_chain ENABLE ALWAYS TRIGGER statement_chain_no_update;
CREATE TRIGGER statement_event_no_delete BEFORE DELETE ON statement_event FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_event_no_delete();
ALTER TABLE statement_event ENABLE ALWAYS TRIGGER statement_event_no_delete;
CREATE TRIGGER statement_event_no_delete_all BEFORE TRUNCATE ON statement_event FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_event_no_delete();
ALTER TABLE statement_event ENABLE ALWAYS TRIGGER statement_event_no_delete_all;
CREATE TRIGGER statement_event_no_update BEFORE UPDATE ON statement_event FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_event_no_update();
ALTER TABLE statement_event ENABLE ALWAYS TRIGGER statement_event_no_update;
CREATE TRIGGER statement_line_late AFTER INSERT ON statement_line REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_line_late();
ALTER TABLE statement_line ENABLE ALWAYS TRIGGER statement_line_late;
CREATE TRIGGER statement_line_no_delete BEFORE DELETE ON statement_line FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_line_no_delete();
ALTER TABLE statement_line ENABLE ALWAYS TRIGGER statement_line_no_delete;
CREATE TRIGGER statement_line_no_delete_all BEFORE TRUNCATE ON statement_line FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_line_no_delete();
ALTER TABLE statement_line ENABLE ALWAYS TRIGGER statement_line_no_delete_all;
CREATE TRIGGER statement_line_no_update BEFORE UPDATE ON statement_line FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_line_no_update();
ALTER TABLE statement_line ENABLE ALWAYS TRIGGER statement_line_no_update;
CREATE TRIGGER statement_move BEFORE UPDATE OF status, bank_account_no ON statement FOR EACH ROW EXECUTE FUNCTION rule_statement_move();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_move;
CREATE TRIGGER statement_moved AFTER UPDATE OF status ON statement FOR EACH ROW EXECUTE FUNCTION rule_statement_moved();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_moved;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_no_delete();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_no_delete;
CREATE TRIGGER statement_no_delete_all BEFORE TRUNCATE ON statement FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_no_delete();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_no_delete_all;
CREATE TRIGGER statement_no_update BEFORE UPDATE OF id, sha256, ordinal, format, kind, account, currency, reference, statement_no, page, from_date, to_date, opening, closing, line_count, net, complete, fingerprint ON statement FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_no_update();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_no_update;
CREATE TRIGGER statement_run_approved BEFORE INSERT ON statement_run_event FOR EACH ROW EXECUTE FUNCTION rule_statement_run_approved();
ALTER TABLE statement_run_event ENABLE ALWAYS TRIGGER statement_run_approved;
CREATE TRIGGER statement_run_event_no_delete BEFORE DELETE ON statement_run_event FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_run_event_no_delete();
ALTER TABLE statement_run_event ENABLE ALWAYS TRIGGER statement_run_event_no_delete;
CREATE TRIGGER statement_run_event_no_delete_all BEFORE TRUNCATE ON statement_run_event FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_run_event_no_delete();
ALTER TABLE statement_run_event ENABLE ALWAYS TRIGGER statement_run_event_no_delete_all;
CREATE TRIGGER statement_run_event_no_update BEFORE UPDATE ON statement_run_event FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_run_event_no_update();
ALTER TABLE statement_run_event ENABLE ALWAYS TRIGGER statement_run_event_no_update;
CREATE TRIGGER statement_run_no_delete BEFORE DELETE ON statement_run FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_run_no_delete();
ALTER TABLE statement_run ENABLE ALWAYS TRIGGER statement_run_no_delete;
CREATE TRIGGER statement_run_no_delete_all BEFORE TRUNCATE ON statement_run FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_run_no_delete();
ALTER TABLE statement_run ENABLE ALWAYS TRIGGER statement_run_no_delete_all;
CREATE TRIGGER statement_run_no_update BEFORE UPDATE ON statement_run FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_run_no_update();
ALTER TABLE statement_run ENABLE ALWAYS TRIGGER statement_run_no_update;
CREATE TRIGGER statement_seal BEFORE INSERT ON statement FOR EACH ROW EXECUTE FUNCTION rule_statement_seal();
ALTER TABLE statement ENABLE ALWAYS TRIGGER statement_seal;
CREATE TRIGGER statement_skip_no_delete BEFORE DELETE ON statement_skip FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_skip_no_delete();
ALTER TABLE statement_skip ENABLE ALWAYS TRIGGER statement_skip_no_delete;
CREATE TRIGGER statement_skip_no_delete_all BEFORE TRUNCATE ON statement_skip FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_skip_no_delete();
ALTER TABLE statement_skip ENABLE ALWAYS TRIGGER statement_skip_no_delete_all;
CREATE TRIGGER statement_skip_no_update BEFORE UPDATE ON statement_skip FOR EACH STATEMENT EXECUTE FUNCTION rule_statement_skip_no_update();
ALTER TABLE statement_skip ENABLE ALWAYS TRIGGER statement_skip_no_update;
CREATE TRIGGER statement_skip_run BEFORE INSERT ON statement_skip FOR EACH ROW EXECUTE FUNCTION rule_statement_skip_run();
ALTER TABLE statement_skip ENABLE ALWAYS TRIGGER statement_skip_run;
CREATE TRIGGER suppression_no_delete BEFORE DELETE ON suppression FOR EACH STATEMENT EXECUTE FUNCTION rule_suppression_no_delete();
ALTER TABLE suppression ENABLE ALWAYS TRIGGER suppression_no_delete;
CREATE TRIGGER suppression_no_delete_all BEFORE TRUNCATE ON suppression FOR EACH STATEMENT EXECUTE FUNCTION rule_suppression_no_delete();
ALTER TABLE suppression ENABLE ALWAYS TRIGGER suppression_no_delete_all;
CREATE TRIGGER suppression_no_update BEFORE UPDATE ON suppression FOR EACH STATEMENT EXECUTE FUNCTION rule_suppression_no_update();
ALTER TABLE suppression ENABLE ALWAYS TRIGGER suppression_no_update;
CREATE TRIGGER valuation_late AFTER INSERT ON valuation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rule_valuation_late();
ALTER TABLE valuation ENABLE ALWAYS TRIGGER valuation_late;
CREATE TRIGGER valuation_no_delete BEFORE DELETE ON valuation FOR EACH STATEMENT EXECUTE FUNCTION rule_valuation_no_delete();
ALTER TABLE valuation ENABLE ALWAYS TRIGGER valuation_no_delete;
CREATE TRIGGER valuation_no_delete_all BEFORE TRUNCATE ON valuation FOR EACH STATEMENT EXECUTE FUNCTION rule_valuation_no_delete();
ALTER TABLE valuation ENABLE ALWAYS TRIGGER valuation_no_delete_all;
CREATE TRIGGER valuation_no_update BEFORE UPDATE ON valuation FOR EACH STATEMENT EXECUTE FUNCTION rule_valuation_no_update();
ALTER TABLE valuation ENABLE ALWAYS TRIGGER valuation_no_update;
ALTER TABLE ONLY acknowledgement
    ADD CONSTRAINT acknowledgement_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES entry(id);
ALTER TABLE ONLY application
    ADD CONSTRAINT application_bank_entry_id_fkey FOREIGN KEY (bank_entry_id) REFERENCES bank_entry(id);
ALTER TABLE ONLY application
    ADD CONSTRAINT application_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES entry(id);
ALTER TABLE ONLY application
    ADD CONSTRAINT application_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY application
    ADD CONSTRAINT application_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY application_tax
    ADD CONSTRAINT application_tax_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY application_tax
    ADD CONSTRAINT application_tax_journal_entry_no_seq_fkey FOREIGN KEY (journal_entry_no, seq) REFERENCES application(journal_entry_no, seq);
ALTER TABLE ONLY application
    ADD CONSTRAINT application_unapplies_no_unapplies_seq_fkey FOREIGN KEY (unapplies_no, unapplies_seq) REFERENCES application(journal_entry_no, seq);
ALTER TABLE ONLY application_value
    ADD CONSTRAINT application_value_application_no_seq_fkey FOREIGN KEY (application_no, seq) REFERENCES application(journal_entry_no, seq);
ALTER TABLE ONLY application_value
    ADD CONSTRAINT application_value_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY bank_account_id
    ADD CONSTRAINT bank_account_id_bank_account_no_fkey FOREIGN KEY (bank_account_no) REFERENCES bank_account(bank_account_no);
ALTER TABLE ONLY bank_entry
    ADD CONSTRAINT bank_entry_bank_account_no_fkey FOREIGN KEY (bank_account_no) REFERENCES bank_account(bank_account_no);
ALTER TABLE ONLY bank_entry
    ADD CONSTRAINT bank_entry_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_customer_no_as_of_style_prev_revision_fkey FOREIGN KEY (customer_no, as_of, style, prev_revision) REFERENCES customer_statement(customer_no, as_of, style, revision);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_customer_no_prev_number_fkey FOREIGN KEY (customer_no, prev_number) REFERENCES customer_statement(customer_no, number);
ALTER TABLE ONLY customer_statement
    ADD CONSTRAINT customer_statement_run_no_fkey FOREIGN KEY (run_no) REFERENCES statement_run(no);
ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY decision
    ADD CONSTRAINT decision_register_no_fkey FOREIGN KEY (register_no) REFERENCES register(no) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY delivery_event
    ADD CONSTRAINT delivery_event_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id);
ALTER TABLE ONLY delivery
    ADD CONSTRAINT delivery_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES customer_statement(id);
ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY entry_tax
    ADD CONSTRAINT entry_tax_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES entry(id);
ALTER TABLE ONLY entry_value
    ADD CONSTRAINT entry_value_bank_entry_id_fkey FOREIGN KEY (bank_entry_id) REFERENCES bank_entry(id);
ALTER TABLE ONLY entry_value
    ADD CONSTRAINT entry_value_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES entry(id);
ALTER TABLE ONLY entry_value
    ADD CONSTRAINT entry_value_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY exception_item
    ADD CONSTRAINT exception_item_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY export_batch
    ADD CONSTRAINT export_batch_kind_prev_number_after_register_fkey FOREIGN KEY (kind, prev_number, after_register) REFERENCES export_batch(kind, number, through_register);
ALTER TABLE ONLY export_batch
    ADD CONSTRAINT export_batch_through_register_fkey FOREIGN KEY (through_register) REFERENCES register(no);
ALTER TABLE ONLY export_file
    ADD CONSTRAINT export_file_kind_number_fkey FOREIGN KEY (kind, number) REFERENCES export_batch(kind, number);
ALTER TABLE ONLY journal_entry
    ADD CONSTRAINT journal_entry_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY journal_entry
    ADD CONSTRAINT journal_entry_register_no_fkey FOREIGN KEY (register_no) REFERENCES register(no);
ALTER TABLE ONLY journal_entry
    ADD CONSTRAINT journal_entry_reverses_no_fkey FOREIGN KEY (reverses_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY line_revision
    ADD CONSTRAINT line_revision_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY line_revision
    ADD CONSTRAINT line_revision_sha256_fkey FOREIGN KEY (sha256) REFERENCES feed_file(sha256);
ALTER TABLE ONLY mapping
    ADD CONSTRAINT mapping_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decision(id);
ALTER TABLE ONLY master_change
    ADD CONSTRAINT master_change_load_id_fkey FOREIGN KEY (load_id) REFERENCES load_file(id);
ALTER TABLE ONLY party_alias
    ADD CONSTRAINT party_alias_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id);
ALTER TABLE ONLY party_iban
    ADD CONSTRAINT party_iban_party_id_fkey FOREIGN KEY (party_id) REFERENCES party(id);
ALTER TABLE ONLY payment_part_entry
    ADD CONSTRAINT payment_part_entry_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES entry(id);
ALTER TABLE ONLY payment_part_entry
    ADD CONSTRAINT payment_part_entry_payment_reference_fkey FOREIGN KEY (payment_reference) REFERENCES payment_part(payment_reference) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY period_event
    ADD CONSTRAINT period_event_request_id_fkey FOREIGN KEY (request_id) REFERENCES request(id);
ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_gl_account_fkey FOREIGN KEY (gl_account) REFERENCES gl_account(no);
ALTER TABLE ONLY posting
    ADD CONSTRAINT posting_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY proposal
    ADD CONSTRAINT proposal_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY proposed
    ADD CONSTRAINT proposed_line_id_fkey FOREIGN KEY (line_id) REFERENCES statement_line(line_id);
ALTER TABLE ONLY register
    ADD CONSTRAINT register_no_fkey FOREIGN KEY (no) REFERENCES register_seal(register_no) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY statement
    ADD CONSTRAINT statement_bank_account_no_fkey FOREIGN KEY (bank_account_no) REFERENCES bank_account(bank_account_no);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_bank_account_no_fkey FOREIGN KEY (bank_account_no) REFERENCES bank_account(bank_account_no);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_bank_account_no_prev_ord_opening_fkey FOREIGN KEY (bank_account_no, prev_ord, opening) REFERENCES statement_chain(bank_account_no, ord, closing);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_bank_account_no_undoes_ord_fkey FOREIGN KEY (bank_account_no, undoes_ord) REFERENCES statement_chain(bank_account_no, ord);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_request_id_fkey FOREIGN KEY (request_id) REFERENCES request(id);
ALTER TABLE ONLY statement_chain
    ADD CONSTRAINT statement_chain_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES statement(id);
ALTER TABLE ONLY statement_event
    ADD CONSTRAINT statement_event_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES statement(id);
ALTER TABLE ONLY statement_line
    ADD CONSTRAINT statement_line_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES statement(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY statement_run_event
    ADD CONSTRAINT statement_run_event_run_no_fkey FOREIGN KEY (run_no) REFERENCES statement_run(no);
ALTER TABLE ONLY statement
    ADD CONSTRAINT statement_sha256_fkey FOREIGN KEY (sha256) REFERENCES feed_file(sha256);
ALTER TABLE ONLY statement_skip
    ADD CONSTRAINT statement_skip_run_no_fkey FOREIGN KEY (run_no) REFERENCES statement_run(no);
ALTER TABLE ONLY valuation
    ADD CONSTRAINT valuation_journal_entry_no_fkey FOREIGN KEY (journal_entry_no) REFERENCES journal_entry(no);
ALTER TABLE ONLY valuation
    ADD CONSTRAINT valuation_values_no_fkey FOREIGN KEY (values_no) REFERENCES journal_entry(no);
