-- The first schema. Times are milliseconds UTC (*_at); ids that open a door are random and kept as hashes.

-- Platform ------------------------------------------------------------------------------------------------------

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  name TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id INTEGER,
  subject_kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  facts TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX events_by_subject ON events (subject_kind, subject_id, id);

-- Append-only (AC-50): only while the retention function has put its row here may events be deleted.
CREATE TABLE event_retention_open (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id)
BEGIN SELECT raise(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_kept BEFORE DELETE ON events WHEN NOT EXISTS (SELECT 1 FROM event_retention_open)
BEGIN SELECT raise(ABORT, 'events are append-only'); END;

CREATE TABLE followers (name TEXT PRIMARY KEY, event_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  unique_key TEXT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'failed')),
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_waiting_once ON jobs (unique_key) WHERE state = 'waiting';
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'waiting';

CREATE TABLE job_runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'failed')),
  counts TEXT NOT NULL DEFAULT '{}',
  error TEXT
) STRICT;
CREATE INDEX job_runs_by_name ON job_runs (name, id);

CREATE TABLE failed_tries (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings ------------------------------------------------------------------------------------------------------

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Attachments ---------------------------------------------------------------------------------------------------

CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  disk_name TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX files_by_hash ON files (sha256);

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES files (id),
  owner_kind TEXT NOT NULL CHECK (owner_kind IN ('message', 'draft')),
  owner_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  declared_type TEXT NOT NULL DEFAULT '',
  content_id TEXT,
  is_inline INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_by_owner ON attachments (owner_kind, owner_id);
CREATE INDEX attachments_by_file ON attachments (file_id);

-- Agents --------------------------------------------------------------------------------------------------------

CREATE TABLE agents (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
  password_hash TEXT,
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  signature TEXT NOT NULL DEFAULT '',
  compact_list INTEGER NOT NULL DEFAULT 0,
  away_since INTEGER,                        -- null: here
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'removed')),
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER
) STRICT;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  short_ip TEXT NOT NULL,
  browser TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_agent ON sessions (agent_id);

CREATE TABLE agent_tokens (
  id INTEGER PRIMARY KEY,
  agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('invite', 'reset')),
  token_hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX agent_tokens_by_agent ON agent_tokens (agent_id);

CREATE TABLE teams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,                        -- while its tickets go, step by step; then the row goes too
  moves_to_id INTEGER REFERENCES teams (id)  -- where they go; null: to everybody
) STRICT;
CREATE INDEX teams_moving ON teams (moves_to_id) WHERE moves_to_id IS NOT NULL;
CREATE TABLE team_members (
  team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  PRIMARY KEY (team_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_by_agent ON team_members (agent_id);

-- Mail ----------------------------------------------------------------------------------------------------------

CREATE TABLE mailboxes (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL UNIQUE,
  sender_name TEXT NOT NULL,
  imap TEXT,                                 -- JSON: host, port, security, user, folder, trustedFingerprint
  imap_secret BLOB,
  smtp TEXT,                                 -- JSON likewise
  smtp_secret BLOB,
  first_fetch_days INTEGER NOT NULL DEFAULT 0,
  plus_addresses INTEGER NOT NULL DEFAULT 0, -- 1: +tag addresses arrive, so Reply-To carries one
  reopen_closed TEXT NOT NULL DEFAULT 'days' CHECK (reopen_closed IN ('always', 'days', 'never')),
  reopen_days INTEGER NOT NULL DEFAULT 30,
  undo_seconds INTEGER NOT NULL DEFAULT 10 CHECK (undo_seconds BETWEEN 0 AND 60),
  is_local INTEGER NOT NULL DEFAULT 0,       -- the built-in one, fed by `deliver` only
  authentication TEXT NOT NULL DEFAULT 'server' CHECK (authentication IN ('none', 'server', 'own')),
  authserv_id TEXT,                          -- whose Authentication-Results are believed, where an admin has said so
  authserv_seen TEXT,                        -- JSON: the server that stands on top of its mails, and on how many
  spam_by_header INTEGER NOT NULL DEFAULT 0, -- 1: what its server calls spam is marked as spam
  spam_by_failure INTEGER NOT NULL DEFAULT 0, -- 1: so is what fails the sender check
  last_fetch_at INTEGER,
  last_error TEXT,
  last_stage TEXT,                           -- where it failed: connect, tls, sign-in, …
  failing_since INTEGER,
  next_try_at INTEGER,
  keep_sent INTEGER NOT NULL DEFAULT 0,      -- 1: a copy of each mail is put into its folder for sent mail
  read_sent INTEGER NOT NULL DEFAULT 0,      -- 1: answers that stand in that folder are taken from it (M14)
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  oauth TEXT CHECK (oauth IN ('microsoft', 'google')), -- signs in there, without a password
  is_shared INTEGER NOT NULL DEFAULT 0,      -- 1: opened by somebody who signs in under a name of their own
  reads_junk INTEGER NOT NULL DEFAULT 1,     -- 1: its folder for junk is read too; what lies there is spam
  junk_folder TEXT,                          -- null: the one that its server marks as such
  folders TEXT NOT NULL DEFAULT '[]',        -- JSON: further folders that are read
  missing_folders TEXT NOT NULL DEFAULT '[]', -- JSON: those of them that could not be read the last time
  only_reads INTEGER NOT NULL DEFAULT 0      -- 1: nothing is sent from it, and nothing on its server is changed
) STRICT;

-- Further addresses whose mail comes to a mailbox; answers bear the one that was written to. One that was removed is remembered by
-- its tickets, and may be any mailbox's again.
CREATE TABLE mailbox_aliases (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX mailbox_aliases_once ON mailbox_aliases (address_key) WHERE deleted_at IS NULL;
CREATE INDEX mailbox_aliases_by_mailbox ON mailbox_aliases (mailbox_id);

-- The firm's own application at a provider: entered once, used by all its mailboxes there.
CREATE TABLE mail_applications (
  id INTEGER PRIMARY KEY,
  provider TEXT NOT NULL UNIQUE CHECK (provider IN ('microsoft', 'google')),
  client_id TEXT NOT NULL,
  client_secret BLOB NOT NULL,               -- sealed
  tenant TEXT NOT NULL,                      -- Microsoft: a directory; '' is every firm's
  changed_at INTEGER NOT NULL
) STRICT;

-- What somebody allowed when they signed in: to read and send the mails of one mailbox.
CREATE TABLE mail_grants (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
  account TEXT NOT NULL,                     -- who signed in
  refresh_token BLOB NOT NULL,               -- sealed, as the next
  access_token BLOB NOT NULL,
  expires_at INTEGER NOT NULL,               -- of the access token
  granted_at INTEGER NOT NULL,
  problem TEXT,                              -- why it is over: a known code, or the provider's words
  problem_at INTEGER
) STRICT;

CREATE TABLE mail_cursors (
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
  folder TEXT NOT NULL,
  uid_validity INTEGER NOT NULL,
  last_uid INTEGER NOT NULL,
  since_at INTEGER,                          -- while it is first read: mails received before this are not wanted (M5)
  first_uid INTEGER NOT NULL DEFAULT 0,      -- up to here it was there before the first connection, and is not wanted
  old_uid INTEGER NOT NULL DEFAULT 0,        -- up to here, what was received before `old_before_at` is not wanted
  old_before_at INTEGER,
  begun_at INTEGER NOT NULL DEFAULT 0,       -- what arrived before is history, which nothing answers
  PRIMARY KEY (mailbox_id, folder)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbound_mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  source TEXT NOT NULL CHECK (source IN ('imap', 'deliver', 'sent', 'import')),
  folder TEXT,
  uid_validity INTEGER,
  uid INTEGER,
  header_message_id TEXT,
  dedupe_key TEXT NOT NULL,
  words_hash TEXT,                           -- of subject and body; null when only its headers came
  disk_name TEXT,                            -- null once the raw mail is gone
  size INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('stored', 'done', 'failed', 'not_imported')),
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  is_wished INTEGER NOT NULL DEFAULT 0,      -- a person wants it imported after all (M4)
  is_old INTEGER NOT NULL DEFAULT 0,         -- imported history never starts an automatic answer (M5)
  is_junk INTEGER NOT NULL DEFAULT 0,        -- 1: it lies in the mailbox's folder for junk
  ticket_id INTEGER,
  message_id INTEGER,
  received_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;
CREATE UNIQUE INDEX inbound_mails_by_uid ON inbound_mails (mailbox_id, folder, uid_validity, uid) WHERE uid IS NOT NULL;
CREATE UNIQUE INDEX inbound_mails_once ON inbound_mails (mailbox_id, dedupe_key);
CREATE INDEX inbound_mails_by_state ON inbound_mails (state, id);
CREATE INDEX inbound_mails_tray ON inbound_mails (mailbox_id, reason, uid, state) WHERE state IN ('failed', 'not_imported');
CREATE INDEX inbound_mails_by_ticket ON inbound_mails (ticket_id);
CREATE INDEX inbound_mails_by_message ON inbound_mails (message_id);

-- What is on the server compared with what is here (M4): one row a folder and run, kept for 90 days.
CREATE TABLE mail_checks (
  id INTEGER PRIMARY KEY,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
  folder TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  started_by INTEGER,                        -- null: the clock
  on_server INTEGER NOT NULL DEFAULT 0,
  looked_at INTEGER NOT NULL DEFAULT 0,      -- of them, so far
  imported INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,        -- here, and not filed yet
  not_imported INTEGER NOT NULL DEFAULT 0,   -- in the tray, with the reason
  not_wanted INTEGER NOT NULL DEFAULT 0,     -- older than what was asked for, or erased
  newer INTEGER NOT NULL DEFAULT 0,          -- came after the last fetch, which the next one brings
  missed INTEGER NOT NULL DEFAULT 0,         -- neither, until now: the differences
  gone INTEGER NOT NULL DEFAULT 0,           -- here, and on the server no longer
  error TEXT
) STRICT;
CREATE INDEX mail_checks_by_mailbox ON mail_checks (mailbox_id, id);
CREATE INDEX mail_checks_running ON mail_checks (mailbox_id) WHERE ended_at IS NULL;

CREATE TABLE mail_check_differences (
  id INTEGER PRIMARY KEY,
  check_id INTEGER NOT NULL REFERENCES mail_checks (id) ON DELETE CASCADE,
  uid INTEGER NOT NULL,
  header_message_id TEXT,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  arrived_at INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('fetched', 'listed')),
  inbound_mail_id INTEGER                    -- what it is here now
) STRICT;
CREATE INDEX mail_check_differences_by_check ON mail_check_differences (check_id, id);
CREATE INDEX mail_check_differences_by_mail ON mail_check_differences (inbound_mail_id);
-- Whose mail is not filed: an address, or a domain with all below it. Lower case.
CREATE TABLE blocked_senders (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('address', 'domain')),
  value TEXT NOT NULL UNIQUE,
  blocked_by INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER REFERENCES mailboxes (id),
  kind TEXT NOT NULL CHECK (kind IN ('reply', 'account', 'answer', 'notice')),
  message_id INTEGER,                        -- the ticket's message, when it carries one; who sees the ticket sees the mail
  header_message_id TEXT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  recipients TEXT NOT NULL,                  -- JSON
  mail TEXT,                                 -- JSON, what compose needs; null once sent
  state TEXT NOT NULL CHECK (state IN ('held', 'waiting', 'handing over', 'sent', 'uncertain', 'failed', 'dismissed')),
  send_after INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_answer TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (send_after, id) WHERE state = 'waiting';
-- Not over all states: the planner would prefer it to outbox_due.
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('held', 'handing over', 'uncertain', 'failed');
CREATE INDEX outbox_by_message ON outbox (message_id);
CREATE INDEX outbox_dismissed ON outbox (id) WHERE state = 'dismissed';
CREATE INDEX outbox_notices ON outbox (id) WHERE kind = 'notice' AND mail IS NOT NULL;

CREATE TABLE outbox_attempts (
  id INTEGER PRIMARY KEY,
  outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  server TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT NOT NULL,
  stage TEXT,                                -- of a refusal: sign-in, sender, recipients, size, message
  recipients TEXT NOT NULL DEFAULT '[]',     -- JSON: for whom it was offered in this attempt
  size INTEGER,                              -- octets of the mail as it was offered, and their SHA-256
  sha256 TEXT
) STRICT;
CREATE INDEX outbox_attempts_by_mail ON outbox_attempts (outbox_id);

-- Copies for the mailbox's own folder of sent mail, which are stored once the mail has left.
CREATE TABLE sent_copies (
  id INTEGER PRIMARY KEY,
  outbox_id INTEGER NOT NULL UNIQUE REFERENCES outbox (id) ON DELETE CASCADE,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  disk_name TEXT,                            -- the mail as it was offered; null once it is stored
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'waiting', 'stored', 'failed')), -- pending: it has not left yet
  folder TEXT,                               -- where it lies
  attempts INTEGER NOT NULL DEFAULT 0,
  try_at INTEGER NOT NULL,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  stored_at INTEGER
) STRICT;
CREATE INDEX sent_copies_due ON sent_copies (try_at, id) WHERE state = 'waiting';
CREATE INDEX sent_copies_troubled ON sent_copies (mailbox_id) WHERE last_error IS NOT NULL;

-- What a mailbox answers by itself; no row: nothing.
CREATE TABLE automatic_answers (
  mailbox_id INTEGER PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
  acknowledges INTEGER NOT NULL DEFAULT 0,   -- 1: a new ticket by a person's mail is acknowledged
  says_away INTEGER NOT NULL DEFAULT 0,      -- 1: outside the office hours it is told so instead
  words TEXT NOT NULL DEFAULT '{}',          -- JSON: the firm's own texts, by kind and language
  hours TEXT NOT NULL DEFAULT '[]',          -- JSON: of each day from Monday on, from and to in minutes
  holidays TEXT NOT NULL DEFAULT '[]',       -- JSON: YYYY-MM-DD
  changed_at INTEGER NOT NULL
) STRICT;
-- Which answers were given by themselves, for a day: what their limits count (M11, AC-21, AC-24).
CREATE TABLE sent_answers (
  id INTEGER PRIMARY KEY,
  address_hash TEXT NOT NULL,
  subject_hash TEXT NOT NULL,
  sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sent_answers_by_address ON sent_answers (address_hash, sent_at);
CREATE INDEX sent_answers_by_time ON sent_answers (sent_at);

-- Customers -----------------------------------------------------------------------------------------------------

CREATE TABLE organizations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used again: the search index may still know who belonged to one that is gone
  public_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  notes TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX organizations_by_name ON organizations (name COLLATE NOCASE, id);

-- Whoever writes from one of these belongs to its organization.
CREATE TABLE organization_domains (
  domain TEXT PRIMARY KEY,                   -- lower case and punycode, as addresses have it
  organization_id INTEGER NOT NULL REFERENCES organizations (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_domains_by_organization ON organization_domains (organization_id);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,            -- random, never changes
  name TEXT NOT NULL,
  organization_id INTEGER REFERENCES organizations (id) ON DELETE SET NULL,
  language TEXT,
  time_zone TEXT,
  restricted_at INTEGER,                     -- Art. 18
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  merged_into_id INTEGER REFERENCES customers (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX customers_merged ON customers (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX customers_by_name ON customers (name COLLATE NOCASE, id);
-- By name, and enough to count those who are there still.
CREATE INDEX customers_by_organization ON customers (organization_id, name COLLATE NOCASE, id, deleted_at, merged_into_id)
  WHERE organization_id IS NOT NULL;

CREATE TABLE customer_addresses (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  verified_at INTEGER,                       -- null: claimed only (C8)
  verified_how TEXT,
  failing_since INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX customer_addresses_verified ON customer_addresses (kind, address_key) WHERE verified_at IS NOT NULL;
CREATE INDEX customer_addresses_by_key ON customer_addresses (address_key);
CREATE INDEX customer_addresses_by_customer ON customer_addresses (customer_id);
CREATE INDEX customer_addresses_by_domain ON customer_addresses (substr(address_key, instr(address_key, '@') + 1))
  WHERE kind = 'email' AND verified_at IS NOT NULL;

CREATE TABLE customer_notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  agent_id INTEGER NOT NULL,
  words TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  edited_at INTEGER
) STRICT;
CREATE INDEX customer_notes_by_customer ON customer_notes (customer_id, id);

-- What went to the customer that stays, so that it can go back.
CREATE TABLE customer_merges (
  customer_id INTEGER PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
  into_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  merged_by INTEGER NOT NULL,
  merged_at INTEGER NOT NULL,
  moved TEXT NOT NULL,                       -- JSON: keys of rows by table
  filled TEXT NOT NULL                       -- JSON: fields that were empty and are not any more
) STRICT;
CREATE INDEX customer_merges_into ON customer_merges (into_id);

-- Customers who come from a file: each row with what would become of it, so that nothing is changed that was not shown.
CREATE TABLE customer_imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'running', 'done')),
  changes_too INTEGER NOT NULL DEFAULT 0,    -- 1: those who are known already are changed as shown
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE TABLE customer_import_rows (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  import_id INTEGER NOT NULL REFERENCES customer_imports (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  cells TEXT NOT NULL,                       -- JSON: what the file says, read and checked
  outcome TEXT NOT NULL CHECK (outcome IN ('new', 'changed', 'same', 'refused')),
  why TEXT,                                  -- of a refused one
  customer_id INTEGER,                       -- who it is about, where somebody is known
  changes TEXT NOT NULL,                     -- JSON: field, as it was, as it would be
  is_done INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX customer_import_rows_by_outcome ON customer_import_rows (import_id, outcome, id);
CREATE INDEX customer_import_rows_waiting ON customer_import_rows (import_id, id) WHERE is_done = 0 AND outcome IN ('new', 'changed');
CREATE INDEX customer_import_rows_by_customer ON customer_import_rows (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE holds (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER REFERENCES customers (id),
  ticket_id INTEGER,
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  review_at INTEGER NOT NULL,
  created_by INTEGER,
  created_at INTEGER NOT NULL,
  released_at INTEGER
) STRICT;
CREATE INDEX holds_by_customer ON holds (customer_id);

CREATE TABLE consents (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  wording TEXT NOT NULL,
  wording_version INTEGER NOT NULL,
  language TEXT NOT NULL,
  page TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  withdrawn_at INTEGER
) STRICT;
CREATE INDEX consents_by_customer ON consents (customer_id);

CREATE TABLE read_log (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  agent_id INTEGER NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('opened', 'searched', 'exported')),
  customer_id INTEGER,
  ticket_id INTEGER
) STRICT;
CREATE INDEX read_log_by_customer ON read_log (customer_id);
CREATE INDEX read_log_by_time ON read_log (at);

-- Tickets -------------------------------------------------------------------------------------------------------

CREATE TABLE ticket_numbers (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
INSERT INTO ticket_numbers VALUES (1, 1000);

CREATE TABLE tickets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number INTEGER NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('new', 'open', 'pending', 'on hold', 'solved', 'closed')),
  priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  is_spam INTEGER NOT NULL DEFAULT 0,
  channel TEXT NOT NULL CHECK (channel IN ('email', 'chat', 'form')),
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  mailbox_id INTEGER REFERENCES mailboxes (id),
  team_id INTEGER REFERENCES teams (id),
  assignee_id INTEGER REFERENCES agents (id),
  sequence INTEGER NOT NULL DEFAULT 0,           -- of the newest message
  changed_sequence INTEGER NOT NULL DEFAULT 0,   -- rises with every visible change
  visitor_sequence INTEGER NOT NULL DEFAULT 0,   -- counts only what a visitor may see
  excerpt TEXT NOT NULL DEFAULT '',
  awaits_us INTEGER NOT NULL DEFAULT 0,          -- the newest public word is the customer's
  chat_state TEXT CHECK (chat_state IN ('queued', 'active', 'ended', 'missed')),
  undelivered INTEGER NOT NULL DEFAULT 0,        -- messages that failed, are uncertain or held (O5)
  linked_ticket_id INTEGER REFERENCES tickets (id) ON DELETE SET NULL,
  merged_into_id INTEGER REFERENCES tickets (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL,
  activity_at INTEGER NOT NULL,                  -- the newest message
  solved_at INTEGER,
  closed_at INTEGER,
  snoozed_at INTEGER,                            -- null: awake
  snoozed_until INTEGER,                         -- null while it sleeps until the customer answers
  snoozed_by INTEGER REFERENCES agents (id),
  deleted_at INTEGER,
  alias_id INTEGER REFERENCES mailbox_aliases (id) -- which of the mailbox's addresses was written to; null: its own
) STRICT;
CREATE INDEX tickets_by_creation ON tickets (created_at);
CREATE INDEX tickets_by_activity ON tickets (activity_at);
-- Each list walks one of these from the newest (page by key, never OFFSET).
CREATE INDEX tickets_all ON tickets (activity_at DESC, id DESC)
  WHERE status <> 'closed' AND status <> 'solved' AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX tickets_by_status ON tickets (status, activity_at DESC, id DESC)
  WHERE is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, activity_at DESC, id DESC)
  WHERE status <> 'closed' AND status <> 'solved' AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX tickets_by_team ON tickets (team_id, activity_at DESC, id DESC)
  WHERE team_id IS NOT NULL AND status <> 'closed' AND status <> 'solved' AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
-- A team that is removed hands on every one.
CREATE INDEX tickets_of_team ON tickets (team_id) WHERE team_id IS NOT NULL;
-- Soonest first; at the end those that sleep until an answer.
CREATE INDEX tickets_snoozed ON tickets (-ifnull(snoozed_until, 9000000000000000) DESC, id DESC)
  WHERE snoozed_at IS NOT NULL AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX tickets_spam ON tickets (activity_at DESC, id DESC)
  WHERE is_spam = 1 AND deleted_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX tickets_by_customer ON tickets (customer_id, id DESC);
CREATE INDEX tickets_trashed ON tickets (deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX tickets_undelivered ON tickets (id) WHERE undelivered > 0;
CREATE INDEX tickets_linked ON tickets (linked_ticket_id) WHERE linked_ticket_id IS NOT NULL;
CREATE INDEX tickets_merged ON tickets (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  visitor_sequence INTEGER,                      -- null: not for visitors
  kind TEXT NOT NULL CHECK (kind IN ('reply', 'note', 'system')),
  author_kind TEXT NOT NULL CHECK (author_kind IN ('customer', 'agent', 'system')),
  author_id INTEGER,
  author_name TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL CHECK (channel IN ('email', 'chat', 'form')),
  client_id TEXT,
  words TEXT NOT NULL,
  quote TEXT NOT NULL DEFAULT '',
  signature TEXT NOT NULL DEFAULT '',
  html_kind TEXT CHECK (html_kind IN ('simple', 'rich')),
  html_words TEXT,
  html_quote TEXT,
  html_signature TEXT,
  sanitiser_version INTEGER,
  facts TEXT NOT NULL DEFAULT '{}',              -- JSON: how it was filed, recipients, what was masked or unreadable
  state TEXT NOT NULL DEFAULT 'sent' CHECK (state IN ('held', 'waiting', 'handing over', 'sent', 'uncertain', 'failed', 'dismissed')),
  delivery_answer TEXT,
  delivered_at INTEGER,
  send_after INTEGER,
  is_automatic INTEGER NOT NULL DEFAULT 0,
  sender_state TEXT NOT NULL DEFAULT 'accepted' CHECK (sender_state IN ('accepted', 'unverified')),
  inbound_mail_id INTEGER REFERENCES inbound_mails (id),
  created_at INTEGER NOT NULL,
  edited_at INTEGER,
  UNIQUE (ticket_id, sequence)
) STRICT;
CREATE UNIQUE INDEX messages_by_client_id ON messages (client_id, ticket_id) WHERE client_id IS NOT NULL;
-- For customers only: over agents, who write thousands, the planner would prefer it to what is quick.
CREATE INDEX messages_by_customer ON messages (author_id) WHERE author_kind = 'customer';
CREATE INDEX messages_by_inbound_mail ON messages (inbound_mail_id) WHERE inbound_mail_id IS NOT NULL;

-- How an answer finds its ticket (M6): hashes of the random marks in our mails, of the ids of others' mails, and of what an agent
-- chose by moving a mail.
CREATE TABLE thread_keys (
  key_hash BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ours', 'theirs', 'choice')),
  mailbox_id INTEGER,
  ticket_id INTEGER NOT NULL,                    -- its message's: it goes with that
  message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key_hash, kind, ticket_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_keys_by_message ON thread_keys (message_id);

-- Where messages came from that an agent moved: the links between two tickets, and who did it.
CREATE TABLE moved_messages (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  from_ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  to_ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  moved_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX moved_messages_by_message ON moved_messages (message_id, id);
CREATE INDEX moved_messages_from ON moved_messages (from_ticket_id);
CREATE INDEX moved_messages_to ON moved_messages (to_ticket_id);

CREATE TABLE participants (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  customer_id INTEGER REFERENCES customers (id),
  address TEXT,
  address_key TEXT,
  name TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('requester', 'copy', 'third')), -- third: written to once, and not on the ticket
  state TEXT NOT NULL CHECK (state IN ('accepted', 'unverified', 'suggested', 'removed')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX participants_once ON participants (ticket_id, address_key);
CREATE INDEX participants_by_customer ON participants (customer_id);
CREATE INDEX participants_by_address ON participants (address_key);

CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, colour TEXT, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE ticket_tags (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (ticket_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_tags_by_tag ON ticket_tags (tag_id);

CREATE TABLE ticket_followers (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  PRIMARY KEY (ticket_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_followers_by_agent ON ticket_followers (agent_id);

-- A ticket whose conversation goes on in another one: who said so, and until when it can be undone.
CREATE TABLE merges (
  ticket_id INTEGER PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
  into_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  merged_by INTEGER REFERENCES agents (id),
  merged_at INTEGER NOT NULL,
  added TEXT NOT NULL DEFAULT '[]'               -- JSON: participants who came to the other ticket with it, and as what
) STRICT;
CREATE INDEX merges_by_target ON merges (into_id);

CREATE TABLE drafts (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,                -- becomes the client id of the reply
  agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('reply', 'note', 'forward')),
  words TEXT NOT NULL DEFAULT '',
  recipients TEXT NOT NULL DEFAULT '{}',         -- JSON: to, cc and bcc as they are typed; empty: whoever is on the ticket
  deeds TEXT NOT NULL DEFAULT '{}',              -- JSON: what sending does besides, as macros put it there
  writer TEXT,                                   -- random, of the window that wrote the words; null: several, or the server
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX drafts_one_each ON drafts (agent_id, ticket_id, kind);
CREATE INDEX drafts_by_ticket ON drafts (ticket_id);

-- Prepared replies with what is done when they are sent.
CREATE TABLE macros (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  agent_id INTEGER REFERENCES agents (id) ON DELETE CASCADE, -- whose own it is; null: everybody's
  name TEXT NOT NULL,
  words TEXT NOT NULL,
  status TEXT CHECK (status IN ('open', 'pending', 'on hold', 'solved')),
  priority TEXT CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  tag TEXT,
  takes INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX macros_by_agent ON macros (agent_id);

-- What is done by itself with what arrives, in the order of the places.
CREATE TABLE rules (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  is_on INTEGER NOT NULL DEFAULT 1,
  matches TEXT NOT NULL CHECK (matches IN ('all', 'any')),
  conditions TEXT NOT NULL,                      -- JSON: what is asked of a message
  deeds TEXT NOT NULL,                           -- JSON: what is done with its ticket
  on_answers INTEGER NOT NULL DEFAULT 0,         -- 1: a customer's answer is looked at too, not only what opens a ticket
  stops INTEGER NOT NULL DEFAULT 0,              -- 1: no rule after it runs
  runs INTEGER NOT NULL DEFAULT 0,
  last_run_at INTEGER,
  last_error TEXT,                               -- since it last ran
  failed_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rules_in_order ON rules (place);

-- Fields of the firm's own. A value stands in one of the two columns by the field's type; no row: nothing is filled in.
CREATE TABLE custom_fields (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  place INTEGER NOT NULL DEFAULT 0,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('ticket', 'customer')),
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('text', 'number', 'choice', 'date', 'checkbox')),
  options TEXT NOT NULL DEFAULT '{}',        -- JSON: of a choice, what can be chosen
  is_needed INTEGER NOT NULL DEFAULT 0,      -- 1: a ticket is not solved by an agent without it
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE custom_field_values (
  field_id INTEGER NOT NULL REFERENCES custom_fields (id) ON DELETE CASCADE,
  subject_id INTEGER NOT NULL,
  text_value TEXT,
  number_value REAL,
  PRIMARY KEY (field_id, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX custom_field_values_by_text ON custom_field_values (field_id, text_value);
CREATE INDEX custom_field_values_by_number ON custom_field_values (field_id, number_value);

-- Exact counts, changed in the same transaction as the ticket whatever code path changes it. 0 stands for none.
CREATE TABLE ticket_counts (
  mailbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  assignee_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, team_id, assignee_id, status)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ticket_counted AFTER INSERT ON tickets
BEGIN
  INSERT INTO ticket_counts (mailbox_id, team_id, assignee_id, status, n)
  SELECT ifnull(new.mailbox_id, 0), ifnull(new.team_id, 0), ifnull(new.assignee_id, 0),
         iif(new.is_spam, 'spam', iif(new.snoozed_at IS NULL, new.status, 'snoozed')), 1
   WHERE new.deleted_at IS NULL AND new.merged_into_id IS NULL
  ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER ticket_recounted
AFTER UPDATE OF mailbox_id, team_id, assignee_id, status, is_spam, snoozed_at, deleted_at, merged_into_id ON tickets
BEGIN
  UPDATE ticket_counts SET n = n - 1
   WHERE old.deleted_at IS NULL AND old.merged_into_id IS NULL
     AND mailbox_id = ifnull(old.mailbox_id, 0) AND team_id = ifnull(old.team_id, 0)
     AND assignee_id = ifnull(old.assignee_id, 0) AND status = iif(old.is_spam, 'spam', iif(old.snoozed_at IS NULL, old.status, 'snoozed'));
  INSERT INTO ticket_counts (mailbox_id, team_id, assignee_id, status, n)
  SELECT ifnull(new.mailbox_id, 0), ifnull(new.team_id, 0), ifnull(new.assignee_id, 0),
         iif(new.is_spam, 'spam', iif(new.snoozed_at IS NULL, new.status, 'snoozed')), 1
   WHERE new.deleted_at IS NULL AND new.merged_into_id IS NULL
  ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER ticket_uncounted AFTER DELETE ON tickets
BEGIN
  UPDATE ticket_counts SET n = n - 1
   WHERE old.deleted_at IS NULL AND old.merged_into_id IS NULL
     AND mailbox_id = ifnull(old.mailbox_id, 0) AND team_id = ifnull(old.team_id, 0)
     AND assignee_id = ifnull(old.assignee_id, 0) AND status = iif(old.is_spam, 'spam', iif(old.snoozed_at IS NULL, old.status, 'snoozed'));
END;

-- Rows of lists and conversations are remembered by changed_sequence, so whatever they show of other tables has to raise it.
CREATE TRIGGER customer_renamed AFTER UPDATE OF name ON customers WHEN old.name <> new.name
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE customer_id = new.id; END;
CREATE TRIGGER ticket_given AFTER UPDATE OF customer_id ON tickets WHEN old.customer_id <> new.customer_id
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = new.id; END;
CREATE TRIGGER agent_renamed AFTER UPDATE OF name, away_since ON agents
  WHEN old.name <> new.name OR (old.away_since IS NULL) <> (new.away_since IS NULL)
BEGIN
  UPDATE tickets SET changed_sequence = changed_sequence + 1
   WHERE assignee_id = new.id AND status <> 'closed' AND is_spam = 0 AND deleted_at IS NULL AND merged_into_id IS NULL;
END;
CREATE TRIGGER message_changed AFTER UPDATE ON messages
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = new.ticket_id; END;
CREATE TRIGGER message_gone AFTER DELETE ON messages
BEGIN
  UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = old.ticket_id;
  DELETE FROM outbox WHERE message_id = old.id;
END;
CREATE TRIGGER attachment_added AFTER INSERT ON attachments WHEN new.owner_kind = 'message'
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = (SELECT ticket_id FROM messages WHERE id = new.owner_id); END;
CREATE TRIGGER attachment_changed AFTER UPDATE ON attachments
BEGIN
  UPDATE tickets SET changed_sequence = changed_sequence + 1
   WHERE old.owner_kind = 'message' AND id = (SELECT ticket_id FROM messages WHERE id = old.owner_id);
  UPDATE tickets SET changed_sequence = changed_sequence + 1
   WHERE new.owner_kind = 'message' AND id = (SELECT ticket_id FROM messages WHERE id = new.owner_id);
END;
CREATE TRIGGER attachment_gone AFTER DELETE ON attachments WHEN old.owner_kind = 'message'
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = (SELECT ticket_id FROM messages WHERE id = old.owner_id); END;
CREATE TRIGGER participant_added AFTER INSERT ON participants WHEN new.role <> 'requester'
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = new.ticket_id; END;
CREATE TRIGGER participant_changed AFTER UPDATE ON participants
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = new.ticket_id; END;
CREATE TRIGGER participant_gone AFTER DELETE ON participants
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = old.ticket_id; END;
CREATE TRIGGER ticket_follower AFTER INSERT ON ticket_followers
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = new.ticket_id; END;
CREATE TRIGGER ticket_follower_gone AFTER DELETE ON ticket_followers
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = old.ticket_id; END;
CREATE TRIGGER ticket_tagged AFTER INSERT ON ticket_tags
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = new.ticket_id; END;
CREATE TRIGGER ticket_untagged AFTER DELETE ON ticket_tags
BEGIN UPDATE tickets SET changed_sequence = changed_sequence + 1 WHERE id = old.ticket_id; END;

-- Saved views. What each holds is kept as rows, so that lists walk an index and counts are sums, however rare what they ask for is.
CREATE TABLE saved_views (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  agent_id INTEGER REFERENCES agents (id) ON DELETE CASCADE,   -- null: everybody's
  definition TEXT NOT NULL,                      -- JSON: conditions, how they are joined, order
  edition_id INTEGER NOT NULL,                   -- its rows; a change of the conditions begins new ones
  created_by INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_views_by_agent ON saved_views (agent_id);
CREATE TABLE view_editions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  left_to_fill INTEGER NOT NULL,                 -- tickets with an id up to this are still to be looked at
  to_fill INTEGER NOT NULL,                      -- where that began
  checked_at INTEGER NOT NULL                    -- conditions about time are right as of this moment
) STRICT;
CREATE TABLE view_tickets (
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  edition_id INTEGER NOT NULL,
  viewer_id INTEGER NOT NULL,                    -- 0: the same for everybody
  sort_key INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  assignee_id INTEGER NOT NULL,
  PRIMARY KEY (ticket_id, edition_id, viewer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_tickets_in_order ON view_tickets (edition_id, viewer_id, sort_key DESC, ticket_id DESC);
CREATE TABLE view_counts (
  viewer_id INTEGER NOT NULL,
  edition_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  assignee_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (viewer_id, edition_id, team_id, assignee_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_counts_by_edition ON view_counts (edition_id);
CREATE TRIGGER view_ticket_counted AFTER INSERT ON view_tickets
BEGIN
  INSERT INTO view_counts (viewer_id, edition_id, team_id, assignee_id, n)
  VALUES (new.viewer_id, new.edition_id, new.team_id, new.assignee_id, 1)
  ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER view_ticket_uncounted AFTER DELETE ON view_tickets
BEGIN
  UPDATE view_counts SET n = n - 1
   WHERE viewer_id = old.viewer_id AND edition_id = old.edition_id AND team_id = old.team_id AND assignee_id = old.assignee_id;
END;
-- Tickets about which a view may think differently now, whatever code path changed them; settled before the commit.
CREATE TABLE view_changes (ticket_id INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER ticket_for_views AFTER INSERT ON tickets WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (new.id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER ticket_changed_for_views
AFTER UPDATE OF status, priority, is_spam, channel, customer_id, mailbox_id, team_id, assignee_id, awaits_us, undelivered, activity_at,
  snoozed_at, deleted_at, merged_into_id ON tickets WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (new.id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER tag_for_views AFTER INSERT ON ticket_tags WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (new.ticket_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER tag_gone_for_views AFTER DELETE ON ticket_tags WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (old.ticket_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER follower_for_views AFTER INSERT ON ticket_followers WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (new.ticket_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER follower_gone_for_views AFTER DELETE ON ticket_followers WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (old.ticket_id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER address_for_views AFTER INSERT ON customer_addresses WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN
  INSERT INTO view_changes SELECT id FROM tickets WHERE customer_id = new.customer_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER address_given_for_views AFTER UPDATE OF customer_id ON customer_addresses WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN
  INSERT INTO view_changes SELECT id FROM tickets WHERE customer_id IN (old.customer_id, new.customer_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER address_gone_for_views AFTER DELETE ON customer_addresses WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN
  INSERT INTO view_changes SELECT id FROM tickets WHERE customer_id = old.customer_id ON CONFLICT DO NOTHING;
END;
-- 0 stands for all of them: who "me" and "my teams" are is different now.
CREATE TRIGGER agent_for_views AFTER INSERT ON agents WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (0) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER agent_changed_for_views AFTER UPDATE OF state ON agents WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (0) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER member_for_views AFTER INSERT ON team_members WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (0) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER member_gone_for_views AFTER DELETE ON team_members WHEN EXISTS (SELECT 1 FROM saved_views)
BEGIN INSERT INTO view_changes VALUES (0) ON CONFLICT DO NOTHING; END;

-- One change of many tickets: done in small steps, with what each ticket was before, so that it can be taken back.
CREATE TABLE bulk_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  change TEXT NOT NULL,                          -- JSON: what becomes what
  list TEXT,                                     -- the view of which everything is taken; null: a selection
  edition_id INTEGER,                            -- of that view, when it was begun; 0: a view that never changes
  cursor TEXT,                                   -- JSON: how far that list was read; null: to its end
  undoes_id INTEGER REFERENCES bulk_runs (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
  total INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  same INTEGER NOT NULL DEFAULT 0,               -- were so already
  refused INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX bulk_runs_undone ON bulk_runs (undoes_id) WHERE undoes_id IS NOT NULL;
CREATE TABLE bulk_items (
  run_id INTEGER NOT NULL REFERENCES bulk_runs (id) ON DELETE CASCADE,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  seen TEXT,                                     -- JSON: what it was when the change was asked for
  outcome TEXT NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting', 'changed', 'same', 'gone', 'taken', 'barred', 'unfilled')),
  PRIMARY KEY (run_id, ticket_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_items_by_ticket ON bulk_items (ticket_id);
CREATE INDEX bulk_items_by_outcome ON bulk_items (run_id, outcome, ticket_id);

-- Moving in: old mail that was brought as files. What is found in them is written down first, then filed in the order of its dates.
CREATE TABLE import_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL REFERENCES mailboxes (id),
  started_by INTEGER,                            -- null: the command line
  options TEXT NOT NULL,                         -- JSON: days that stay open, own addresses of before
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled', 'stopped', 'undoing', 'undone')),
  step TEXT NOT NULL DEFAULT 'reading' CHECK (step IN ('reading', 'filing')),
  problem TEXT,                                  -- why it paused or stopped by itself
  counts TEXT,                                   -- JSON, once it has ended: its mails by what became of them
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  files INTEGER NOT NULL DEFAULT 0,              -- sums of its files, which pages show
  size INTEGER NOT NULL DEFAULT 0,
  read_to INTEGER NOT NULL DEFAULT 0,
  undo_step INTEGER NOT NULL DEFAULT 0,          -- how far an undo has come
  undo_after INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX import_runs_unfinished ON import_runs (id) WHERE ended_at IS NULL;
CREATE TABLE import_files (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,                          -- what it stands for, of which a tag may be made
  kind TEXT NOT NULL CHECK (kind IN ('mbox', 'mail')),
  disk_name TEXT,                                -- null once it is gone
  size INTEGER NOT NULL,
  read_to INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX import_files_by_run ON import_files (run_id, id);
CREATE INDEX import_files_unread ON import_files (run_id, id) WHERE read_to < size;
CREATE TABLE import_mails (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,                    -- bytes of the file
  ends_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  thread INTEGER NOT NULL,
  tags TEXT NOT NULL,                            -- JSON; empty once it is filed
  is_sent INTEGER NOT NULL,                      -- 1: it lay among the sent ones, so it is ours whatever its sender (M14)
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'filed', 'known', 'left', 'tray')),
  reason TEXT,                                   -- of what was left out
  inbound_mail_id INTEGER,
  ticket_id INTEGER,
  message_id INTEGER
) STRICT;
CREATE INDEX import_mails_by_run ON import_mails (run_id, id);
CREATE INDEX import_mails_waiting ON import_mails (run_id, sent_at, id) WHERE outcome = 'waiting';
CREATE INDEX import_mails_by_outcome ON import_mails (run_id, outcome, reason);
CREATE INDEX import_mails_by_thread ON import_mails (thread);
CREATE INDEX import_mails_by_inbound_mail ON import_mails (inbound_mail_id) WHERE inbound_mail_id IS NOT NULL;
CREATE INDEX import_mails_by_ticket ON import_mails (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX import_mails_by_message ON import_mails (message_id) WHERE message_id IS NOT NULL;
-- What only an import has brought; what undoing it left, and why.
CREATE TABLE import_things (
  run_id INTEGER NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('ticket', 'customer', 'tag', 'message')),
  thing_id INTEGER NOT NULL,
  kept TEXT CHECK (kept IN ('changed', 'held')),
  PRIMARY KEY (kind, thing_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_things_by_run ON import_things (run_id, kind, thing_id);
-- Which mails belong together, whatever their order and whichever of them are missing: ids by hash, also those that are only named.
CREATE TABLE import_threads (id INTEGER PRIMARY KEY AUTOINCREMENT, ticket_id INTEGER) STRICT;
CREATE INDEX import_threads_by_ticket ON import_threads (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE TABLE import_ids (
  key_hash BLOB PRIMARY KEY,
  thread INTEGER NOT NULL,
  run_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX import_ids_by_thread ON import_ids (thread);
CREATE INDEX import_ids_by_run ON import_ids (run_id, key_hash);

-- Figures without persons, which outlive the tickets they counted (P10). `day` is the firm's date, YYYY-MM-DD.
CREATE TABLE daily_facts (
  day TEXT NOT NULL,
  fact TEXT NOT NULL,
  channel TEXT NOT NULL,
  mailbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, fact, channel, mailbox_id, team_id)
) STRICT, WITHOUT ROWID;

-- One document a ticket, rowid = ticket id; deletions are tombstones that merging removes (SPEED). Marks say what it is.
CREATE VIRTUAL TABLE ticket_index USING fts5 (
  words, sender, receiver, marks, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', detail = full
);
-- Tickets whose documents are written anew in small steps, because their customer is different now.
CREATE TABLE index_changes (ticket_id INTEGER PRIMARY KEY) STRICT;

-- Chat ----------------------------------------------------------------------------------------------------------

CREATE TABLE sites (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  origins TEXT NOT NULL,                         -- JSON: the only pages that may embed it (C3)
  colour TEXT NOT NULL,
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  greeting TEXT NOT NULL DEFAULT '',
  privacy_notice TEXT NOT NULL DEFAULT '',
  mailbox_id INTEGER REFERENCES mailboxes (id),
  secret BLOB,                                   -- signs identities, sealed
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;

CREATE TABLE visitors (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  public_id TEXT NOT NULL UNIQUE,
  site_id INTEGER NOT NULL REFERENCES sites (id),
  token_hash BLOB NOT NULL UNIQUE,
  customer_id INTEGER REFERENCES customers (id),
  language TEXT NOT NULL,
  time_zone TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX visitors_by_customer ON visitors (customer_id);

CREATE TABLE chats (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL UNIQUE REFERENCES tickets (id) ON DELETE CASCADE,
  site_id INTEGER NOT NULL REFERENCES sites (id),
  visitor_id INTEGER NOT NULL REFERENCES visitors (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'active', 'ended', 'missed')),
  page TEXT NOT NULL DEFAULT '',
  queued_at INTEGER NOT NULL,
  taken_at INTEGER,
  taken_by INTEGER REFERENCES agents (id),
  ended_at INTEGER,
  visitor_seen INTEGER NOT NULL DEFAULT 0,       -- visitor_sequence the visitor has seen
  agent_seen INTEGER NOT NULL DEFAULT 0,         -- visitor_sequence an agent has seen
  mailed_sequence INTEGER NOT NULL DEFAULT 0,    -- visitor_sequence that went out by e-mail (C7)
  mailed_at INTEGER,
  visitor_gone_at INTEGER
) STRICT;
CREATE INDEX chats_open ON chats (state, queued_at) WHERE state IN ('queued', 'active');
CREATE INDEX chats_with_visitor ON chats (id) WHERE visitor_gone_at IS NULL;
CREATE INDEX chats_by_visitor ON chats (visitor_id);

-- Notices -------------------------------------------------------------------------------------------------------

-- What happened to tickets that an agent should hear of: one row an event and agent, made by a follower of the event log.
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
  event_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('assigned', 'answered', 'mentioned', 'team', 'woken')),
  done_by INTEGER REFERENCES agents (id) ON DELETE SET NULL, -- null: a customer, a rule or the clock
  message_id INTEGER REFERENCES messages (id) ON DELETE SET NULL,
  at INTEGER NOT NULL,
  read_at INTEGER,
  is_newest INTEGER NOT NULL DEFAULT 1,      -- of this agent and ticket: the line that stands for all of them
  mailed_at INTEGER,
  mail_id INTEGER REFERENCES outbox (id) ON DELETE SET NULL -- the mail that tells it, which is taken back when it is read first
) STRICT;
CREATE UNIQUE INDEX notices_once ON notices (event_id, agent_id);
CREATE UNIQUE INDEX notices_newest ON notices (agent_id, ticket_id) WHERE is_newest = 1;
CREATE INDEX notices_listed ON notices (agent_id, id DESC) WHERE is_newest = 1;
CREATE INDEX notices_unread ON notices (agent_id, ticket_id) WHERE is_newest = 1 AND read_at IS NULL;
CREATE INDEX notices_of_ticket ON notices (agent_id, ticket_id, id);
CREATE INDEX notices_by_ticket ON notices (ticket_id);
CREATE INDEX notices_by_message ON notices (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX notices_by_doer ON notices (done_by) WHERE done_by IS NOT NULL;
CREATE INDEX notices_by_time ON notices (at);
CREATE INDEX notices_by_mail ON notices (mail_id) WHERE mail_id IS NOT NULL;

-- What an agent wants to be told, and how; no row: everything, in the page alone.
CREATE TABLE notice_choices (
  agent_id INTEGER PRIMARY KEY REFERENCES agents (id) ON DELETE CASCADE,
  unwanted TEXT NOT NULL DEFAULT '[]',       -- JSON: kinds of which nothing is told
  in_browser INTEGER NOT NULL DEFAULT 0,     -- 1: by the browser while its page is in the background
  mail_since INTEGER,                        -- null: no mails; else about what happened since then
  away_minutes INTEGER NOT NULL DEFAULT 15,  -- mails go when no page was open for so long
  with_words INTEGER NOT NULL DEFAULT 0,     -- 1: mails carry the first words of what was written
  last_mailed_at INTEGER
) STRICT;

-- Privacy -------------------------------------------------------------------------------------------------------

CREATE TABLE retention_rules (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 36500),
  is_on INTEGER NOT NULL DEFAULT 0,
  created_by INTEGER,
  created_at INTEGER NOT NULL,
  switched_at INTEGER,
  UNIQUE (kind)
) STRICT;

CREATE TABLE retention_runs (
  id INTEGER PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES retention_rules (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  started_by INTEGER,                            -- null: the clock
  counts TEXT NOT NULL DEFAULT '{}',
  error TEXT
) STRICT;
CREATE INDEX retention_runs_by_rule ON retention_runs (rule_id, id);

CREATE TABLE erasures (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('erase', 'de-identify')),
  state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'done', 'failed')),
  step TEXT NOT NULL DEFAULT 'reading',
  plan BLOB,                                     -- sealed: who, and what is searched for; gone when it is done
  waits_for TEXT,                                -- JSON: folders with copies that the ledger has not reached yet (P4); null: not tried
  requested_by INTEGER,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  certificate TEXT,                              -- JSON without personal data
  error TEXT
) STRICT;

-- What must not come back: keyed hashes, written to the ledger beside the database as well (P4, P5).
CREATE TABLE erased_keys (
  key_hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'address', 'mail')),
  erased_at INTEGER NOT NULL,
  off_server INTEGER NOT NULL DEFAULT 0          -- 1: a mail that was seen to be on no mail server any more
) STRICT, WITHOUT ROWID;

CREATE TABLE exports (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL,                  -- 0 for somebody who was only ever copied
  address_key TEXT,                              -- by which that one is known
  requested_by INTEGER,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  done INTEGER NOT NULL DEFAULT 0,               -- tickets so far, of `total`
  total INTEGER NOT NULL DEFAULT 0,
  withheld TEXT NOT NULL DEFAULT '{}',           -- JSON: which notes are left out, and the recorded reason (Art. 15(4))
  disk_name TEXT,
  size INTEGER,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  expires_at INTEGER NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX exports_by_customer ON exports (customer_id);
