BEGIN TRANSACTION;
CREATE TABLE acknowledgement (
	entry_id INTEGER NOT NULL, 
	journal_entry_no INTEGER NOT NULL CHECK (journal_entry_no BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (entry_id), 
	FOREIGN KEY(entry_id) REFERENCES entry (id)
)
 STRICT

;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0015');
CREATE TABLE application (
	journal_entry_no INTEGER NOT NULL, 
	seq INTEGER NOT NULL CHECK (seq BETWEEN -9000000000000000 AND 9000000000000000), 
	role TEXT CHECK (role IN ('settles','counter','external')), 
	line_id INTEGER, 
	entry_id INTEGER, 
	bank_entry_id INTEGER, 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	gl_account TEXT DEFAULT '' NOT NULL, 
	applied_amount INTEGER NOT NULL CHECK (applied_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	entry_amount INTEGER NOT NULL CHECK (entry_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	discount_amount INTEGER NOT NULL CHECK (discount_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	difference_amount INTEGER NOT NULL CHECK (difference_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	difference_kind TEXT DEFAULT '' NOT NULL, 
	confidence TEXT DEFAULT '' NOT NULL, 
	rule TEXT DEFAULT '' NOT NULL, 
	unapplies_no INTEGER, 
	unapplies_seq INTEGER, 
	PRIMARY KEY (journal_entry_no, seq), 
	FOREIGN KEY(unapplies_no, unapplies_seq) REFERENCES application (journal_entry_no, seq), 
	CHECK ((unapplies_no IS NULL) = (unapplies_seq IS NULL)), 
	CHECK (unapplies_no IS NULL OR unapplies_no < journal_entry_no), 
	CHECK (entry_id IS NULL OR bank_entry_id IS NULL), 
	CHECK ((difference_kind = '') = (difference_amount = 0)), 
	CHECK (difference_kind <> 'rounding' OR difference_amount BETWEEN -1 AND 1), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id), 
	FOREIGN KEY(entry_id) REFERENCES entry (id), 
	FOREIGN KEY(bank_entry_id) REFERENCES bank_entry (id)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "application" VALUES(5,1,'settles',1,1,NULL,'customer','C1','',9800,10000,200,0,'','high','party_discount',NULL,NULL);
INSERT INTO "application" VALUES(5,2,'counter',1,4,NULL,'customer','C1','',0,-9800,0,0,'','high','party_discount',NULL,NULL);
INSERT INTO "application" VALUES(6,1,'settles',4,3,NULL,'customer','C2','',8000,8000,0,0,'','high','party_exact',NULL,NULL);
INSERT INTO "application" VALUES(6,2,'counter',4,5,NULL,'customer','C2','',0,-8000,0,0,'','high','party_exact',NULL,NULL);
INSERT INTO "application" VALUES(7,1,'settles',1,1,NULL,'customer','C1','',-9800,-10000,-200,0,'','high','party_discount',5,1);
INSERT INTO "application" VALUES(7,2,'settles',1,NULL,NULL,'customer','C1','',9800,0,0,0,'','manual','unapplication',NULL,NULL);
INSERT INTO "application" VALUES(7,3,'counter',1,4,NULL,'customer','C1','',0,9800,0,0,'','manual','unapplication',NULL,NULL);
CREATE TABLE application_tax (
	journal_entry_no INTEGER NOT NULL, 
	seq INTEGER NOT NULL CHECK (seq BETWEEN -9000000000000000 AND 9000000000000000), 
	part TEXT NOT NULL CHECK (part IN ('discount','difference')), 
	tax_code TEXT DEFAULT '' NOT NULL, 
	rate TEXT DEFAULT '' NOT NULL, 
	gl_account TEXT DEFAULT '' NOT NULL, 
	base_amount INTEGER NOT NULL CHECK (base_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	tax_amount INTEGER NOT NULL CHECK (tax_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (journal_entry_no, seq, part, tax_code), 
	FOREIGN KEY(journal_entry_no, seq) REFERENCES application (journal_entry_no, seq), 
	CHECK (tax_amount = 0 OR gl_account <> ''), 
	CHECK ((base_amount >= 0 AND tax_amount >= 0) OR (base_amount <= 0 AND tax_amount <= 0)), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "application_tax" VALUES(5,1,'discount','U19','19','1776',168,32);
INSERT INTO "application_tax" VALUES(7,1,'discount','U19','19','1776',-168,-32);
CREATE TABLE application_value (
	application_no INTEGER NOT NULL, 
	seq INTEGER NOT NULL CHECK (seq BETWEEN -9000000000000000 AND 9000000000000000), 
	journal_entry_no INTEGER NOT NULL, 
	entry_company INTEGER NOT NULL CHECK (entry_company BETWEEN -9000000000000000 AND 9000000000000000), 
	applied_company INTEGER NOT NULL CHECK (applied_company BETWEEN -9000000000000000 AND 9000000000000000), 
	discount_company INTEGER NOT NULL CHECK (discount_company BETWEEN -9000000000000000 AND 9000000000000000), 
	difference_company INTEGER NOT NULL CHECK (difference_company BETWEEN -9000000000000000 AND 9000000000000000), 
	fx_company INTEGER NOT NULL CHECK (fx_company BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (application_no, seq), 
	FOREIGN KEY(application_no, seq) REFERENCES application (journal_entry_no, seq), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no)
)
 STRICT

;
INSERT INTO "application_value" VALUES(6,1,6,6400,6250,0,0,150);
INSERT INTO "application_value" VALUES(6,2,6,-6250,0,0,0,0);
CREATE TABLE bank_account (
	bank_account_no TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	currency TEXT DEFAULT '' NOT NULL, 
	iban TEXT DEFAULT '' NOT NULL, 
	gl_account TEXT DEFAULT '' NOT NULL, 
	transit_account TEXT DEFAULT '' NOT NULL, 
	last_statement_no TEXT DEFAULT '' NOT NULL, 
	last_statement_balance INTEGER CHECK (last_statement_balance BETWEEN -9000000000000000 AND 9000000000000000), 
	last_statement_date TEXT CHECK (last_statement_date IS NULL OR length(last_statement_date) = 10), 
	statement_frequency TEXT DEFAULT 'daily' NOT NULL, 
	statement_numbering TEXT DEFAULT 'none' NOT NULL, 
	reconcile TEXT DEFAULT 'at_posting' NOT NULL, 
	active_from TEXT CHECK (active_from IS NULL OR length(active_from) = 10), 
	closed_on TEXT CHECK (closed_on IS NULL OR length(closed_on) = 10), 
	PRIMARY KEY (bank_account_no)
)
 STRICT

;
INSERT INTO "bank_account" VALUES('B','Bank','EUR','DE05370501980000001101','BANK-B','BANK-B-TRANSIT','',50000,'2026-10-31','','','',NULL,NULL);
INSERT INTO "bank_account" VALUES('U','Bank','USD','DE38500400000123456700','BANK-U','BANK-U-TRANSIT','',0,'2026-10-31','','','',NULL,NULL);
CREATE TABLE bank_account_id (
	account_id TEXT NOT NULL, 
	bank_account_no TEXT NOT NULL, 
	PRIMARY KEY (account_id), 
	FOREIGN KEY(bank_account_no) REFERENCES bank_account (bank_account_no)
)
 STRICT

;
CREATE TABLE bank_entry (
	id INTEGER NOT NULL, 
	journal_entry_no INTEGER NOT NULL, 
	bank_account_no TEXT NOT NULL, 
	entry_no TEXT DEFAULT '' NOT NULL, 
	posting_date TEXT NOT NULL, 
	amount INTEGER NOT NULL CHECK (amount BETWEEN -9000000000000000 AND 9000000000000000), 
	remaining_amount INTEGER NOT NULL CHECK (remaining_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	currency TEXT DEFAULT '' NOT NULL, 
	entry_type TEXT DEFAULT '' NOT NULL, 
	document_no TEXT DEFAULT '' NOT NULL, 
	check_no TEXT DEFAULT '' NOT NULL, 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	batch_no TEXT DEFAULT '' NOT NULL, 
	end_to_end_id TEXT DEFAULT '' NOT NULL, 
	mandate_id TEXT DEFAULT '' NOT NULL, 
	applies_to_document_no TEXT DEFAULT '' NOT NULL, 
	status TEXT DEFAULT 'open' NOT NULL, 
	description TEXT DEFAULT '' NOT NULL, 
	personal_salt TEXT DEFAULT '' NOT NULL, 
	personal_hash TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (bank_account_no, entry_no), 
	CHECK ((amount >= 0 AND remaining_amount BETWEEN 0 AND amount) OR (amount < 0 AND remaining_amount BETWEEN amount AND 0)), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no), 
	FOREIGN KEY(bank_account_no) REFERENCES bank_account (bank_account_no)
)
 STRICT

;
INSERT INTO "bank_entry" VALUES(1,4,'B','1','2026-10-30',-2000,-2000,'EUR','check','','','','','','','','','open','','','');
CREATE TABLE control_total (
	account TEXT DEFAULT '' NOT NULL, 
	currency TEXT DEFAULT '' NOT NULL, 
	balance INTEGER NOT NULL CHECK (balance BETWEEN -9000000000000000 AND 9000000000000000), 
	date TEXT DEFAULT '' NOT NULL, 
	UNIQUE (account, currency, date)
)
 STRICT

;
CREATE TABLE counter (
	name TEXT NOT NULL, 
	value INTEGER NOT NULL CHECK (value BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "counter" VALUES('journal_entry',7);
INSERT INTO "counter" VALUES('register',6);
CREATE TABLE customer_statement (
	id INTEGER NOT NULL, 
	run_no INTEGER NOT NULL, 
	customer_no TEXT NOT NULL CHECK (customer_no <> ''), 
	number INTEGER NOT NULL CHECK (number BETWEEN -9000000000000000 AND 9000000000000000), 
	prev_number INTEGER CHECK (prev_number BETWEEN -9000000000000000 AND 9000000000000000), 
	as_of TEXT NOT NULL, 
	style TEXT NOT NULL CHECK (style <> ''), 
	revision INTEGER NOT NULL CHECK (revision BETWEEN -9000000000000000 AND 9000000000000000), 
	prev_revision INTEGER CHECK (prev_revision BETWEEN -9000000000000000 AND 9000000000000000), 
	balances TEXT DEFAULT '{}' NOT NULL, 
	content TEXT DEFAULT '' NOT NULL, 
	content_sha256 TEXT NOT NULL CHECK (length(content_sha256) = 64), 
	PRIMARY KEY (id), 
	UNIQUE (customer_no, number), 
	UNIQUE (customer_no, as_of, style, revision), 
	UNIQUE (run_no, customer_no), 
	CHECK (CASE WHEN number = 1 THEN prev_number IS NULL ELSE prev_number IS NOT NULL AND prev_number = number - 1 END), 
	CHECK (CASE WHEN revision = 0 THEN prev_revision IS NULL ELSE prev_revision IS NOT NULL AND prev_revision = revision - 1 END), 
	FOREIGN KEY(customer_no, prev_number) REFERENCES customer_statement (customer_no, number), 
	FOREIGN KEY(customer_no, as_of, style, prev_revision) REFERENCES customer_statement (customer_no, as_of, style, revision), 
	FOREIGN KEY(run_no) REFERENCES statement_run (no)
)
 STRICT

;
INSERT INTO "customer_statement" VALUES(1,1,'C1',1,NULL,'2026-10-31','open_item',0,NULL,'{"EUR": 15000}','{"accounts":[{"account":"DE05 3705 0198 0000 0011 01","currency":"EUR","name":"Bank"}],"address":["Eins AG"],"as_of":"31 Oct 2026","company":"Alt GmbH","country":"","currencies":[{"balance":"150.00","bands":[{"amount":"150.00","name":"not due"},{"amount":"0.00","name":"1–30 days"},{"amount":"0.00","name":"31–60 days"},{"amount":"0.00","name":"61–90 days"},{"amount":"0.00","name":"over 90 days"}],"credits":[],"currency":"EUR","due":"150.00","overdue":"","owed":[{"amount":"100.00","date":"1 Oct 2026","days":0,"document":"R1","due":"","notes":["cash discount of 2.00 until 30 Nov 2026"],"open":"100.00","type":"Invoice"},{"amount":"50.00","date":"1 Oct 2026","days":0,"document":"R2","due":"","notes":[],"open":"50.00","type":"Invoice"}],"title":"Open entries in EUR","unapplied":"0.00"}],"language":"en","no":"C1","payment_parts":[{"account":"DE05 3705 0198 0000 0011 01","amount":"150.00","covers":[{"document":"R1","open":"100.00","type":"Invoice"},{"document":"R2","open":"50.00","type":"Invoice"}],"currency":"EUR","kind":"epc","message":"Statement C1 31 Oct 2026","more":"","payee":["Alt GmbH","- "],"payer":[],"payload":"BCD\n002\n1\nSCT\n\nAlt GmbH\nDE05370501980000001101\nEUR150.00\n\nRF31531664439401485280","plain_amount":"150.00","reference":"RF31 5316 6443 9401 4852 80"}],"period":[],"postcode":"","region":"GB","style":"open_item","terms":""}','abc7a988cf09a09056c909682ee5ebef61db9ed83f761f1f4a3f541cff0fbd36');
INSERT INTO "customer_statement" VALUES(2,1,'C2',1,NULL,'2026-10-31','open_item',0,NULL,'{"USD": 8000}','{"accounts":[{"account":"DE38 5004 0000 0123 4567 00","currency":"USD","name":"Bank"}],"address":["Zwei AG"],"as_of":"31 Oct 2026","company":"Alt GmbH","country":"","currencies":[{"balance":"80.00","bands":[{"amount":"80.00","name":"not due"},{"amount":"0.00","name":"1–30 days"},{"amount":"0.00","name":"31–60 days"},{"amount":"0.00","name":"61–90 days"},{"amount":"0.00","name":"over 90 days"}],"credits":[],"currency":"USD","due":"80.00","overdue":"","owed":[{"amount":"80.00","date":"1 Oct 2026","days":0,"document":"R3","due":"","notes":[],"open":"80.00","type":"Invoice"}],"title":"Open entries in USD","unapplied":"0.00"}],"language":"en","no":"C2","payment_parts":[{"account":"DE38 5004 0000 0123 4567 00","amount":"80.00","covers":[{"document":"R3","open":"80.00","type":"Invoice"}],"currency":"USD","kind":"printed","message":"Statement C2 31 Oct 2026","more":"","payee":["Alt GmbH","- "],"payer":[],"payload":"","plain_amount":"80.00","reference":"RF81 3824 2110 3578 6873 90"}],"period":[],"postcode":"","region":"GB","style":"open_item","terms":""}','968bfd10aeef7a6ee729942a942f1e7e2ab7d15be172e90115a3fb9662a2442d');
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	action TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	prepared_by TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '{}' NOT NULL, 
	seen TEXT DEFAULT '' NOT NULL, 
	outcome TEXT CHECK (outcome IN ('recorded','posted','waiting')), 
	register_no INTEGER, 
	written_off INTEGER NOT NULL CHECK (written_off BETWEEN -9000000000000000 AND 9000000000000000), 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CHECK ((outcome = 'posted') = (register_no IS NOT NULL)), 
	CHECK (lower(prepared_by) <> lower(actor)), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id), 
	FOREIGN KEY(register_no) REFERENCES register (no) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

;
INSERT INTO "decision" VALUES(1,2,'comment','anna','','asked','{}','50a3333f','recorded',NULL,0,'','','2026-11-29T19:06:13Z');
INSERT INTO "decision" VALUES(2,1,'unapply','anna','','for another one','{"unapplied": ["R1"]}','','posted',6,0,'','','2026-11-29T19:06:14Z');
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	statement_id INTEGER NOT NULL, 
	method TEXT NOT NULL CHECK (method IN ('email','print')), 
	recipient TEXT DEFAULT '' NOT NULL, 
	message_id TEXT DEFAULT '' NOT NULL, 
	state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'unknown', 'suppressed')), 
	reason TEXT DEFAULT '' NOT NULL, 
	tries INTEGER NOT NULL CHECK (tries BETWEEN -9000000000000000 AND 9000000000000000), 
	pdf_sha256 TEXT DEFAULT '' NOT NULL, 
	pages INTEGER NOT NULL CHECK (pages BETWEEN -9000000000000000 AND 9000000000000000), 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	changed_at TEXT NOT NULL CHECK (length(changed_at) = 20), 
	PRIMARY KEY (id), 
	UNIQUE (statement_id, method), 
	CHECK ((method = 'email') = (message_id <> '')), 
	CHECK (state NOT IN ('sending','sent','unknown') OR length(pdf_sha256) = 64), 
	FOREIGN KEY(statement_id) REFERENCES customer_statement (id)
)
 STRICT

;
INSERT INTO "delivery" VALUES(1,1,'print','','','sent','',1,'7f08e603f1d463f33eb8a88f1a29dc7f486157cdd8a9d28daf8190522f1d3348',1,'anna','2026-11-29T19:06:18Z');
INSERT INTO "delivery" VALUES(2,2,'print','','','sent','',1,'b50047631183dec6a137e36ab61e6a148f0dc667dfee9060105ec212b8c13dff',1,'anna','2026-11-29T19:06:18Z');
CREATE TABLE delivery_event (
	id INTEGER NOT NULL, 
	delivery_id INTEGER NOT NULL, 
	old_state TEXT DEFAULT '' NOT NULL, 
	new_state TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	actor TEXT DEFAULT '' NOT NULL, 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(delivery_id) REFERENCES delivery (id)
)
 STRICT

;
INSERT INTO "delivery_event" VALUES(1,1,'','pending','','anna','2026-11-29T19:06:16Z');
INSERT INTO "delivery_event" VALUES(2,2,'','pending','','anna','2026-11-29T19:06:16Z');
INSERT INTO "delivery_event" VALUES(3,1,'pending','sending','','anna','2026-11-29T19:06:18Z');
INSERT INTO "delivery_event" VALUES(4,1,'sending','sent','','anna','2026-11-29T19:06:18Z');
INSERT INTO "delivery_event" VALUES(5,2,'pending','sending','','anna','2026-11-29T19:06:18Z');
INSERT INTO "delivery_event" VALUES(6,2,'sending','sent','','anna','2026-11-29T19:06:18Z');
CREATE TABLE entry (
	id INTEGER NOT NULL, 
	journal_entry_no INTEGER NOT NULL, 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	document_type TEXT DEFAULT '' NOT NULL, 
	document_no TEXT DEFAULT '' NOT NULL, 
	instalment INTEGER NOT NULL CHECK (instalment BETWEEN -9000000000000000 AND 9000000000000000), 
	posting_date TEXT NOT NULL, 
	due_date TEXT CHECK (due_date IS NULL OR length(due_date) = 10), 
	document_date TEXT CHECK (document_date IS NULL OR length(document_date) = 10), 
	currency TEXT DEFAULT '' NOT NULL, 
	amount INTEGER NOT NULL CHECK (amount BETWEEN -9000000000000000 AND 9000000000000000), 
	initial_amount INTEGER NOT NULL CHECK (initial_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	remaining_amount INTEGER NOT NULL CHECK (remaining_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	external_document_no TEXT DEFAULT '' NOT NULL, 
	payment_reference TEXT DEFAULT '' NOT NULL, 
	discount_date TEXT CHECK (discount_date IS NULL OR length(discount_date) = 10), 
	discount_amount INTEGER NOT NULL CHECK (discount_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	discount_tolerance_date TEXT CHECK (discount_tolerance_date IS NULL OR length(discount_tolerance_date) = 10), 
	discount_date_2 TEXT CHECK (discount_date_2 IS NULL OR length(discount_date_2) = 10), 
	discount_amount_2 INTEGER NOT NULL CHECK (discount_amount_2 BETWEEN -9000000000000000 AND 9000000000000000), 
	on_hold TEXT DEFAULT '' NOT NULL, 
	mandate_id TEXT DEFAULT '' NOT NULL, 
	control_account TEXT DEFAULT '' NOT NULL, 
	amount_company INTEGER CHECK (amount_company BETWEEN -9000000000000000 AND 9000000000000000), 
	remaining_company INTEGER CHECK (remaining_company BETWEEN -9000000000000000 AND 9000000000000000), 
	fields TEXT DEFAULT '{}' NOT NULL, 
	personal_salt TEXT DEFAULT '' NOT NULL, 
	personal_hash TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (document_type, document_no, instalment, party_type, party_no), 
	CHECK ((initial_amount >= 0 AND remaining_amount BETWEEN 0 AND initial_amount) OR (initial_amount < 0 AND remaining_amount BETWEEN initial_amount AND 0)), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no)
)
 STRICT

;
INSERT INTO "entry" VALUES(1,2,'customer','C1','invoice','R1',0,'2026-10-01',NULL,NULL,'EUR',10000,10000,10000,'','','2026-11-30',200,NULL,NULL,0,'','','AR',NULL,NULL,'{}','','');
INSERT INTO "entry" VALUES(2,2,'customer','C1','invoice','R2',0,'2026-10-01',NULL,NULL,'EUR',5000,5000,5000,'','',NULL,0,NULL,NULL,0,'','','AR',NULL,NULL,'{}','','');
INSERT INTO "entry" VALUES(3,3,'customer','C2','invoice','R3',0,'2026-10-01',NULL,NULL,'USD',8000,8000,0,'','',NULL,0,NULL,NULL,0,'','','AR',NULL,NULL,'{}','','');
INSERT INTO "entry" VALUES(4,5,'customer','C1','payment','LINE/B/5dac3f15b9bb0199',0,'2026-11-02',NULL,NULL,'EUR',-9800,-9800,-9800,'','',NULL,0,NULL,NULL,0,'','','AR',NULL,NULL,'{}','','');
INSERT INTO "entry" VALUES(5,6,'customer','C2','payment','LINE/U/b1235df9758c0b44',0,'2026-11-02',NULL,NULL,'USD',-8000,-8000,0,'','',NULL,0,NULL,NULL,0,'','','AR',NULL,NULL,'{}','','');
CREATE TABLE entry_tax (
	entry_id INTEGER NOT NULL, 
	tax_code TEXT DEFAULT '' NOT NULL, 
	rate TEXT DEFAULT '' NOT NULL, 
	base_amount INTEGER NOT NULL CHECK (base_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	tax_amount INTEGER NOT NULL CHECK (tax_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	tax_account TEXT DEFAULT '' NOT NULL, 
	discount_tax_account TEXT DEFAULT '' NOT NULL, 
	UNIQUE (entry_id, tax_code), 
	FOREIGN KEY(entry_id) REFERENCES entry (id)
)
 STRICT

;
INSERT INTO "entry_tax" VALUES(1,'U19','19',8403,1597,'1776','');
CREATE TABLE entry_value (
	entry_id INTEGER, 
	bank_entry_id INTEGER, 
	journal_entry_no INTEGER NOT NULL, 
	amount_company INTEGER NOT NULL CHECK (amount_company BETWEEN -9000000000000000 AND 9000000000000000), 
	CHECK ((entry_id IS NULL) <> (bank_entry_id IS NULL)), 
	FOREIGN KEY(entry_id) REFERENCES entry (id), 
	FOREIGN KEY(bank_entry_id) REFERENCES bank_entry (id), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no)
)
 STRICT

;
INSERT INTO "entry_value" VALUES(3,NULL,3,6400);
INSERT INTO "entry_value" VALUES(5,NULL,6,-6250);
CREATE TABLE exception_item (
	id INTEGER NOT NULL, 
	line_id INTEGER, 
	reason TEXT DEFAULT '' NOT NULL, 
	status TEXT DEFAULT 'open' NOT NULL, 
	opened_on TEXT CHECK (opened_on IS NULL OR length(opened_on) = 10), 
	assigned_to TEXT DEFAULT '' NOT NULL, 
	remaining INTEGER NOT NULL CHECK (remaining BETWEEN -9000000000000000 AND 9000000000000000), 
	candidates TEXT DEFAULT '[]' NOT NULL, 
	hint TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (line_id), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id)
)
 STRICT

;
INSERT INTO "exception_item" VALUES(1,2,'unannounced_debit','open','2026-11-02','',-2000,'[{"confidence": "none", "evidence": "", "explanation": "money out", "party_no": "", "party_type": "", "probability": "", "rank": 1, "rule": "debit", "targets": []}]','Money out that nothing in the books explains; book it or dispute it.');
INSERT INTO "exception_item" VALUES(2,3,'unknown_payer','open','2026-11-02','',500,'[{"confidence": "none", "evidence": "", "explanation": "no account, name or document is known", "party_no": "", "party_type": "", "probability": "", "rank": 1, "rule": "none", "targets": []}]','Name the party or book to an account; the payer is known from then on.');
CREATE TABLE export_batch (
	kind TEXT NOT NULL CHECK (kind <> ''), 
	number INTEGER NOT NULL CHECK (number BETWEEN -9000000000000000 AND 9000000000000000), 
	prev_number INTEGER CHECK (prev_number BETWEEN -9000000000000000 AND 9000000000000000), 
	after_register INTEGER NOT NULL CHECK (after_register BETWEEN -9000000000000000 AND 9000000000000000), 
	through_register INTEGER NOT NULL, 
	journal_entries INTEGER NOT NULL CHECK (journal_entries BETWEEN -9000000000000000 AND 9000000000000000), 
	postings INTEGER NOT NULL CHECK (postings BETWEEN -9000000000000000 AND 9000000000000000), 
	debits TEXT DEFAULT '{}' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (kind, number), 
	UNIQUE (kind, number, through_register), 
	CHECK (through_register > after_register), 
	CHECK (CASE WHEN number = 1 THEN prev_number IS NULL AND after_register = 0 ELSE prev_number IS NOT NULL AND prev_number = number - 1 END), 
	FOREIGN KEY(kind, prev_number, after_register) REFERENCES export_batch (kind, number, through_register), 
	FOREIGN KEY(through_register) REFERENCES register (no)
)
 STRICT

;
CREATE TABLE export_file (
	kind TEXT NOT NULL, 
	number INTEGER NOT NULL CHECK (number BETWEEN -9000000000000000 AND 9000000000000000), 
	name TEXT DEFAULT '' NOT NULL, 
	row_count INTEGER NOT NULL CHECK (row_count BETWEEN -9000000000000000 AND 9000000000000000), 
	size INTEGER NOT NULL CHECK (size BETWEEN -9000000000000000 AND 9000000000000000), 
	sha256 TEXT DEFAULT '' NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (kind, number, name), 
	FOREIGN KEY(kind, number) REFERENCES export_batch (kind, number)
)
 STRICT

;
CREATE TABLE feed_file (
	sha256 TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	size INTEGER NOT NULL CHECK (size BETWEEN -9000000000000000 AND 9000000000000000), 
	status TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL, 
	encoding TEXT DEFAULT '' NOT NULL, 
	original BLOB, 
	PRIMARY KEY (sha256), 
	CHECK (status <> 'taken' OR (original IS NOT NULL AND length(original) > 0))
)
 STRICT

;
INSERT INTO "feed_file" VALUES('795c7fa5e7cab3a1f10d5f4ddc3b7e7c398edcd4035e8f817506e5490d09935e','b.sta',287,'taken','','','night','windows-1252',X'1F8B0800000000000403658FCD0AC2300CC7EF3EC51E405992D2AEEB6548D7391854A80A5E27EE30C45ED4F73775086EE6147E21FF0F4360CE2B43D2D40EA4284002961A3E8308C8276D0DE6BC28688C25C594DC29488035005334134BDC969AA13F86C6EF7D704D9EFEB432A8544510B01258BBE2DF862A416E8C8F6CBB5B28D6946CBC6D3BFC4AD22409C89207DB3ADB6529DD2C875CC4103F315EF132DCFA189F6CEAC7E1DEC72BBFD3AC9C16A9DC66F50682A305641F010000');
INSERT INTO "feed_file" VALUES('27d0e9a22e96c7c4ecaaddbf455140c2c93b2804afedd3ec072d25947c936faa','u.sta',142,'taken','','','night','windows-1252',X'1F8B08000000000004034D8C310EC23010047BBF820780BC77B60F6B9B0839319D910C48889E222FE0FBC4D0B0E58C66A9E0C35113E725E404448C898698EC086C2A178A17474365511381DEAF33F6439AF047062D79C076EBB55D5A5FAAF7D1311BC56C52F430057DBE5FEBEE74DE42FD3FFB86EEE03ED317F0E28E000000');
CREATE TABLE gl_account (
	no TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	origin TEXT DEFAULT 'loaded' NOT NULL, 
	PRIMARY KEY (no)
)
 STRICT

;
INSERT INTO "gl_account" VALUES('BANK-B','BANK-B','','created');
INSERT INTO "gl_account" VALUES('OPENING','OPENING','','created');
INSERT INTO "gl_account" VALUES('AR','AR','','created');
INSERT INTO "gl_account" VALUES('BANK-B-TRANSIT','BANK-B-TRANSIT','','created');
INSERT INTO "gl_account" VALUES('1776','1776','','created');
INSERT INTO "gl_account" VALUES('DISCOUNT-GRANTED','DISCOUNT-GRANTED','','created');
INSERT INTO "gl_account" VALUES('BANK-U','BANK-U','','created');
INSERT INTO "gl_account" VALUES('FX-LOSS','FX-LOSS','','created');
CREATE TABLE journal_entry (
	no INTEGER NOT NULL, 
	register_no INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	payload_hash TEXT DEFAULT '' NOT NULL, 
	posting_date TEXT NOT NULL CHECK (length(posting_date) = 10), 
	kind TEXT DEFAULT '' NOT NULL, 
	line_id INTEGER, 
	reverses_no INTEGER, 
	reason TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (no), 
	CHECK (reverses_no IS NULL OR (reverses_no < no AND reason <> '')), 
	FOREIGN KEY(register_no) REFERENCES register (no), 
	UNIQUE ("key"), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id), 
	FOREIGN KEY(reverses_no) REFERENCES journal_entry (no)
)
 STRICT

;
INSERT INTO "journal_entry" VALUES(1,1,'76e84141acd0ee89f2df80ea37dcc33a04ddeb0d997af7ff2707b3fa3188d442','26f2819190535bee3f843fc3bbd972edab4b1b2bfa63c242c22f70a4b0b6670b','2026-10-31','opening',NULL,NULL,'');
INSERT INTO "journal_entry" VALUES(2,2,'49dc20c8fa8e6962c84f75353bc83792a896d5abb7353dcc7c015d173ea778ec','31ab4af94d667052ed46e54e5e12c5704e07a87fef61b72fd1ed07c2b962d9b3','2026-10-31','opening',NULL,NULL,'');
INSERT INTO "journal_entry" VALUES(3,2,'991ce988168b3b01fc57dc440ecf3ae3319648a7f48d94b87f3ea404eb4a2734','b4ccd3fd1fe42cb428af8ade01c21589da9b0dbd459377fa4c18230d4b2c4537','2026-10-31','opening',NULL,NULL,'');
INSERT INTO "journal_entry" VALUES(4,3,'ad8a0932550e7b06936518943c10edae18f46d6318f5bae291afc6b7f46fd826','66eb02985d948d4ef18110b926fa178882845173bc4a61589bbb67d8cd6122ed','2026-10-31','opening',NULL,NULL,'');
INSERT INTO "journal_entry" VALUES(5,4,'5dac3f15b9bb019983fb3a5d637e6afb49bf72d83bc15bbba517568723626f98','ed011b49783be7102a8fb57b533bc30e4be4da1a974baf8879115995d608e6f0','2026-11-02','payment',1,NULL,'');
INSERT INTO "journal_entry" VALUES(6,5,'b1235df9758c0b4448c222e63de44404116ae6ac8ebe416cb7e242fab1698cf7','dcbe7aef47bab0fdad797fecad8d46a613be1d88fe6387b43bda04b27e1d42b4','2026-11-02','payment',4,NULL,'');
INSERT INTO "journal_entry" VALUES(7,6,'640265ea28592a651389d4cfdd4a622542a38632122d37d9d86915239b8e40ca','04f5071995e54cbb58b7294f6fa4719777ad0aaa73d04095d89eef4bbe3a6e3c','2026-11-02','unapplication',NULL,NULL,'for another one');
CREATE TABLE line_revision (
	id INTEGER NOT NULL, 
	line_id INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	counterparty_name TEXT DEFAULT '' NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	raw TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (line_id, sha256), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id), 
	FOREIGN KEY(sha256) REFERENCES feed_file (sha256)
)
 STRICT

;
CREATE TABLE load_file (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL CHECK (kind <> ''), 
	sha256 TEXT NOT NULL CHECK (length(sha256) = 64), 
	file_name TEXT DEFAULT '' NOT NULL, 
	as_of TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	after_register INTEGER NOT NULL CHECK (after_register BETWEEN -9000000000000000 AND 9000000000000000), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
INSERT INTO "load_file" VALUES(1,'bank-accounts','2d6564259f3341a305020cca4c1630eb221bd31b77bb9feee3b426e54b94166c','bank-accounts.csv','','anna',0,'2026-11-29T19:06:02Z');
INSERT INTO "load_file" VALUES(2,'customers','b01b73c51f7534c938ccc4842a9a93a3b61afb489f1c399d9021dcc0b76c2fc3','customers.csv','','anna',1,'2026-11-29T19:06:02Z');
INSERT INTO "load_file" VALUES(3,'rates','061d9f07a358fcebf84bced7fafeb94b24a9131dc4301c3642f5e8ddf67b13ac','rates.csv','','anna',1,'2026-11-29T19:06:02Z');
INSERT INTO "load_file" VALUES(4,'ledger-entries','7a2b43306ca3656420a91f955890c3f34ea2c573e6a18c59fed83fb2aa6ac8b9','ledger-entries.csv','','anna',1,'2026-11-29T19:06:03Z');
INSERT INTO "load_file" VALUES(5,'entry-taxes','0f97c1bfc982fd2432a93bfa12f55165091ea930fe3d24e9eb8032268a6424d5','entry-taxes.csv','','anna',2,'2026-11-29T19:06:04Z');
INSERT INTO "load_file" VALUES(6,'bank-entries','a890ac5abe905feb542a139601e1212659b90029115bdd9ce735ceac5b772f1b','bank-entries.csv','','anna',2,'2026-11-29T19:06:04Z');
CREATE TABLE mapping (
	id INTEGER NOT NULL, 
	mapping_no INTEGER NOT NULL CHECK (mapping_no BETWEEN -9000000000000000 AND 9000000000000000), 
	action TEXT CHECK (action IN ('add','edit','approve','remove')), 
	kind TEXT CHECK (kind IN ('payer_account','payer_name','text')), 
	pattern TEXT NOT NULL CHECK (pattern <> ''), 
	target_type TEXT CHECK (target_type IN ('customer','vendor','gl')), 
	target_no TEXT NOT NULL CHECK (target_no <> ''), 
	side TEXT CHECK (side IN ('in','out','both')), 
	amount_limit INTEGER CHECK (amount_limit > 0), 
	currency TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	prepared_by TEXT DEFAULT '' NOT NULL, 
	decision_id INTEGER, 
	reason TEXT DEFAULT '' NOT NULL, 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (lower(prepared_by) <> lower(actor)), 
	CHECK ((action = 'approve') = (prepared_by <> '')), 
	CHECK ((amount_limit IS NULL) = (currency = '')), 
	FOREIGN KEY(decision_id) REFERENCES decision (id)
)
 STRICT

;
CREATE TABLE master_change (
	id INTEGER NOT NULL, 
	load_id INTEGER NOT NULL, 
	kind TEXT NOT NULL CHECK (kind IN ('customer','vendor','bank_account','gl_account')), 
	no TEXT DEFAULT '' NOT NULL, 
	field TEXT NOT NULL CHECK (field <> ''), 
	old_value TEXT DEFAULT '' NOT NULL, 
	new_value TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(load_id) REFERENCES load_file (id)
)
 STRICT

;
INSERT INTO "master_change" VALUES(1,1,'bank_account','B','no','','B');
INSERT INTO "master_change" VALUES(2,1,'bank_account','U','no','','U');
INSERT INTO "master_change" VALUES(3,2,'customer','C1','no','','C1');
INSERT INTO "master_change" VALUES(4,2,'customer','C2','no','','C2');
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY ("key")
)
 STRICT

;
INSERT INTO "meta" VALUES('company_currency','EUR');
INSERT INTO "meta" VALUES('cutover','2026-10-31');
INSERT INTO "meta" VALUES('valued_through','6');
CREATE TABLE month_event (
	month TEXT NOT NULL CHECK (length(month) = 7), 
	action TEXT CHECK (action IN ('declared','announced','statements_sent')), 
	actor TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	UNIQUE (month, action)
)
 STRICT

;
CREATE TABLE page_user (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL CHECK (name <> ''), 
	action TEXT NOT NULL CHECK (action IN ('add','change','remove')), 
	role TEXT NOT NULL CHECK (role IN ('viewer','reviewer','approver')), 
	password_hash TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
CREATE TABLE party (
	id INTEGER NOT NULL, 
	party_type TEXT CHECK (party_type IN ('customer','vendor')), 
	party_no TEXT DEFAULT '' NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	name_2 TEXT DEFAULT '' NOT NULL, 
	blocked TEXT DEFAULT '0' NOT NULL, 
	control_account TEXT DEFAULT '' NOT NULL, 
	fields TEXT DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (party_type, party_no)
)
 STRICT

;
INSERT INTO "party" VALUES(1,'customer','C1','Eins AG','','0','','{}');
INSERT INTO "party" VALUES(2,'customer','C2','Zwei AG','','0','','{}');
CREATE TABLE party_alias (
	party_id INTEGER NOT NULL, 
	alias TEXT DEFAULT '' NOT NULL, 
	UNIQUE (party_id, alias), 
	FOREIGN KEY(party_id) REFERENCES party (id)
)
 STRICT

;
CREATE TABLE party_iban (
	party_id INTEGER NOT NULL, 
	iban TEXT DEFAULT '' NOT NULL, 
	UNIQUE (party_id, iban), 
	FOREIGN KEY(party_id) REFERENCES party (id)
)
 STRICT

;
INSERT INTO "party_iban" VALUES(1,'DE75370501980000001102');
CREATE TABLE payment_part (
	payment_reference TEXT NOT NULL CHECK (payment_reference <> ''), 
	party_type TEXT NOT NULL CHECK (party_type = 'customer'), 
	party_no TEXT DEFAULT '' NOT NULL, 
	currency TEXT DEFAULT '' NOT NULL, 
	amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9000000000000000), 
	entries INTEGER NOT NULL CHECK (entries > 0), 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (payment_reference)
)
 STRICT

;
INSERT INTO "payment_part" VALUES('RF31531664439401485280','customer','C1','EUR',15000,2,'anna','2026-11-29T19:06:16Z');
INSERT INTO "payment_part" VALUES('RF81382421103578687390','customer','C2','USD',8000,1,'anna','2026-11-29T19:06:16Z');
CREATE TABLE payment_part_entry (
	payment_reference TEXT NOT NULL, 
	entry_id INTEGER NOT NULL, 
	amount INTEGER NOT NULL CHECK (amount BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (payment_reference, entry_id), 
	CHECK (amount <> 0), 
	FOREIGN KEY(payment_reference) REFERENCES payment_part (payment_reference) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(entry_id) REFERENCES entry (id)
)
 STRICT

;
INSERT INTO "payment_part_entry" VALUES('RF31531664439401485280',1,10000);
INSERT INTO "payment_part_entry" VALUES('RF31531664439401485280',2,5000);
INSERT INTO "payment_part_entry" VALUES('RF81382421103578687390',3,8000);
CREATE TABLE period_event (
	id INTEGER NOT NULL, 
	closed_through TEXT DEFAULT '' NOT NULL, 
	action TEXT NOT NULL CHECK (action IN ('close','reopen')), 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	second_actor TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	after_register INTEGER NOT NULL CHECK (after_register BETWEEN -9000000000000000 AND 9000000000000000), 
	request_id INTEGER, 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CHECK ((action = 'reopen') = (request_id IS NOT NULL)), 
	FOREIGN KEY(request_id) REFERENCES request (id)
)
 STRICT

;
INSERT INTO "period_event" VALUES(1,'2026-09-30','close','anna','','',6,NULL,'2026-11-29T19:06:15Z');
CREATE TABLE posting (
	journal_entry_no INTEGER NOT NULL, 
	seq INTEGER NOT NULL CHECK (seq BETWEEN -9000000000000000 AND 9000000000000000), 
	gl_account TEXT NOT NULL, 
	currency TEXT DEFAULT '' NOT NULL, 
	amount INTEGER NOT NULL CHECK (amount BETWEEN -9000000000000000 AND 9000000000000000), 
	amount_company INTEGER CHECK (amount_company BETWEEN -9000000000000000 AND 9000000000000000), 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	bank_account_no TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (journal_entry_no, seq), 
	CONSTRAINT posting_moves_something CHECK (amount <> 0 OR coalesce(amount_company, 0) <> 0), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no), 
	FOREIGN KEY(gl_account) REFERENCES gl_account (no)
)
 WITHOUT ROWID,
 STRICT

;
INSERT INTO "posting" VALUES(1,1,'BANK-B','EUR',50000,NULL,'','','B');
INSERT INTO "posting" VALUES(1,2,'OPENING','EUR',-50000,NULL,'','','');
INSERT INTO "posting" VALUES(2,1,'AR','EUR',15000,NULL,'','','');
INSERT INTO "posting" VALUES(2,2,'OPENING','EUR',-15000,NULL,'','','');
INSERT INTO "posting" VALUES(3,1,'AR','USD',8000,6400,'','','');
INSERT INTO "posting" VALUES(3,2,'OPENING','USD',-8000,-6400,'','','');
INSERT INTO "posting" VALUES(4,1,'BANK-B-TRANSIT','EUR',-2000,NULL,'','','B');
INSERT INTO "posting" VALUES(4,2,'OPENING','EUR',2000,NULL,'','','');
INSERT INTO "posting" VALUES(5,1,'1776','EUR',32,NULL,'','','');
INSERT INTO "posting" VALUES(5,2,'AR','EUR',-10000,NULL,'customer','C1','');
INSERT INTO "posting" VALUES(5,3,'BANK-B','EUR',9800,NULL,'','','B');
INSERT INTO "posting" VALUES(5,4,'DISCOUNT-GRANTED','EUR',168,NULL,'','','');
INSERT INTO "posting" VALUES(6,1,'AR','USD',-8000,-6400,'customer','C2','');
INSERT INTO "posting" VALUES(6,2,'BANK-U','USD',8000,6250,'','','U');
INSERT INTO "posting" VALUES(6,3,'FX-LOSS','USD',0,150,'','','');
INSERT INTO "posting" VALUES(7,1,'AR','EUR',10000,NULL,'customer','C1','');
INSERT INTO "posting" VALUES(7,2,'1776','EUR',-32,NULL,'','','');
INSERT INTO "posting" VALUES(7,3,'DISCOUNT-GRANTED','EUR',-168,NULL,'','','');
INSERT INTO "posting" VALUES(7,4,'AR','EUR',-9800,NULL,'customer','C1','');
CREATE TABLE proposal (
	line_id INTEGER NOT NULL, 
	rank INTEGER NOT NULL CHECK (rank BETWEEN -9000000000000000 AND 9000000000000000), 
	confidence TEXT DEFAULT '' NOT NULL, 
	rule TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	explanation TEXT DEFAULT '' NOT NULL, 
	evidence TEXT DEFAULT '' NOT NULL, 
	probability TEXT DEFAULT '' NOT NULL, 
	UNIQUE (line_id, rank), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id)
)
 STRICT

;
INSERT INTO "proposal" VALUES(1,1,'high','party_discount','','customer','C1','the account is on file for customer C1 and the name is its own, one entry fits, 98.00 EUR is the open amount of R1 less 2 % discount (2.00) due 2026-11-30','party=name account=on_file amount=discount','0.9999');
INSERT INTO "proposal" VALUES(2,1,'none','debit','unannounced_debit','','','money out','','');
INSERT INTO "proposal" VALUES(3,1,'none','none','unknown_payer','','','no account, name or document is known','','');
INSERT INTO "proposal" VALUES(4,1,'high','party_exact','','customer','C2','the name is that of customer C2, one entry fits, 80.00 USD is the open amount of R3','party=name amount=exact','0.9992');
CREATE TABLE proposed (
	line_id INTEGER NOT NULL, 
	rank INTEGER NOT NULL CHECK (rank BETWEEN -9000000000000000 AND 9000000000000000), 
	seq INTEGER NOT NULL CHECK (seq BETWEEN -9000000000000000 AND 9000000000000000), 
	target TEXT DEFAULT '' NOT NULL, 
	target_id INTEGER NOT NULL CHECK (target_id BETWEEN -9000000000000000 AND 9000000000000000), 
	party_type TEXT DEFAULT '' NOT NULL, 
	party_no TEXT DEFAULT '' NOT NULL, 
	gl_account TEXT DEFAULT '' NOT NULL, 
	applied_amount INTEGER NOT NULL CHECK (applied_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	entry_amount INTEGER NOT NULL CHECK (entry_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	discount_amount INTEGER NOT NULL CHECK (discount_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	difference_amount INTEGER NOT NULL CHECK (difference_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	difference_kind TEXT DEFAULT '' NOT NULL, 
	UNIQUE (line_id, rank, seq), 
	FOREIGN KEY(line_id) REFERENCES statement_line (line_id)
)
 STRICT

;
INSERT INTO "proposed" VALUES(1,1,1,'entry',1,'customer','C1','',9800,10000,200,0,'');
INSERT INTO "proposed" VALUES(4,1,1,'entry',3,'customer','C2','',8000,8000,0,0,'');
CREATE TABLE rate (
	date TEXT DEFAULT '' NOT NULL, 
	currency TEXT DEFAULT '' NOT NULL, 
	rate TEXT DEFAULT '' NOT NULL, 
	UNIQUE (date, currency)
)
 STRICT

;
INSERT INTO "rate" VALUES('2026-10-01','USD','1.25');
INSERT INTO "rate" VALUES('2026-11-02','USD','1.28');
CREATE TABLE register (
	no INTEGER NOT NULL, 
	kind TEXT NOT NULL CHECK (kind <> ''), 
	reason TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	run_id TEXT DEFAULT '' NOT NULL, 
	policy_hash TEXT DEFAULT '' NOT NULL, 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (no), 
	FOREIGN KEY(no) REFERENCES register_seal (register_no) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

;
INSERT INTO "register" VALUES(1,'load bank-accounts','','anna','','670b70095fabbc20331ab19fd49159350972b4dd51fae8fef1a7b026173802ed','2026-11-29T19:06:02.526Z');
INSERT INTO "register" VALUES(2,'load ledger-entries','','anna','','670b70095fabbc20331ab19fd49159350972b4dd51fae8fef1a7b026173802ed','2026-11-29T19:06:03.536Z');
INSERT INTO "register" VALUES(3,'load bank-entries','','anna','','670b70095fabbc20331ab19fd49159350972b4dd51fae8fef1a7b026173802ed','2026-11-29T19:06:04.147Z');
INSERT INTO "register" VALUES(4,'nightly','','night','','670b70095fabbc20331ab19fd49159350972b4dd51fae8fef1a7b026173802ed','2026-11-29T19:06:08.994Z');
INSERT INTO "register" VALUES(5,'nightly','','night','','670b70095fabbc20331ab19fd49159350972b4dd51fae8fef1a7b026173802ed','2026-11-29T19:06:09.149Z');
INSERT INTO "register" VALUES(6,'unapplication','for another one','anna','','670b70095fabbc20331ab19fd49159350972b4dd51fae8fef1a7b026173802ed','2026-11-29T19:06:14.363Z');
CREATE TABLE register_seal (
	register_no INTEGER NOT NULL, 
	journal_entries INTEGER NOT NULL CHECK (journal_entries BETWEEN -9000000000000000 AND 9000000000000000), 
	postings INTEGER NOT NULL CHECK (postings BETWEEN -9000000000000000 AND 9000000000000000), 
	applications INTEGER NOT NULL CHECK (applications BETWEEN -9000000000000000 AND 9000000000000000), 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (register_no), 
	UNIQUE (prev_hash), 
	UNIQUE (hash)
)
 STRICT

;
INSERT INTO "register_seal" VALUES(1,1,2,0,'0000000000000000000000000000000000000000000000000000000000000000','e293c1d6d9ace9cc1c5ea1404617ae4677d98cd2553c3b24d6d7d34027132f25');
INSERT INTO "register_seal" VALUES(2,2,4,0,'e293c1d6d9ace9cc1c5ea1404617ae4677d98cd2553c3b24d6d7d34027132f25','aebe41ba4dba8804295c6f4dd1584f720367fd469911b6b3c09e2a81d8a7b9d8');
INSERT INTO "register_seal" VALUES(3,1,2,0,'aebe41ba4dba8804295c6f4dd1584f720367fd469911b6b3c09e2a81d8a7b9d8','60d65994e09df21bda5162698c66c2a6aef8a4298616dc71da8302eebe08b79c');
INSERT INTO "register_seal" VALUES(4,1,4,2,'60d65994e09df21bda5162698c66c2a6aef8a4298616dc71da8302eebe08b79c','e6fdf06be5b20430f04b11b33cd3643e8a6e97e96ed8706f3d3aa89c0ff439a1');
INSERT INTO "register_seal" VALUES(5,1,3,2,'e6fdf06be5b20430f04b11b33cd3643e8a6e97e96ed8706f3d3aa89c0ff439a1','bd1f5aeadbbf639c906e26115f866bee3c2801ed4d06a543fc113ca46e1e428f');
INSERT INTO "register_seal" VALUES(6,1,4,3,'bd1f5aeadbbf639c906e26115f866bee3c2801ed4d06a543fc113ca46e1e428f','40c8b73f8f79349158bbfd1d9955d2608f4c12b3c769adf213581952c66f6beb');
CREATE TABLE request (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL CHECK (kind <> ''), 
	subject TEXT NOT NULL CHECK (subject <> ''), 
	seen TEXT NOT NULL CHECK (seen <> ''), 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	reason TEXT NOT NULL CHECK (reason <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
CREATE TABLE statement (
	id INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	ordinal INTEGER NOT NULL CHECK (ordinal BETWEEN -9000000000000000 AND 9000000000000000), 
	format TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	account TEXT DEFAULT '' NOT NULL, 
	bank_account_no TEXT, 
	currency TEXT DEFAULT '' NOT NULL, 
	reference TEXT DEFAULT '' NOT NULL, 
	statement_no TEXT DEFAULT '' NOT NULL, 
	page TEXT DEFAULT '' NOT NULL, 
	from_date TEXT CHECK (from_date IS NULL OR length(from_date) = 10), 
	to_date TEXT CHECK (to_date IS NULL OR length(to_date) = 10), 
	opening INTEGER CHECK (opening BETWEEN -9000000000000000 AND 9000000000000000), 
	closing INTEGER CHECK (closing BETWEEN -9000000000000000 AND 9000000000000000), 
	line_count INTEGER NOT NULL CHECK (line_count BETWEEN -9000000000000000 AND 9000000000000000), 
	net INTEGER NOT NULL CHECK (net BETWEEN -9000000000000000 AND 9000000000000000), 
	complete INTEGER NOT NULL CHECK (complete BETWEEN -9000000000000000 AND 9000000000000000), 
	fingerprint TEXT DEFAULT '' NOT NULL, 
	status TEXT NOT NULL CHECK (status IN ('received','held','reconciled','refused','announced','replaced')), 
	reason TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	waits_for TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CHECK (status NOT IN ('received','reconciled') OR opening IS NULL OR closing IS NULL OR opening + net = closing), 
	FOREIGN KEY(sha256) REFERENCES feed_file (sha256), 
	FOREIGN KEY(bank_account_no) REFERENCES bank_account (bank_account_no)
)
 STRICT

;
INSERT INTO "statement" VALUES(1,'795c7fa5e7cab3a1f10d5f4ddc3b7e7c398edcd4035e8f817506e5490d09935e',1,'mt940','booked','DE05370501980000001101','B','EUR','X','1','1','2026-11-02','2026-11-02',50000,58300,3,8300,1,'b94cb9705f4a6f9f8bccd77725b89ec99b1063dda87a61173d220626409f87aa','received','','','lines 2, 3');
INSERT INTO "statement" VALUES(2,'27d0e9a22e96c7c4ecaaddbf455140c2c93b2804afedd3ec072d25947c936faa',1,'mt940','booked','DE38500400000123456700','U','USD','X','1','1','2026-11-02','2026-11-02',0,8000,1,8000,1,'00612b428c6169a735dc7d9c104ac378d8ea9f26bb4e6df1862d26fec17352aa','reconciled','','','');
CREATE TABLE statement_chain (
	bank_account_no TEXT NOT NULL, 
	ord INTEGER NOT NULL CHECK (ord >= 1), 
	prev_ord INTEGER, 
	statement_id INTEGER NOT NULL, 
	opening INTEGER NOT NULL CHECK (opening BETWEEN -9000000000000000 AND 9000000000000000), 
	closing INTEGER NOT NULL CHECK (closing BETWEEN -9000000000000000 AND 9000000000000000), 
	undoes_ord INTEGER, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	second_actor TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	request_id INTEGER, 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (bank_account_no, ord), 
	UNIQUE (bank_account_no, ord, closing), 
	CHECK (CASE WHEN ord = 1 THEN prev_ord IS NULL ELSE prev_ord IS NOT NULL AND prev_ord = ord - 1 END), 
	CHECK (undoes_ord IS NULL OR undoes_ord < ord), 
	CHECK ((undoes_ord IS NULL) = (request_id IS NULL)), 
	FOREIGN KEY(bank_account_no, prev_ord, opening) REFERENCES statement_chain (bank_account_no, ord, closing), 
	FOREIGN KEY(bank_account_no, undoes_ord) REFERENCES statement_chain (bank_account_no, ord), 
	FOREIGN KEY(bank_account_no) REFERENCES bank_account (bank_account_no), 
	FOREIGN KEY(statement_id) REFERENCES statement (id), 
	FOREIGN KEY(request_id) REFERENCES request (id)
)
 STRICT

;
INSERT INTO "statement_chain" VALUES('U',1,NULL,2,0,8000,NULL,'night','','',NULL,'2026-11-29T19:06:12Z');
CREATE TABLE statement_event (
	id INTEGER NOT NULL, 
	statement_id INTEGER NOT NULL, 
	old_status TEXT DEFAULT '' NOT NULL, 
	new_status TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	after_register INTEGER NOT NULL CHECK (after_register BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (id), 
	FOREIGN KEY(statement_id) REFERENCES statement (id)
)
 STRICT

;
INSERT INTO "statement_event" VALUES(1,1,'','received','',3);
INSERT INTO "statement_event" VALUES(2,2,'','received','',3);
INSERT INTO "statement_event" VALUES(3,2,'received','reconciled','',5);
CREATE TABLE statement_line (
	line_id INTEGER NOT NULL, 
	statement_id INTEGER NOT NULL, 
	line_no INTEGER NOT NULL CHECK (line_no BETWEEN -9000000000000000 AND 9000000000000000), 
	booking_date TEXT CHECK (booking_date IS NULL OR length(booking_date) = 10), 
	value_date TEXT CHECK (value_date IS NULL OR length(value_date) = 10), 
	amount INTEGER NOT NULL CHECK (amount BETWEEN -9000000000000000 AND 9000000000000000), 
	is_reversal INTEGER DEFAULT '0' NOT NULL, 
	type_code TEXT DEFAULT '' NOT NULL, 
	bank_reference TEXT DEFAULT '' NOT NULL, 
	customer_reference TEXT DEFAULT '' NOT NULL, 
	check_no TEXT DEFAULT '' NOT NULL, 
	counterparty_name TEXT DEFAULT '' NOT NULL, 
	counterparty_account TEXT DEFAULT '' NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	payment_reference TEXT DEFAULT '' NOT NULL, 
	end_to_end_id TEXT DEFAULT '' NOT NULL, 
	mandate_id TEXT DEFAULT '' NOT NULL, 
	creditor_id TEXT DEFAULT '' NOT NULL, 
	business_code TEXT DEFAULT '' NOT NULL, 
	charges INTEGER NOT NULL CHECK (charges BETWEEN -9000000000000000 AND 9000000000000000), 
	original_amount INTEGER NOT NULL CHECK (original_amount BETWEEN -9000000000000000 AND 9000000000000000), 
	original_currency TEXT DEFAULT '' NOT NULL, 
	corrects TEXT DEFAULT '' NOT NULL, 
	raw TEXT DEFAULT '' NOT NULL, 
	identity TEXT DEFAULT '' NOT NULL, 
	occurrence INTEGER NOT NULL CHECK (occurrence BETWEEN -9000000000000000 AND 9000000000000000), 
	before_cutover INTEGER NOT NULL CHECK (before_cutover BETWEEN -9000000000000000 AND 9000000000000000), 
	PRIMARY KEY (line_id), 
	UNIQUE (statement_id, line_no), 
	FOREIGN KEY(statement_id) REFERENCES statement (id) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

;
INSERT INTO "statement_line" VALUES(1,1,1,'2026-11-02','2026-11-02',9800,0,'NTRF','1','','','Eins AG','DE75370501980000001102','R1','','','','','166',0,0,'','',':61:2611021102C98,00NTRFNONREF//1
:86:166?20R1?31DE75370501980000001102?32Eins AG','1f161f36cfa809656677e70f83234167',1,0);
INSERT INTO "statement_line" VALUES(2,1,2,'2026-11-02','2026-11-02',-2000,0,'NCHK','2','1NONREF','1NONREF','','','SCHECK 1','','','','','101',0,0,'','',':61:2611021102D20,00NCHK1NONREF//2
:86:101?20SCHECK 1','6381ad8263990b7948e6683fae2379ea',1,0);
INSERT INTO "statement_line" VALUES(3,1,3,'2026-11-02','2026-11-02',500,0,'NTRF','3','','','Niemand','','unbekannt','','','','','166',0,0,'','',':61:2611021102C5,00NTRFNONREF//3
:86:166?20unbekannt?32Niemand','4830c9b13fc583d2ab39b2c58a63e394',1,0);
INSERT INTO "statement_line" VALUES(4,2,1,'2026-11-02','2026-11-02',8000,0,'NTRF','4','','','Zwei AG','','R3','','','','','166',0,0,'','',':61:2611021102C80,00NTRFNONREF//4
:86:166?20R3?32Zwei AG','b4e27b455f67ec0a2cf5e0a65ed78c2a',1,0);
CREATE TABLE statement_run (
	no INTEGER NOT NULL, 
	as_of TEXT NOT NULL CHECK (length(as_of) = 10), 
	occasion TEXT, 
	form TEXT DEFAULT '{}' NOT NULL, 
	choice TEXT DEFAULT '{}' NOT NULL, 
	sending TEXT NOT NULL CHECK (sending IN ('email','print')), 
	register_no INTEGER NOT NULL CHECK (register_no BETWEEN -9000000000000000 AND 9000000000000000), 
	register_hash TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (no), 
	UNIQUE (occasion)
)
 STRICT

;
INSERT INTO "statement_run" VALUES(1,'2026-10-31',NULL,'{"aged_by": "due", "bands": [30, 60, 90], "first": null, "language": "", "style": ""}','{"accounts": [], "balances": "any", "countries": [], "currencies": [], "customers": [], "inactive": true, "methods": [], "minimum": null, "overdue_days": null, "projects": [], "types": []}','print',6,'40c8b73f8f79349158bbfd1d9955d2608f4c12b3c769adf213581952c66f6beb','anna','2026-11-29T19:06:15Z');
CREATE TABLE statement_run_event (
	run_no INTEGER NOT NULL, 
	action TEXT NOT NULL CHECK (action IN ('composed','approved')), 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (run_no, action), 
	FOREIGN KEY(run_no) REFERENCES statement_run (no)
)
 STRICT

;
INSERT INTO "statement_run_event" VALUES(1,'composed','anna','2026-11-29T19:06:17Z');
INSERT INTO "statement_run_event" VALUES(1,'approved','anna','2026-11-29T19:06:17Z');
CREATE TABLE statement_skip (
	run_no INTEGER NOT NULL, 
	customer_no TEXT NOT NULL, 
	reason TEXT NOT NULL CHECK (reason <> ''), 
	PRIMARY KEY (run_no, customer_no), 
	FOREIGN KEY(run_no) REFERENCES statement_run (no)
)
 STRICT

;
CREATE TABLE suppression (
	id INTEGER NOT NULL, 
	address_sha256 TEXT NOT NULL CHECK (length(address_sha256) = 64), 
	action TEXT NOT NULL CHECK (action IN ('add','remove')), 
	reason TEXT NOT NULL CHECK (reason <> ''), 
	actor TEXT NOT NULL CHECK (actor <> ''), 
	recorded_at TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT

;
CREATE TABLE valuation (
	values_no INTEGER NOT NULL, 
	journal_entry_no INTEGER NOT NULL, 
	rate TEXT DEFAULT '' NOT NULL, 
	rate_date TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (values_no), 
	FOREIGN KEY(values_no) REFERENCES journal_entry (no), 
	FOREIGN KEY(journal_entry_no) REFERENCES journal_entry (no)
)
 STRICT

;
INSERT INTO "valuation" VALUES(3,3,'1.25','2026-10-01');
INSERT INTO "valuation" VALUES(6,6,'1.28','2026-11-02');
CREATE INDEX load_file_kind ON load_file (kind);
CREATE UNIQUE INDEX page_user_state ON page_user (name, id);
CREATE INDEX suppression_address ON suppression (address_sha256, id);
CREATE INDEX master_change_no ON master_change (kind, no);
CREATE UNIQUE INDEX statement_place ON statement (sha256, ordinal) WHERE status <> 'replaced';
CREATE UNIQUE INDEX statement_number ON statement (bank_account_no, statement_no, page, coalesce(substr(to_date, 1, 4), '')) WHERE status IN ('received', 'reconciled') AND kind = 'booked';
CREATE UNIQUE INDEX period_event_request ON period_event (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX statement_event_statement ON statement_event (statement_id);
CREATE UNIQUE INDEX statement_chain_request ON statement_chain (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX statement_chain_statement ON statement_chain (statement_id);
CREATE UNIQUE INDEX statement_chain_undoes ON statement_chain (undoes_ord, bank_account_no) WHERE undoes_ord IS NOT NULL;
CREATE VIEW closed_statement AS SELECT c.statement_id, c.bank_account_no, c.ord, c.opening, c.closing, c.actor FROM statement_chain c WHERE c.undoes_ord IS NULL AND NOT EXISTS (SELECT 1 FROM statement_chain u WHERE u.bank_account_no = c.bank_account_no AND u.undoes_ord = c.ord);
CREATE UNIQUE INDEX statement_line_identity ON statement_line (identity, occurrence, statement_id);
CREATE UNIQUE INDEX delivery_live ON delivery (statement_id) WHERE state NOT IN ('failed', 'suppressed');
CREATE INDEX delivery_state ON delivery (state, method, id);
CREATE INDEX journal_entry_parking ON journal_entry (line_id) WHERE kind = 'parking';
CREATE UNIQUE INDEX journal_entry_reverses ON journal_entry (reverses_no) WHERE reverses_no IS NOT NULL;
CREATE INDEX journal_entry_register ON journal_entry (register_no);
CREATE INDEX journal_entry_line ON journal_entry (line_id);
CREATE INDEX exception_item_queue ON exception_item (status, opened_on, id, line_id, remaining, reason, assigned_to);
CREATE INDEX decision_line ON decision (line_id);
CREATE INDEX delivery_event_delivery ON delivery_event (delivery_id);
CREATE INDEX entry_journal ON entry (journal_entry_no);
CREATE INDEX posting_valued ON posting (journal_entry_no) WHERE amount_company IS NOT NULL;
CREATE UNIQUE INDEX mapping_state ON mapping (mapping_no, id);
CREATE UNIQUE INDEX valuation_journal ON valuation (journal_entry_no);
CREATE INDEX payment_part_of_entry ON payment_part_entry (entry_id);
CREATE INDEX application_entry ON application (entry_id, entry_amount);
CREATE INDEX application_bank_entry ON application (bank_entry_id) WHERE bank_entry_id IS NOT NULL;
CREATE UNIQUE INDEX application_unapplies ON application (unapplies_no, unapplies_seq) WHERE unapplies_no IS NOT NULL;
CREATE INDEX application_line ON application (line_id);
CREATE UNIQUE INDEX entry_value_bank_entry ON entry_value (bank_entry_id) WHERE bank_entry_id IS NOT NULL;
CREATE INDEX entry_value_journal ON entry_value (journal_entry_no);
CREATE UNIQUE INDEX entry_value_entry ON entry_value (entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX application_value_journal ON application_value (journal_entry_no);
CREATE TRIGGER counter_update BEFORE UPDATE ON counter BEGIN SELECT RAISE(ABORT, 'counter_is_not_the_last') WHERE EXISTS (SELECT 1 WHERE NEW.name <> OLD.name OR NEW.value < OLD.value OR NEW.value <> CASE NEW.name WHEN 'register' THEN (SELECT max(register_no) FROM register_seal) ELSE (SELECT max(no) FROM journal_entry) END); END;
CREATE TRIGGER counter_no_delete BEFORE DELETE ON counter BEGIN SELECT RAISE(ABORT, 'counter_stays') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER period_log BEFORE INSERT ON period_event BEGIN SELECT RAISE(ABORT, 'period_move') WHERE EXISTS (SELECT 1 WHERE NEW.after_register <> (SELECT value FROM counter WHERE name = 'register') OR CASE NEW.action WHEN 'close' THEN NEW.closed_through <= coalesce((SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1), '') WHEN 'reopen' THEN NEW.closed_through >= coalesce((SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1), '') OR lower(NEW.second_actor) IN ('', lower(NEW.actor)) OR NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id AND q.kind = 'reopen' AND q.subject = NEW.closed_through AND q.seen = CAST((SELECT max(k.id) FROM period_event k WHERE k.id < NEW.id) AS TEXT) AND q.actor = NEW.actor) ELSE TRUE END); END;
CREATE TRIGGER mapping_move BEFORE INSERT ON mapping BEGIN SELECT RAISE(ABORT, 'mapping_move') WHERE EXISTS (SELECT 1 FROM (SELECT max(m.id) AS id FROM mapping m WHERE m.mapping_no = NEW.mapping_no) x LEFT JOIN mapping o ON o.id = x.id WHERE CASE NEW.action WHEN 'add' THEN o.id IS NOT NULL WHEN 'approve' THEN o.action NOT IN ('add', 'edit') OR o.actor <> NEW.prepared_by OR o.kind <> NEW.kind OR o.pattern <> NEW.pattern OR o.target_type <> NEW.target_type OR o.target_no <> NEW.target_no OR o.side <> NEW.side OR coalesce(o.amount_limit, 0) <> coalesce(NEW.amount_limit, 0) OR o.currency <> NEW.currency ELSE FALSE END OR (NEW.action <> 'add' AND (o.id IS NULL OR o.action = 'remove'))); END;
CREATE TRIGGER master_change_erased BEFORE UPDATE OF old_value, new_value ON master_change BEGIN SELECT RAISE(ABORT, 'master_change_is_append_only') WHERE EXISTS (SELECT 1 WHERE NEW.old_value NOT IN ('', OLD.old_value) OR NEW.new_value NOT IN ('', OLD.new_value)); END;
CREATE TRIGGER closing BEFORE INSERT ON statement_chain BEGIN SELECT RAISE(ABORT, 'statement_not_received') WHERE EXISTS (SELECT 1 WHERE NEW.undoes_ord IS NULL AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.id = NEW.statement_id AND s.status = 'received' AND s.bank_account_no = NEW.bank_account_no AND (s.closing = NEW.closing OR substr(s.format, 1, 3) = 'ofx') AND NEW.opening + s.net - coalesce((SELECT sum(k.amount) FROM statement_line k WHERE k.statement_id = s.id AND k.before_cutover = 1), 0) = NEW.closing)); SELECT RAISE(ABORT, 'statement_is_closed') WHERE EXISTS (SELECT 1 FROM closed_statement c WHERE NEW.undoes_ord IS NULL AND c.statement_id = NEW.statement_id); SELECT RAISE(ABORT, 'not_the_last_statement') WHERE EXISTS (SELECT 1 WHERE NEW.undoes_ord IS NOT NULL AND NOT EXISTS (SELECT 1 FROM closed_statement c WHERE c.bank_account_no = NEW.bank_account_no AND c.ord = NEW.undoes_ord AND c.statement_id = NEW.statement_id AND c.opening = NEW.closing AND c.closing = NEW.opening AND NOT EXISTS (SELECT 1 FROM closed_statement n WHERE n.bank_account_no = c.bank_account_no AND n.ord > c.ord))); SELECT RAISE(ABORT, 'not_two_people') WHERE EXISTS (SELECT 1 WHERE NEW.undoes_ord IS NOT NULL AND (lower(NEW.second_actor) IN ('', lower(NEW.actor)) OR NEW.reason = '' OR NOT EXISTS (SELECT 1 FROM request q WHERE q.id = NEW.request_id AND q.kind = 'undo_statement' AND q.subject = NEW.bank_account_no || '/' || (SELECT s.statement_no FROM statement s WHERE s.id = NEW.statement_id) AND q.seen = CAST(NEW.undoes_ord AS TEXT) AND q.actor = NEW.actor))); SELECT RAISE(ABORT, 'statement_has_open_lines') WHERE EXISTS (SELECT 1 FROM statement_line l WHERE NEW.undoes_ord IS NULL AND l.statement_id = NEW.statement_id AND l.amount <> 0 AND l.before_cutover = 0 AND NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.line_id = l.line_id AND j.reverses_no IS NULL AND j.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no))); SELECT RAISE(ABORT, 'not_the_next_statement') WHERE EXISTS (SELECT 1 WHERE NEW.ord <> 1 + (SELECT coalesce(max(ord), 0) FROM statement_chain WHERE bank_account_no = NEW.bank_account_no)); END;
CREATE TRIGGER statement_move BEFORE UPDATE OF status, bank_account_no ON statement BEGIN SELECT RAISE(ABORT, 'statement_move') WHERE EXISTS (SELECT 1 WHERE NEW.status <> OLD.status AND NOT ((OLD.status = 'received' AND NEW.status IN ('held', 'reconciled', 'replaced')) OR (OLD.status = 'held' AND NEW.status IN ('received', 'replaced', 'refused')) OR (OLD.status = 'announced' AND NEW.status IN ('received', 'replaced')) OR (OLD.status = 'refused' AND NEW.status IN ('replaced')) OR (OLD.status = 'reconciled' AND NEW.status IN ('received')))); SELECT RAISE(ABORT, 'statement_is_posted') WHERE EXISTS (SELECT 1 FROM statement_line l JOIN journal_entry j ON j.line_id = l.line_id WHERE l.statement_id = NEW.id AND NEW.status NOT IN ('received', 'reconciled')); SELECT RAISE(ABORT, 'statement_currency') WHERE EXISTS (SELECT 1 FROM bank_account b WHERE b.bank_account_no = NEW.bank_account_no AND b.currency <> NEW.currency AND NEW.status IN ('received', 'reconciled')); SELECT RAISE(ABORT, 'statement_not_in_chain') WHERE EXISTS (SELECT 1 WHERE (NEW.status = 'reconciled') <> EXISTS (SELECT 1 FROM closed_statement c WHERE c.statement_id = NEW.id)); END;
CREATE TRIGGER statement_seal BEFORE INSERT ON statement BEGIN SELECT RAISE(ABORT, 'statement_is_not_its_lines') WHERE EXISTS (SELECT 1 WHERE CASE NEW.status WHEN 'refused' THEN 0 ELSE NEW.line_count END <> (SELECT count(*) FROM statement_line l WHERE l.statement_id = NEW.id) OR (NEW.status <> 'refused' AND NEW.net <> (SELECT coalesce(sum(l.amount), 0) FROM statement_line l WHERE l.statement_id = NEW.id))); SELECT RAISE(ABORT, 'statement_currency') WHERE EXISTS (SELECT 1 FROM bank_account b WHERE b.bank_account_no = NEW.bank_account_no AND b.currency <> NEW.currency AND NEW.status IN ('received', 'reconciled')); END;
CREATE TRIGGER payment_part_seal BEFORE INSERT ON payment_part BEGIN SELECT RAISE(ABORT, 'payment_part_is_not_its_entries') WHERE EXISTS (SELECT 1 WHERE EXISTS (SELECT p.payment_reference FROM (SELECT NEW.payment_reference AS payment_reference, NEW.party_type AS party_type, NEW.party_no AS party_no, NEW.currency AS currency, NEW.amount AS amount, NEW.entries AS entries) p LEFT JOIN payment_part_entry r ON r.payment_reference = p.payment_reference LEFT JOIN entry e ON e.id = r.entry_id AND e.party_type = p.party_type AND e.party_no = p.party_no AND e.currency = p.currency AND (e.amount > 0) = (r.amount > 0) AND abs(r.amount) <= abs(e.initial_amount) GROUP BY p.payment_reference, p.amount, p.entries HAVING coalesce(sum(r.amount), 0) <> p.amount OR count(e.id) <> p.entries OR count(r.entry_id) <> p.entries)); END;
CREATE TRIGGER payment_part_entry_late BEFORE INSERT ON payment_part_entry BEGIN SELECT RAISE(ABORT, 'payment_part_is_sealed') WHERE EXISTS (SELECT 1 FROM payment_part p WHERE p.payment_reference = NEW.payment_reference); END;
CREATE TRIGGER statement_born AFTER INSERT ON statement BEGIN INSERT INTO statement_event (statement_id, old_status, new_status, reason, after_register) SELECT NEW.id, '', NEW.status, NEW.reason, coalesce((SELECT value FROM counter WHERE name = 'register'), 0) WHERE '' <> NEW.status; END;
CREATE TRIGGER statement_moved AFTER UPDATE OF status ON statement BEGIN INSERT INTO statement_event (statement_id, old_status, new_status, reason, after_register) SELECT NEW.id, OLD.status, NEW.status, NEW.reason, coalesce((SELECT value FROM counter WHERE name = 'register'), 0) WHERE OLD.status <> NEW.status; END;
CREATE TRIGGER customer_statement_run BEFORE INSERT ON customer_statement BEGIN SELECT RAISE(ABORT, 'not_the_date_of_the_run') WHERE EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM statement_run r WHERE r.no = NEW.run_no AND r.as_of = NEW.as_of)); SELECT RAISE(ABORT, 'run_is_composed') WHERE EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no); END;
CREATE TRIGGER customer_statement_erased BEFORE UPDATE OF content ON customer_statement BEGIN SELECT RAISE(ABORT, 'customer_statement_is_append_only') WHERE EXISTS (SELECT 1 WHERE NEW.content NOT IN ('', OLD.content)); END;
CREATE TRIGGER statement_skip_run BEFORE INSERT ON statement_skip BEGIN SELECT RAISE(ABORT, 'run_is_composed') WHERE EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no); END;
CREATE TRIGGER statement_run_approved BEFORE INSERT ON statement_run_event BEGIN SELECT RAISE(ABORT, 'run_is_not_composed') WHERE EXISTS (SELECT 1 WHERE NEW.action = 'approved' AND NOT EXISTS (SELECT 1 FROM statement_run_event e WHERE e.run_no = NEW.run_no AND e.action = 'composed')); END;
CREATE TRIGGER delivery_begins BEFORE INSERT ON delivery BEGIN SELECT RAISE(ABORT, 'delivery_begins_otherwise') WHERE EXISTS (SELECT 1 WHERE NEW.state NOT IN ('pending', 'suppressed') OR NEW.tries <> 0); END;
CREATE TRIGGER delivery_born AFTER INSERT ON delivery BEGIN INSERT INTO delivery_event (delivery_id, old_state, new_state, reason, actor, recorded_at) SELECT NEW.id, '', NEW.state, NEW.reason, NEW.actor, NEW.changed_at WHERE '' <> NEW.state; END;
CREATE TRIGGER delivery_move BEFORE UPDATE OF state ON delivery BEGIN SELECT RAISE(ABORT, 'delivery_move') WHERE EXISTS (SELECT 1 WHERE NEW.state <> OLD.state AND NOT ((OLD.state = 'pending' AND NEW.state IN ('sending', 'suppressed', 'failed')) OR (OLD.state = 'sending' AND NEW.state IN ('sent', 'pending', 'failed', 'unknown')) OR (OLD.state = 'unknown' AND NEW.state IN ('sent', 'pending', 'failed')) OR (OLD.state = 'failed' AND NEW.state IN ('pending')) OR (OLD.state = 'suppressed' AND NEW.state IN ('pending')) OR (OLD.state = 'sent' AND NEW.state IN ('failed')))); SELECT RAISE(ABORT, 'run_is_not_approved') WHERE EXISTS (SELECT 1 WHERE NEW.state = 'sending' AND NOT EXISTS (SELECT 1 FROM statement_run_event e JOIN customer_statement s ON s.run_no = e.run_no WHERE e.action = 'approved' AND s.id = NEW.statement_id)); END;
CREATE TRIGGER delivery_kept BEFORE UPDATE OF recipient, pdf_sha256, tries ON delivery BEGIN SELECT RAISE(ABORT, 'delivery_recipient') WHERE EXISTS (SELECT 1 WHERE NEW.recipient NOT IN ('', OLD.recipient)); SELECT RAISE(ABORT, 'delivery_is_rendered') WHERE EXISTS (SELECT 1 WHERE OLD.pdf_sha256 <> '' AND NEW.pdf_sha256 <> OLD.pdf_sha256); SELECT RAISE(ABORT, 'delivery_tries') WHERE EXISTS (SELECT 1 WHERE NEW.tries < OLD.tries); END;
CREATE TRIGGER delivery_moved AFTER UPDATE OF state ON delivery BEGIN INSERT INTO delivery_event (delivery_id, old_state, new_state, reason, actor, recorded_at) SELECT NEW.id, OLD.state, NEW.state, NEW.reason, NEW.actor, NEW.changed_at WHERE OLD.state <> NEW.state; END;
CREATE TRIGGER register_no_update BEFORE UPDATE ON register BEGIN SELECT RAISE(ABORT, 'register_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER register_no_delete BEFORE DELETE ON register BEGIN SELECT RAISE(ABORT, 'register_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal_entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'journal_entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'posting_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER posting_no_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'posting_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER application_no_update BEFORE UPDATE ON application BEGIN SELECT RAISE(ABORT, 'application_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER application_no_delete BEFORE DELETE ON application BEGIN SELECT RAISE(ABORT, 'application_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER application_tax_no_update BEFORE UPDATE ON application_tax BEGIN SELECT RAISE(ABORT, 'application_tax_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER application_tax_no_delete BEFORE DELETE ON application_tax BEGIN SELECT RAISE(ABORT, 'application_tax_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER application_value_no_update BEFORE UPDATE ON application_value BEGIN SELECT RAISE(ABORT, 'application_value_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER application_value_no_delete BEFORE DELETE ON application_value BEGIN SELECT RAISE(ABORT, 'application_value_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER entry_value_no_update BEFORE UPDATE ON entry_value BEGIN SELECT RAISE(ABORT, 'entry_value_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER entry_value_no_delete BEFORE DELETE ON entry_value BEGIN SELECT RAISE(ABORT, 'entry_value_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER valuation_no_update BEFORE UPDATE ON valuation BEGIN SELECT RAISE(ABORT, 'valuation_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER valuation_no_delete BEFORE DELETE ON valuation BEGIN SELECT RAISE(ABORT, 'valuation_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_line_no_update BEFORE UPDATE ON statement_line BEGIN SELECT RAISE(ABORT, 'statement_line_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_line_no_delete BEFORE DELETE ON statement_line BEGIN SELECT RAISE(ABORT, 'statement_line_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER line_revision_no_update BEFORE UPDATE ON line_revision BEGIN SELECT RAISE(ABORT, 'line_revision_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER line_revision_no_delete BEFORE DELETE ON line_revision BEGIN SELECT RAISE(ABORT, 'line_revision_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_event_no_update BEFORE UPDATE ON statement_event BEGIN SELECT RAISE(ABORT, 'statement_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_event_no_delete BEFORE DELETE ON statement_event BEGIN SELECT RAISE(ABORT, 'statement_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_chain_no_update BEFORE UPDATE ON statement_chain BEGIN SELECT RAISE(ABORT, 'statement_chain_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_chain_no_delete BEFORE DELETE ON statement_chain BEGIN SELECT RAISE(ABORT, 'statement_chain_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER feed_file_no_update BEFORE UPDATE ON feed_file BEGIN SELECT RAISE(ABORT, 'feed_file_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER feed_file_no_delete BEFORE DELETE ON feed_file BEGIN SELECT RAISE(ABORT, 'feed_file_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decision_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decision_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER mapping_no_update BEFORE UPDATE ON mapping BEGIN SELECT RAISE(ABORT, 'mapping_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER mapping_no_delete BEFORE DELETE ON mapping BEGIN SELECT RAISE(ABORT, 'mapping_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER period_event_no_update BEFORE UPDATE ON period_event BEGIN SELECT RAISE(ABORT, 'period_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER period_event_no_delete BEFORE DELETE ON period_event BEGIN SELECT RAISE(ABORT, 'period_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER request_no_update BEFORE UPDATE ON request BEGIN SELECT RAISE(ABORT, 'request_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER request_no_delete BEFORE DELETE ON request BEGIN SELECT RAISE(ABORT, 'request_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER export_batch_no_update BEFORE UPDATE ON export_batch BEGIN SELECT RAISE(ABORT, 'export_batch_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER export_batch_no_delete BEFORE DELETE ON export_batch BEGIN SELECT RAISE(ABORT, 'export_batch_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER export_file_no_update BEFORE UPDATE ON export_file BEGIN SELECT RAISE(ABORT, 'export_file_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER export_file_no_delete BEFORE DELETE ON export_file BEGIN SELECT RAISE(ABORT, 'export_file_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER load_file_no_update BEFORE UPDATE ON load_file BEGIN SELECT RAISE(ABORT, 'load_file_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER load_file_no_delete BEFORE DELETE ON load_file BEGIN SELECT RAISE(ABORT, 'load_file_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER payment_part_no_update BEFORE UPDATE ON payment_part BEGIN SELECT RAISE(ABORT, 'payment_part_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER payment_part_no_delete BEFORE DELETE ON payment_part BEGIN SELECT RAISE(ABORT, 'payment_part_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER payment_part_entry_no_update BEFORE UPDATE ON payment_part_entry BEGIN SELECT RAISE(ABORT, 'payment_part_entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER payment_part_entry_no_delete BEFORE DELETE ON payment_part_entry BEGIN SELECT RAISE(ABORT, 'payment_part_entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_run_no_update BEFORE UPDATE ON statement_run BEGIN SELECT RAISE(ABORT, 'statement_run_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_run_no_delete BEFORE DELETE ON statement_run BEGIN SELECT RAISE(ABORT, 'statement_run_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_run_event_no_update BEFORE UPDATE ON statement_run_event BEGIN SELECT RAISE(ABORT, 'statement_run_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_run_event_no_delete BEFORE DELETE ON statement_run_event BEGIN SELECT RAISE(ABORT, 'statement_run_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_skip_no_update BEFORE UPDATE ON statement_skip BEGIN SELECT RAISE(ABORT, 'statement_skip_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_skip_no_delete BEFORE DELETE ON statement_skip BEGIN SELECT RAISE(ABORT, 'statement_skip_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER delivery_event_no_update BEFORE UPDATE ON delivery_event BEGIN SELECT RAISE(ABORT, 'delivery_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER delivery_event_no_delete BEFORE DELETE ON delivery_event BEGIN SELECT RAISE(ABORT, 'delivery_event_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER suppression_no_update BEFORE UPDATE ON suppression BEGIN SELECT RAISE(ABORT, 'suppression_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER suppression_no_delete BEFORE DELETE ON suppression BEGIN SELECT RAISE(ABORT, 'suppression_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE OF id, journal_entry_no, party_type, party_no, document_type, document_no, instalment, posting_date, due_date, document_date, currency, amount, initial_amount, external_document_no, payment_reference, discount_date, discount_amount, discount_tolerance_date, discount_date_2, discount_amount_2, mandate_id, control_account, amount_company, remaining_company, personal_hash ON entry BEGIN SELECT RAISE(ABORT, 'entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER bank_entry_no_update BEFORE UPDATE OF id, journal_entry_no, bank_account_no, entry_no, posting_date, amount, currency, entry_type, document_no, check_no, party_type, party_no, batch_no, end_to_end_id, mandate_id, applies_to_document_no, personal_hash ON bank_entry BEGIN SELECT RAISE(ABORT, 'bank_entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER bank_entry_no_delete BEFORE DELETE ON bank_entry BEGIN SELECT RAISE(ABORT, 'bank_entry_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_no_update BEFORE UPDATE OF id, sha256, ordinal, format, kind, account, currency, reference, statement_no, page, from_date, to_date, opening, closing, line_count, net, complete, fingerprint ON statement BEGIN SELECT RAISE(ABORT, 'statement_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement BEGIN SELECT RAISE(ABORT, 'statement_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER master_change_no_update BEFORE UPDATE OF id, load_id, kind, no, field ON master_change BEGIN SELECT RAISE(ABORT, 'master_change_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER master_change_no_delete BEFORE DELETE ON master_change BEGIN SELECT RAISE(ABORT, 'master_change_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER page_user_no_update BEFORE UPDATE OF id, name, action, role, actor, recorded_at ON page_user BEGIN SELECT RAISE(ABORT, 'page_user_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER page_user_no_delete BEFORE DELETE ON page_user BEGIN SELECT RAISE(ABORT, 'page_user_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER customer_statement_no_update BEFORE UPDATE OF id, run_no, customer_no, number, prev_number, as_of, style, revision, prev_revision, balances, content_sha256 ON customer_statement BEGIN SELECT RAISE(ABORT, 'customer_statement_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER customer_statement_no_delete BEFORE DELETE ON customer_statement BEGIN SELECT RAISE(ABORT, 'customer_statement_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER delivery_no_update BEFORE UPDATE OF id, statement_id, method, message_id ON delivery BEGIN SELECT RAISE(ABORT, 'delivery_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER journal_entry_late BEFORE INSERT ON journal_entry BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'register' AND NEW.register_no <= c.value); END;
CREATE TRIGGER statement_line_late BEFORE INSERT ON statement_line BEGIN SELECT RAISE(ABORT, 'statement_is_complete') WHERE EXISTS (SELECT 1 FROM statement s WHERE s.id = NEW.statement_id); END;
CREATE TRIGGER posting_late BEFORE INSERT ON posting BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); END;
CREATE TRIGGER application_late BEFORE INSERT ON application BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); END;
CREATE TRIGGER application_tax_late BEFORE INSERT ON application_tax BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); END;
CREATE TRIGGER application_value_late BEFORE INSERT ON application_value BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); END;
CREATE TRIGGER entry_value_late BEFORE INSERT ON entry_value BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); END;
CREATE TRIGGER valuation_late BEFORE INSERT ON valuation BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); END;
CREATE TRIGGER entry_late BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); SELECT RAISE(ABORT, 'entry_remaining') WHERE EXISTS (SELECT 1  WHERE NEW.remaining_amount <> NEW.initial_amount); END;
CREATE TRIGGER entry_remaining BEFORE UPDATE OF remaining_amount ON entry BEGIN SELECT RAISE(ABORT, 'entry_remaining') WHERE EXISTS (SELECT 1  WHERE NEW.remaining_amount <> NEW.initial_amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.entry_id = NEW.id)); END;
CREATE TRIGGER bank_entry_late BEFORE INSERT ON bank_entry BEGIN SELECT RAISE(ABORT, 'register_is_sealed') WHERE EXISTS (SELECT 1 FROM counter c WHERE c.name = 'journal_entry' AND NEW.journal_entry_no <= c.value); SELECT RAISE(ABORT, 'bank_entry_remaining') WHERE EXISTS (SELECT 1  WHERE NEW.remaining_amount <> NEW.amount); END;
CREATE TRIGGER bank_entry_remaining BEFORE UPDATE OF remaining_amount ON bank_entry BEGIN SELECT RAISE(ABORT, 'bank_entry_remaining') WHERE EXISTS (SELECT 1  WHERE NEW.remaining_amount <> NEW.amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.bank_entry_id = NEW.id)); END;
CREATE TRIGGER register_guard BEFORE INSERT ON register BEGIN SELECT RAISE(ABORT, 'unsafe_connection') WHERE EXISTS (SELECT 1 WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0 OR (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0 OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1); END;
CREATE TRIGGER statement_guard BEFORE INSERT ON statement BEGIN SELECT RAISE(ABORT, 'unsafe_connection') WHERE EXISTS (SELECT 1 WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0 OR (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0 OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1); END;
CREATE TRIGGER statement_chain_guard BEFORE INSERT ON statement_chain BEGIN SELECT RAISE(ABORT, 'unsafe_connection') WHERE EXISTS (SELECT 1 WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0 OR (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0 OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1); END;
CREATE TRIGGER statement_line_twice BEFORE INSERT ON statement_line BEGIN SELECT RAISE(ABORT, 'statement_line_exists') WHERE EXISTS (SELECT 1 FROM statement_line WHERE NEW.line_id = line_id OR (NEW.statement_id = statement_id AND NEW.line_no = line_no)); END;
CREATE TRIGGER feed_file_twice BEFORE INSERT ON feed_file BEGIN SELECT RAISE(ABORT, 'feed_file_exists') WHERE EXISTS (SELECT 1 FROM feed_file WHERE NEW.sha256 = sha256); END;
CREATE TRIGGER statement_twice BEFORE INSERT ON statement BEGIN SELECT RAISE(ABORT, 'statement_exists') WHERE EXISTS (SELECT 1 FROM statement WHERE NEW.id = id); END;
CREATE TRIGGER statement_chain_twice BEFORE INSERT ON statement_chain BEGIN SELECT RAISE(ABORT, 'statement_chain_exists') WHERE EXISTS (SELECT 1 FROM statement_chain WHERE NEW.bank_account_no = bank_account_no AND NEW.ord = ord); END;
CREATE TRIGGER period_event_twice BEFORE INSERT ON period_event BEGIN SELECT RAISE(ABORT, 'period_event_exists') WHERE EXISTS (SELECT 1 FROM period_event WHERE NEW.id = id); END;
CREATE TRIGGER payment_part_twice BEFORE INSERT ON payment_part BEGIN SELECT RAISE(ABORT, 'payment_part_exists') WHERE EXISTS (SELECT 1 FROM payment_part WHERE NEW.payment_reference = payment_reference); END;
CREATE TRIGGER seal_check BEFORE INSERT ON register_seal BEGIN SELECT RAISE(ABORT, 'seal_exists') WHERE EXISTS (SELECT 1 FROM register_seal WHERE register_no = NEW.register_no); SELECT RAISE(ABORT, 'seal_without_register') WHERE EXISTS (SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM register WHERE no = NEW.register_no)); SELECT RAISE(ABORT, 'register_not_next') WHERE EXISTS (SELECT 1 FROM counter WHERE name = 'register' AND value + 1 <> NEW.register_no); SELECT RAISE(ABORT, 'chain_forked') WHERE EXISTS (SELECT 1 WHERE NEW.prev_hash <> coalesce((SELECT hash FROM register_seal WHERE register_no = NEW.register_no - 1), '0000000000000000000000000000000000000000000000000000000000000000')); SELECT RAISE(ABORT, 'recorded_before_the_last') WHERE EXISTS (SELECT 1 FROM register a JOIN register b ON b.no = a.no - 1 WHERE a.no = NEW.register_no AND a.recorded_at < b.recorded_at); SELECT RAISE(ABORT, 'journal_entry_numbers') WHERE EXISTS (SELECT 1 FROM (SELECT count(*) AS n, min(no) AS low, max(no) AS high FROM journal_entry WHERE register_no = NEW.register_no) t WHERE t.n = 0 OR t.low <> ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) OR t.high <> ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) OR t.n <> t.high - t.low + 1); SELECT RAISE(ABORT, 'counts') WHERE EXISTS (SELECT 1 WHERE (SELECT count(*) FROM posting WHERE journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries)) <> NEW.postings OR (SELECT count(*) FROM application WHERE journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries)) <> NEW.applications); SELECT RAISE(ABORT, 'unbalanced') WHERE EXISTS (SELECT 1 FROM posting WHERE journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) GROUP BY journal_entry_no, currency HAVING sum(amount) <> 0); SELECT RAISE(ABORT, 'fewer_than_two_postings') WHERE EXISTS (SELECT 1 FROM journal_entry j WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND (SELECT count(*) FROM posting p WHERE p.journal_entry_no = j.no) < 2); SELECT RAISE(ABORT, 'posting_currency') WHERE EXISTS (SELECT 1 FROM posting p JOIN bank_account b ON b.bank_account_no = p.bank_account_no WHERE p.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND b.currency <> p.currency); SELECT RAISE(ABORT, 'exchanged_otherwise') WHERE EXISTS (SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry j ON j.no = a.journal_entry_no JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.role = 'settles' AND e.currency <> s.currency AND a.journal_entry_no IN (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) GROUP BY p.journal_entry_no HAVING min(p.currency) <> max(p.currency) UNION ALL SELECT x.journal_entry_no FROM application x WHERE x.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND x.entry_id IS NOT NULL AND x.entry_amount <> x.applied_amount + x.discount_amount + x.difference_amount) AND (a.discount_amount <> 0 OR a.difference_amount <> 0 OR (a.entry_amount > 0) <> (a.applied_amount > 0) OR o.applied_amount <> -a.applied_amount) UNION ALL SELECT a.journal_entry_no FROM application a JOIN entry e ON e.id = a.entry_id JOIN journal_entry j ON j.no = a.journal_entry_no JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.role = 'settles' AND e.currency <> s.currency AND a.journal_entry_no IN (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) GROUP BY p.journal_entry_no HAVING min(p.currency) <> max(p.currency) UNION ALL SELECT x.journal_entry_no FROM application x WHERE x.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND x.entry_id IS NOT NULL AND x.entry_amount <> x.applied_amount + x.discount_amount + x.difference_amount) AND o.seq IS NULL AND NOT EXISTS (SELECT 1 FROM application r WHERE r.journal_entry_no = j.reverses_no AND r.entry_id = a.entry_id AND r.entry_amount = -a.entry_amount AND r.applied_amount = -a.applied_amount) GROUP BY a.journal_entry_no, a.line_id, l.original_currency, l.original_amount HAVING min(e.currency) <> l.original_currency OR max(e.currency) <> l.original_currency OR abs(sum(a.entry_amount)) <> l.original_amount); SELECT RAISE(ABORT, 'undone_not_negated') WHERE EXISTS (SELECT 1 FROM application a JOIN application o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND (o.unapplies_no IS NOT NULL OR coalesce(o.entry_id, 0) <> coalesce(a.entry_id, 0) OR coalesce(o.bank_entry_id, 0) <> coalesce(a.bank_entry_id, 0) OR o.entry_amount <> -a.entry_amount OR o.discount_amount <> -a.discount_amount OR o.difference_amount <> -a.difference_amount OR o.rule = 'parking' AND (o.gl_account <> a.gl_account OR o.applied_amount <> -a.applied_amount OR o.line_id <> a.line_id))); SELECT RAISE(ABORT, 'released_without_parking') WHERE EXISTS (SELECT f.no FROM journal_entry f WHERE f.kind = 'release' AND f.line_id IN (SELECT n.line_id FROM journal_entry n WHERE n.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries)) AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = f.no) AND ((SELECT count(*) FROM journal_entry k WHERE k.line_id = f.line_id AND k.kind = 'parking' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = k.no)) <> 1 OR EXISTS (SELECT 1 FROM journal_entry k WHERE k.line_id = f.line_id AND k.no <> f.no AND k.kind = 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = k.no)))); SELECT RAISE(ABORT, 'not_the_negation') WHERE EXISTS (SELECT 1 FROM journal_entry j WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND j.reverses_no IS NOT NULL AND EXISTS (SELECT 1 FROM (SELECT gl_account, currency, amount, coalesce(amount_company, 0) AS company, 1 AS n FROM posting WHERE journal_entry_no = j.no UNION ALL SELECT gl_account, currency, -amount, -coalesce(amount_company, 0), -1 FROM posting WHERE journal_entry_no = j.reverses_no) t GROUP BY gl_account, currency, amount, company HAVING sum(n) <> 0)); SELECT RAISE(ABORT, 'reversal_of_a_reversal') WHERE EXISTS (SELECT 1 FROM journal_entry j JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND o.reverses_no IS NOT NULL); SELECT RAISE(ABORT, 'closed_line_reopened') WHERE EXISTS (SELECT 1 FROM journal_entry j JOIN journal_entry o ON o.no = j.reverses_no JOIN statement_line l ON l.line_id = o.line_id JOIN closed_statement c ON c.statement_id = l.statement_id WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND o.kind <> 'release'); SELECT RAISE(ABORT, 'period_closed') WHERE EXISTS (SELECT 1 FROM journal_entry j WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND j.posting_date <= (SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1)); SELECT RAISE(ABORT, 'split_not_posted') WHERE EXISTS (SELECT t.no FROM (SELECT p.journal_entry_no AS no, p.party_type, p.party_no, p.amount FROM posting p WHERE p.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND p.party_no <> '' UNION ALL SELECT a.journal_entry_no, a.party_type, a.party_no, CASE WHEN a.entry_id IS NULL THEN a.applied_amount ELSE a.entry_amount END FROM application a WHERE a.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND a.role = 'settles' AND a.party_no <> '' AND a.gl_account = '' AND a.bank_entry_id IS NULL) t JOIN journal_entry j ON j.no = t.no WHERE j.line_id IS NOT NULL GROUP BY t.no, t.party_type, t.party_no HAVING sum(t.amount) <> 0); SELECT RAISE(ABORT, 'unapplies_nothing') WHERE EXISTS (SELECT j.no FROM journal_entry j WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND j.kind = 'unapplication' AND (j.line_id IS NOT NULL OR EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND a.role = 'settles' AND a.entry_id IS NOT NULL AND a.unapplies_no IS NULL) OR NOT EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND a.unapplies_no IS NOT NULL))); SELECT RAISE(ABORT, 'applies_wrongly') WHERE EXISTS (SELECT j.no FROM journal_entry j WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND j.kind = 'application' AND (j.line_id IS NOT NULL OR EXISTS (SELECT 1 FROM application a WHERE a.journal_entry_no = j.no AND (a.unapplies_no IS NOT NULL OR a.role = 'external' OR a.gl_account <> '')))); SELECT RAISE(ABORT, 'unapplication_uneven') WHERE EXISTS (SELECT k.no FROM (SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k CROSS JOIN application a WHERE a.journal_entry_no = k.no AND a.role = 'settles' GROUP BY k.no, a.line_id HAVING sum(a.applied_amount) <> 0); SELECT RAISE(ABORT, 'unapplication_not_posted') WHERE EXISTS (SELECT t.no FROM (SELECT k.no, p.party_type, p.party_no, p.amount FROM (SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k CROSS JOIN posting p WHERE p.journal_entry_no = k.no AND p.party_no <> '' UNION ALL SELECT k.no, a.party_type, a.party_no, a.entry_amount FROM (SELECT j.no FROM journal_entry j LEFT JOIN journal_entry o ON o.no = j.reverses_no WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND coalesce(o.kind, j.kind) IN ('unapplication', 'application')) k CROSS JOIN application a WHERE a.journal_entry_no = k.no AND a.entry_id IS NOT NULL) t GROUP BY t.no, t.party_type, t.party_no HAVING sum(t.amount) <> 0); SELECT RAISE(ABORT, 'bank_without_line') WHERE EXISTS (SELECT p.journal_entry_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no LEFT JOIN journal_entry o ON o.no = j.reverses_no LEFT JOIN statement_line l ON l.line_id = j.line_id LEFT JOIN statement s ON s.id = l.statement_id WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND p.gl_account IN (SELECT gl_account FROM bank_account) AND coalesce(o.kind, j.kind) <> 'opening' AND p.amount <> 0 AND NOT EXISTS (SELECT 1 FROM bank_account b WHERE b.gl_account = p.gl_account AND b.bank_account_no = s.bank_account_no)); SELECT RAISE(ABORT, 'tax_split') WHERE EXISTS (SELECT t.journal_entry_no FROM application_tax t JOIN application a ON a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) GROUP BY t.journal_entry_no, t.seq, t.part, a.discount_amount, a.difference_amount, a.difference_kind, a.role HAVING a.role <> 'settles' OR sum(t.base_amount + t.tax_amount) <> CASE WHEN t.part = 'discount' THEN a.discount_amount WHEN a.difference_kind IN ('tolerance', 'write_off') THEN a.difference_amount ELSE 0 END); SELECT RAISE(ABORT, 'tax_not_undone') WHERE EXISTS (SELECT no FROM (SELECT t.journal_entry_no AS no, t.seq, t.part, t.tax_code, t.gl_account, t.base_amount AS base, t.tax_amount AS tax FROM application_tax t JOIN application a ON a.journal_entry_no = t.journal_entry_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND a.unapplies_no IS NOT NULL UNION ALL SELECT a.journal_entry_no, a.seq, o.part, o.tax_code, o.gl_account, o.base_amount, o.tax_amount FROM application a JOIN application_tax o ON o.journal_entry_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE a.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries)) t GROUP BY no, seq, part, tax_code, gl_account HAVING sum(base) <> 0 OR sum(tax) <> 0); SELECT RAISE(ABORT, 'tax_not_posted') WHERE EXISTS (SELECT t.no FROM (SELECT journal_entry_no AS no, gl_account, sum(tax_amount) AS tax FROM application_tax WHERE journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND tax_amount <> 0 GROUP BY journal_entry_no, gl_account) t WHERE t.tax <> (SELECT coalesce(sum(p.amount), 0) FROM posting p WHERE p.journal_entry_no = t.no AND p.gl_account = t.gl_account) + (SELECT coalesce(sum(a.applied_amount), 0) FROM application a WHERE a.journal_entry_no = t.no AND a.gl_account = t.gl_account AND a.role = 'settles')); SELECT RAISE(ABORT, 'company_unbalanced') WHERE EXISTS (SELECT p.journal_entry_no FROM posting p WHERE p.journal_entry_no IN (SELECT v.journal_entry_no FROM posting v WHERE v.amount_company IS NOT NULL AND v.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries)) GROUP BY p.journal_entry_no, p.currency HAVING count(p.amount_company) <> CASE WHEN p.currency = (SELECT m.value FROM meta m WHERE m.key = 'company_currency') THEN 0 ELSE count(*) END OR sum(p.amount_company) <> 0); SELECT RAISE(ABORT, 'value_without_rate') WHERE EXISTS (SELECT p.journal_entry_no FROM posting p WHERE p.amount_company IS NOT NULL AND p.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND NOT EXISTS (SELECT 1 FROM valuation v WHERE v.journal_entry_no = p.journal_entry_no) UNION ALL SELECT v.journal_entry_no FROM valuation v WHERE v.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.journal_entry_no = v.journal_entry_no AND p.amount_company IS NOT NULL)); SELECT RAISE(ABORT, 'valued_twice') WHERE EXISTS (SELECT v.journal_entry_no FROM valuation v WHERE v.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND v.values_no <> v.journal_entry_no AND EXISTS (SELECT 1 FROM posting p WHERE (p.journal_entry_no = v.values_no AND p.amount_company IS NOT NULL) OR (p.journal_entry_no = v.journal_entry_no AND p.amount <> 0))); SELECT RAISE(ABORT, 'value_parts') WHERE EXISTS (SELECT t.journal_entry_no FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND ((a.entry_id IS NULL AND a.bank_entry_id IS NULL) OR (a.role = 'settles' AND t.entry_company <> t.applied_company + t.discount_company + t.difference_company + t.fx_company) OR (a.role <> 'settles' AND (t.applied_company <> 0 OR t.discount_company <> 0 OR t.difference_company <> 0 OR t.fx_company <> 0)))); SELECT RAISE(ABORT, 'value_not_undone') WHERE EXISTS (SELECT t.journal_entry_no FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq JOIN journal_entry j ON j.no = a.journal_entry_no LEFT JOIN application_value o ON o.application_no = a.unapplies_no AND o.seq = a.unapplies_seq WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND a.unapplies_no IS NOT NULL AND (o.seq IS NULL OR o.entry_company <> -t.entry_company OR o.discount_company <> -t.discount_company OR o.difference_company <> -t.difference_company OR (j.line_id IS NULL AND j.reverses_no IS NULL AND (o.applied_company <> -t.applied_company OR o.fx_company <> -t.fx_company)))); SELECT RAISE(ABORT, 'value_of_closed') WHERE EXISTS (SELECT e.id FROM entry e LEFT JOIN entry_value s ON s.entry_id = e.id WHERE e.id IN (SELECT a.entry_id FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND a.entry_id IS NOT NULL) AND (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.entry_id = e.id) <> CASE (SELECT sum(a.entry_amount) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.entry_id = e.id) WHEN e.initial_amount THEN coalesce(s.amount_company, 0) WHEN 0 THEN 0 ELSE (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.entry_id = e.id) END UNION ALL SELECT e.id FROM bank_entry e LEFT JOIN entry_value s ON s.bank_entry_id = e.id WHERE e.id IN (SELECT a.bank_entry_id FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) AND a.bank_entry_id IS NOT NULL) AND (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.bank_entry_id = e.id) <> CASE (SELECT sum(a.entry_amount) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.bank_entry_id = e.id) WHEN e.amount THEN coalesce(s.amount_company, 0) WHEN 0 THEN 0 ELSE (SELECT sum(t.entry_company) FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq WHERE a.bank_entry_id = e.id) END); SELECT RAISE(ABORT, 'value_not_posted') WHERE EXISTS (SELECT c.no FROM (SELECT v.journal_entry_no AS no, e.control_account AS account, e.currency, v.amount_company AS company FROM entry_value v JOIN entry e ON e.id = v.entry_id WHERE v.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) UNION ALL SELECT v.journal_entry_no, k.transit_account, b.currency, v.amount_company FROM entry_value v JOIN bank_entry b ON b.id = v.bank_entry_id JOIN bank_account k ON k.bank_account_no = b.bank_account_no WHERE v.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) UNION ALL SELECT t.journal_entry_no, e.control_account, e.currency, -t.entry_company FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq JOIN entry e ON e.id = a.entry_id WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries) UNION ALL SELECT t.journal_entry_no, k.transit_account, b.currency, -t.entry_company FROM application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq = t.seq JOIN bank_entry b ON b.id = a.bank_entry_id JOIN bank_account k ON k.bank_account_no = b.bank_account_no WHERE t.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries)) c GROUP BY c.no, c.account HAVING sum(c.company) <> (SELECT coalesce(sum(p.amount_company), 0) FROM posting p WHERE p.journal_entry_no = c.no AND p.gl_account = c.account)); SELECT CASE WHEN e.party_type <> a.party_type OR e.party_no <> a.party_no THEN RAISE(ABORT, 'application_party') WHEN e.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.journal_entry_no = a.journal_entry_no AND p.currency = e.currency) THEN RAISE(ABORT, 'application_currency') WHEN a.role = 'settles' AND a.entry_amount <> CASE WHEN a.entry_id IS NOT NULL THEN a.applied_amount + a.discount_amount + a.difference_amount WHEN a.bank_entry_id IS NOT NULL THEN a.applied_amount ELSE 0 END AND NOT EXISTS (SELECT 1 FROM entry c JOIN statement_line l ON l.line_id = a.line_id JOIN statement s ON s.id = l.statement_id WHERE c.id = a.entry_id AND c.currency <> s.currency) THEN RAISE(ABORT, 'application_sum') WHEN a.role <> 'counter' AND a.unapplies_no IS NULL AND (a.entry_amount < 0 AND coalesce(e.initial_amount, b.amount) > 0 OR a.entry_amount > 0 AND coalesce(e.initial_amount, b.amount) < 0) THEN RAISE(ABORT, 'reopens_without_undoing') END FROM application a LEFT JOIN entry e ON e.id = a.entry_id LEFT JOIN bank_entry b ON b.id = a.bank_entry_id WHERE a.journal_entry_no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries); SELECT CASE WHEN (SELECT coalesce(sum(a.applied_amount), 0) FROM application a WHERE a.journal_entry_no = j.no AND a.role = 'settles') <> CASE WHEN 'release' IN (j.kind, (SELECT o.kind FROM journal_entry o WHERE o.no = j.reverses_no)) THEN 0 WHEN j.reverses_no IS NULL THEN l.amount ELSE -l.amount END THEN RAISE(ABORT, 'line_not_explained') WHEN b.currency <> s.currency OR b.currency = s.currency AND (SELECT coalesce(sum(p.amount), 0) FROM posting p WHERE p.journal_entry_no = j.no AND p.gl_account = b.gl_account) <> CASE WHEN 'release' IN (j.kind, (SELECT o.kind FROM journal_entry o WHERE o.no = j.reverses_no)) THEN 0 WHEN j.reverses_no IS NULL THEN l.amount ELSE -l.amount END THEN RAISE(ABORT, 'line_not_on_the_bank') WHEN s.status NOT IN ('received', 'reconciled') OR l.before_cutover <> 0 THEN RAISE(ABORT, 'held_line_posted') WHEN j.reverses_no IS NULL AND j.kind <> 'release' AND EXISTS (SELECT 1 FROM journal_entry n WHERE n.line_id = j.line_id AND n.no <> j.no AND n.reverses_no IS NULL AND n.kind <> 'release' AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = n.no)) THEN RAISE(ABORT, 'line_settled_twice') END FROM journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id = l.statement_id LEFT JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no BETWEEN ((SELECT value FROM counter WHERE name = 'journal_entry') + 1) AND ((SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries); END;
CREATE TRIGGER seal_effect AFTER INSERT ON register_seal BEGIN UPDATE entry SET remaining_amount = initial_amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.entry_id = entry.id) WHERE id IN (SELECT entry_id FROM application WHERE entry_id IS NOT NULL AND journal_entry_no BETWEEN (SELECT value FROM counter WHERE name = 'journal_entry') + 1 AND (SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries); UPDATE bank_entry SET remaining_amount = amount - (SELECT coalesce(sum(a.entry_amount), 0) FROM application a WHERE a.bank_entry_id = bank_entry.id) WHERE id IN (SELECT bank_entry_id FROM application WHERE bank_entry_id IS NOT NULL AND journal_entry_no BETWEEN (SELECT value FROM counter WHERE name = 'journal_entry') + 1 AND (SELECT value FROM counter WHERE name = 'journal_entry') + NEW.journal_entries); UPDATE counter SET value = value + NEW.journal_entries WHERE name = 'journal_entry'; UPDATE counter SET value = value + 1 WHERE name = 'register'; END;
CREATE TRIGGER register_seal_no_update BEFORE UPDATE ON register_seal BEGIN SELECT RAISE(ABORT, 'register_seal_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER register_seal_no_delete BEFORE DELETE ON register_seal BEGIN SELECT RAISE(ABORT, 'register_seal_is_append_only') WHERE EXISTS (SELECT 1); END;
CREATE TRIGGER register_seal_guard BEFORE INSERT ON register_seal BEGIN SELECT RAISE(ABORT, 'unsafe_connection') WHERE EXISTS (SELECT 1 WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0 OR (SELECT recursive_triggers FROM pragma_recursive_triggers) = 0 OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1); END;
COMMIT;
