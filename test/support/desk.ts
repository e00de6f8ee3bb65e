// A desk to test at: a real database, two agents, a clock that stands still, and everything said kept for reading.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, agentOf, findAgentByEmail, findAgentById, insertAgent } from '../../server/agents';
import type { App, Hooks } from '../../server/app';
import { type House, openHouse } from '../../server/boot';
import { readConfig } from '../../server/config';
import { type CustomerRow, knowCustomerByMail } from '../../server/customers';
import { prepareFolder } from '../../server/data-folder';
import { type Db, migrate, openDatabase } from '../../server/db';
import type { Clock } from '../../server/lib/clock';
import { addressKey, localMailbox, type MailboxRow, sealPassword } from '../../server/mail';
import { findMailboxById } from '../../server/mail/queries';
import type { Role } from '../../server/roles';
import { writeSetting } from '../../server/settings';
import { addMessage, findTicketById, type MessageRow, openTicket, type Ticket } from '../../server/tickets';

/** Friday, 20 November 2026, 09:00 UTC. */
export const MORNING = Date.UTC(2026, 10, 20, 9);

/** Of every desk: its secrets are sealed with it. */
export const DESK_KEY = Buffer.alloc(32, 7);

export interface TestClock extends Clock {
  pass(ms: number): void;
}

export interface Desk {
  app: App;
  house: House;
  data: string;
  clock: TestClock;
  owner: Agent;
  ana: Agent;
  ben: Agent;
  agent(name: string, role: Role): Agent;
  customer(name: string): CustomerRow;
  /** A ticket by e-mail with one message by its customer. */
  ticketFrom(name: string, subject?: string, words?: string, mailbox?: { id: number }): Ticket;
  customerWrites(ticket: Ticket, words: string): MessageRow;
  /** A mailbox of the firm; without servers it neither reads nor sends. */
  mailbox(address: string, with_?: MailboxOptions): MailboxRow;
  /** A team, with these agents in it. */
  team(name: string, ...members: Agent[]): number;
  giveToTeam(ticket: Ticket, teamId: number | null): void;
  /** As it stands in the database now. */
  ticketNow(ticket: { id: number }): Ticket;
  messagesOf(ticket: { id: number }): MessageRow[];
  rows<Row = Record<string, unknown>>(sql: string, ...values: (string | number | null)[]): Row[];
  /** What was said to open pages since the last call. */
  signals(): { room: string; event: string }[];
  queuedMails(): { recipients: string[]; state: string; kind: string }[];
  events(name?: string): { name: string; subject_id: number; facts: string }[];
  close(): Promise<void>;
}

export interface MailServerAt {
  host?: string;
  port: number;
  user?: string;
  password?: string;
  security?: 'tls' | 'starttls' | 'none';
  folder?: string;
}

export interface MailboxOptions {
  imap?: MailServerAt;
  smtp?: MailServerAt;
  plusAddresses?: boolean;
  undoSeconds?: number;
  firstFetchDays?: number;
  reopenClosed?: MailboxRow['reopen_closed'];
  reopenDays?: number;
  senderName?: string;
}

let emptyDatabase: Buffer | undefined;

/** A migrated database, copied for each desk: well under a millisecond. */
function freshDatabase(): Buffer {
  if (!emptyDatabase) {
    const db = openDatabase(':memory:' as string);
    migrate(db);
    emptyDatabase = db.sql.serialize();
    db.close();
  }
  return emptyDatabase;
}

const PASSWORD_HASH = '$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dz$nothing-matches-this';

/** `values` are command line options such as `public-url`; `db` is another desk's, as after a restart. */
export function openDesk(
  options: {
    values?: Record<string, string>;
    hooks?: Partial<Hooks>;
    clock?: Clock;
    db?: Db;
    data?: string;
  } = {},
): Desk {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'desk-'));
  prepareFolder(data);
  let now = MORNING;
  const clock: TestClock = {
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
  };
  const db = options.db ?? openDatabase(freshDatabase());
  const config = readConfig({ data, port: '0', host: '127.0.0.1', ...options.values });
  const house = openHouse(config, {
    db,
    key: DESK_KEY,
    clock: options.clock ?? clock,
    hooks: options.hooks,
  });
  const { app } = house;
  writeSetting(app, 'firm', { company: 'Teapot', language: 'en', timeZone: 'Europe/Oslo' });

  const agent = (name: string, role: Role): Agent => {
    const email = `${name.toLowerCase()}@teapot.example`;
    const known = findAgentByEmail(app.db, email);
    if (known) return agentOf(known);
    const id = insertAgent(
      app.db,
      `${name.toLowerCase()}`.padEnd(32, '0'),
      name,
      email,
      email,
      role,
      PASSWORD_HASH,
      'en',
      'Europe/Oslo',
      'active',
      now,
    );
    return agentOf(findAgentById(app.db, id)!);
  };
  const customer = (name: string) =>
    knowCustomerByMail(
      app,
      { kind: 'system', id: null },
      { name, address: `${name.toLowerCase()}@mail.example` },
    );

  const desk: Desk = {
    app,
    house,
    data,
    clock,
    owner: agent('Olga', 'owner'),
    ana: agent('Ana', 'agent'),
    ben: agent('Ben', 'agent'),
    agent,
    customer,
    ticketFrom(name, subject = 'Broken kettle', words = 'The kettle you sent me stopped heating.', mailbox) {
      const from = customer(name);
      const address = `${name.toLowerCase()}@mail.example`;
      const mailboxId = mailbox?.id ?? localMailbox(app).id;
      const given = {
        subject,
        channel: 'email' as const,
        customer: from,
        address: { address, key: addressKey(address) },
        mailboxId,
      };
      const ticket = openTicket(app, { kind: 'customer', id: from.id }, given);
      desk.customerWrites(ticket, words);
      desk.signals();
      return ticket;
    },
    customerWrites(ticket, words) {
      const author = { kind: 'customer' as const, id: ticket.customer_id, name: 'Customer' };
      return addMessage(app, ticket, { kind: 'reply', author, channel: ticket.channel, words });
    },
    mailbox(address, given = {}) {
      const stored = ({ host = '127.0.0.1', port, user = '', security = 'none', folder }: MailServerAt) =>
        JSON.stringify({ host, port, security, user, ...(folder ? { folder } : {}) });
      const secret = (server: MailServerAt | undefined) =>
        server?.password ? sealPassword(app, server.password) : null;
      const { lastInsertRowid } = db.sql
        .prepare(`INSERT INTO mailboxes (address, address_key, sender_name, imap, imap_secret, smtp, smtp_secret, first_fetch_days,
                    plus_addresses, reopen_closed, reopen_days, undo_seconds, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
        .run(
          address,
          addressKey(address),
          given.senderName ?? 'Teapot',
          given.imap ? stored(given.imap) : null,
          secret(given.imap),
          given.smtp ? stored(given.smtp) : null,
          secret(given.smtp),
          given.firstFetchDays ?? 0,
          given.plusAddresses ? 1 : 0,
          given.reopenClosed ?? 'days',
          given.reopenDays ?? 30,
          given.undoSeconds ?? 10,
          app.clock.now(),
        );
      return findMailboxById(db, Number(lastInsertRowid)) as MailboxRow;
    },
    team(name, ...members) {
      const id = Number(
        db.sql.prepare('INSERT INTO teams (name, created_at) VALUES (?, ?)').run(name, now).lastInsertRowid,
      );
      for (const member of members)
        db.sql.prepare('INSERT INTO team_members VALUES (?, ?)').run(id, member.id);
      return id;
    },
    giveToTeam(ticket, teamId) {
      db.sql.prepare('UPDATE tickets SET team_id = ? WHERE id = ?').run(teamId, ticket.id);
    },
    ticketNow: (ticket) => findTicketById(db, ticket.id) as Ticket,
    messagesOf: (ticket) =>
      db.sql
        .prepare('SELECT * FROM messages WHERE ticket_id = ? ORDER BY sequence')
        .all(ticket.id) as MessageRow[],
    rows: <Row>(sql: string, ...values: (string | number | null)[]) =>
      db.sql.prepare(sql).all(...values) as Row[],
    signals: () => app.hub.sent.splice(0).map(({ room, event }) => ({ room, event })),
    queuedMails: () =>
      (
        db.sql.prepare('SELECT recipients, state, kind FROM outbox ORDER BY id').all() as {
          recipients: string;
          state: string;
          kind: string;
        }[]
      ).map((row) => ({
        ...row,
        recipients: JSON.parse(row.recipients) as string[],
      })),
    events: (name) =>
      db.sql
        .prepare('SELECT name, subject_id, facts FROM events WHERE name LIKE ? ORDER BY id')
        .all(name ?? '%') as ReturnType<Desk['events']>,
    async close() {
      await house.close();
      if (!options.db) db.close();
      if (!options.data) rmSync(data, { recursive: true, force: true });
    },
  };
  return desk;
}
