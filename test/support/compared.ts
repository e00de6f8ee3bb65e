// A desk, a mailbox of its own on a real IMAP server for each test, and the comparison of the two (M4).
import { systemClock } from '../../server/lib/clock';
import type { MailboxRow } from '../../server/mail';
import { beginCheck } from '../../server/mail/check-mailbox';
import { type CheckRow, findCheck } from '../../server/mail/checks';
import { MailboxReader } from '../../server/mail/mailbox-reader';
import { findMailboxById } from '../../server/mail/queries';
import { type Desk, openDesk } from './desk';
import { type Doors, openDoors, type Person } from './doors';
import { type Dovecot, startDovecot } from './dovecot';
import { until } from './until';

const PASSWORD = 'correct horse';
const MOST = 20;

export const mailOf = (subject: string, from = 'carla@mail.example') =>
  `From: Carla <${from}>\r\nTo: support@teapot.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@mail.example>\r\n\r\nHello\r\n`;

export interface Compared {
  readonly dovecot: Dovecot;
  readonly desk: Desk;
  readonly doors: Doors;
  readonly olga: Person;
  /** On the IMAP server. */
  readonly user: string;
  mailbox(firstFetchDays?: number): MailboxRow;
  arrives(subject: string, at?: Date): void;
  /** Of the tickets, oldest first. */
  subjects(): string[];
  /** Reads until the folder was read once; the reader goes on until it is stopped. */
  read(row: MailboxRow): Promise<void>;
  stopReading(): Promise<void>;
  /** Reads until so many tickets are there. */
  readUntil(row: MailboxRow, tickets: number): Promise<void>;
  check(row: MailboxRow): Promise<CheckRow>;
  /** Forgets that a mail was ever stored, as if it had been skipped. */
  skip(subject: string): void;
}

export function useCompared(): Compared {
  let dovecot: Dovecot;
  let desk: Desk;
  let doors: Doors;
  let olga: Person;
  let reader: MailboxReader | undefined;
  let box = -1;
  const userOf = (n: number) => `box${n}@example.test`;

  beforeAll(async () => {
    const users = Array.from({ length: MOST }, (_, n) => ({ user: userOf(n), password: PASSWORD }));
    dovecot = await startDovecot({ users });
  });
  afterAll(() => dovecot.remove());
  beforeEach(async () => {
    box += 1;
    desk = openDesk({ clock: systemClock });
    doors = await openDoors(desk);
    olga = doors.as(desk.owner);
  });
  afterEach(async () => {
    await compared.stopReading();
    await doors.close();
    await desk.close();
  });

  const compared: Compared = {
    get dovecot() {
      return dovecot;
    },
    get desk() {
      return desk;
    },
    get doors() {
      return doors;
    },
    get olga() {
      return olga;
    },
    get user() {
      return userOf(box);
    },
    mailbox: (firstFetchDays = 0) =>
      desk.mailbox('support@teapot.example', {
        imap: { port: dovecot.port, user: userOf(box), password: PASSWORD },
        firstFetchDays,
      }),
    arrives: (subject, at) => dovecot.deliver(userOf(box), mailOf(subject), undefined, at),
    subjects: () =>
      desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject),
    async read(row) {
      desk.app.db.sql.prepare('UPDATE mailboxes SET last_fetch_at = NULL').run();
      reader = new MailboxReader(desk.app, row.id);
      reader.start();
      const isRead = () => findMailboxById(desk.app.db, row.id)?.last_fetch_at !== null;
      await until('the first reading of the mailbox', isRead);
      await desk.house.intake.settled();
    },
    async stopReading() {
      await reader?.stop();
      reader = undefined;
    },
    async readUntil(row, tickets) {
      await compared.read(row);
      await until('the tickets', () => compared.subjects().length === tickets);
      await compared.stopReading();
    },
    async check(row) {
      const id = await desk.app.write(() => beginCheck(desk.app, row, null));
      await desk.app.hooks.checkMailbox(desk.app, id);
      await desk.house.intake.settled();
      return findCheck(desk.app.db, id) as CheckRow;
    },
    skip(subject) {
      const { sql } = desk.app.db;
      sql.prepare('UPDATE messages SET inbound_mail_id = NULL').run();
      sql.prepare('DELETE FROM inbound_mails WHERE header_message_id = ?').run(`${subject}@mail.example`);
      sql.prepare('DELETE FROM tickets WHERE subject = ?').run(subject);
    },
  };
  return compared;
}
