// The ZIP that is handed over: pages, JSON, attachments, raw mails, and a manifest with the SHA-256 of each (P2).
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { App } from '../app';
import { cleanFileName, filePath } from '../attachments';
import { hashed, queryValue } from '../db';
import { readAsset } from '../lib/assets';
import { randomId, sha256 } from '../lib/ids';
import { Slices } from '../lib/slices';
import { rawPath } from '../mail';
import {
  type MessageData,
  type Person,
  personRows,
  type Receiver,
  type Row,
  receiverOf,
  type TicketData,
  ticketData,
  ticketsOf,
} from './export-data';
import { indexPage, informationOf, ticketPage, type Writer, writerFor } from './export-pages';

export interface Withheld {
  /** Ids of notes. */
  notes: number[];
  reason: string;
}

export const NOTHING_WITHHELD: Withheld = { notes: [], reason: '' };

/**
 * Writes everything about a customer to `out` (under another name until it is whole); `onTicket` hears how far it is.
 * Texts only: no HTML that somebody sent is rendered, nothing in it is fetched (AC-09).
 */
export async function writeExport(
  app: App,
  customer: Person,
  out: string,
  withheld: Withheld,
  onTicket: (done: number, total: number) => Promise<void>,
): Promise<number> {
  const unfinished = `${out}.${randomId()}`;
  try {
    const archive = new Archive();
    const written = pipeline(archive.stream, createWriteStream(unfinished, { flags: 'wx', mode: 0o600 }));
    await Promise.all([
      fill(app, archive, customer, withheld, onTicket).catch((error) => archive.fail(error)),
      written,
    ]);
    const file = await open(unfinished, 'r');
    const { size } = await file.stat();
    await file.sync().finally(() => file.close());
    await rename(unfinished, out);
    return size;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function fill(
  app: App,
  archive: Archive,
  customer: Person,
  withheld: Withheld,
  onTicket: (done: number, total: number) => Promise<void>,
) {
  const receiver = receiverOf(app, customer, withheld.notes);
  const writer = writerFor(app, customer);
  const rows = personRows(app, receiver);
  const places = ticketsOf(app, customer);
  const tickets: TicketData[] = [];
  const slices = new Slices();
  for (const [index, { id, own }] of places.entries()) {
    const data = ticketData(app, receiver, id, own);
    if (data) {
      tickets.push(data);
      addTicket(app, archive, writer, receiver, data);
    }
    await onTicket(index + 1, places.length);
    await slices.pause();
  }
  const at = app.clock.now();
  const list = tickets.map(({ ticket }) => ({
    href: pageOf(ticket),
    number: Number(ticket['number']),
    subject: String(ticket['subject'] ?? ''),
    at: writer.format.day(Number(ticket['created_at'])).text,
  }));
  const reason =
    withheld.notes.length > 0 ? { n: withheld.notes.length, reason: withheld.reason } : undefined;
  archive.text(
    'index.html',
    indexPage(app, writer, receiver, customer, { tickets: list, rows, withheld: reason }, at),
  );
  archive.text('style.css', readAsset('views/privacy/export/style.css').toString('utf8'));
  const information = informationOf(app, writer, receiver);
  const head = {
    made: new Date(at).toISOString(),
    company: receiver.company,
    information,
    withheld: reason,
    person: rows,
  };
  archive.pieces('data.json', () => jsonWith(head, 'tickets', tickets, (ticket) => [given(ticket)]));
  const person = portable(customer, rows['customer_addresses'] ?? []);
  archive.pieces('portable.json', () => jsonWith(person, 'messages', tickets, portableMessages));
  await archive.end({ made: new Date(at).toISOString() });
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** One object with a list of many at its end, written ticket by ticket: whoever has thousands holds up nobody. */
async function* jsonWith(
  head: object,
  name: string,
  tickets: TicketData[],
  entriesOf: (ticket: TicketData) => object[],
): AsyncGenerator<Buffer> {
  const slices = new Slices();
  yield Buffer.from(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "${name}": [`);
  let comma = '';
  for (const ticket of tickets) {
    for (const entry of entriesOf(ticket)) {
      yield Buffer.from(`${comma}\n${JSON.stringify(entry, null, 2)}`);
      comma = ',';
    }
    await slices.pause();
  }
  yield Buffer.from('\n  ]\n}\n');
}

const pageOf = (ticket: Row) => `tickets/${ticket['number']}.html`;

const given = ({ own, ticket, messages, rows, leftOut }: TicketData) => ({
  own,
  ...ticket,
  messages: messages.map((message) => ({
    ...message.row,
    facts: JSON.parse(String(message.row['facts'])),
    attachments: message.attachments.map(fileFacts(ticket, message)),
  })),
  ...rows,
  leftOut,
});

const fileFacts = (ticket: Row, message: MessageData) => (file: Row) => ({
  name: file['name'],
  type: file['type'],
  size: file['size'],
  file: placeOf(ticket, message, file),
});

/** Art. 20: only what the person gave, in a form that another program can read. */
const portable = (customer: Person, addresses: Row[]) => ({
  name: customer.name,
  addresses: customer.copiedAs ? [customer.copiedAs] : addresses.map((row) => row['address']),
  language: customer.language,
});

const portableMessages = ({ ticket, messages }: TicketData) =>
  messages
    .filter((message) => message.theirs)
    .map((message) => ({
      ticket: ticket['number'],
      subject: ticket['subject'],
      at: new Date(Number(message.row['created_at'])).toISOString(),
      words: message.row['words'],
      attachments: message.attachments.map((file) => placeOf(ticket, message, file)),
    }));

/** Numbers keep names apart; what the sender called the file is only its last part (AC-05). */
const placeOf = (ticket: Row, message: MessageData, file: Row) =>
  `attachments/${ticket['number']}/${message.row['sequence']}-${file['id']}-${cleanFileName(String(file['name']))}`;

const findDiskName = queryValue<[fileId: number], string>('SELECT disk_name FROM files WHERE id = ?');

function addTicket(app: App, archive: Archive, writer: Writer, receiver: Receiver, data: TicketData): void {
  const { ticket } = data;
  archive.text(
    pageOf(ticket),
    ticketPage(writer, receiver, data, (message, file) => placeOf(ticket, message, file)),
  );
  for (const message of data.messages) {
    for (const file of message.attachments) {
      const diskName = findDiskName(app.db, Number(file['file_id']));
      if (diskName) archive.file(placeOf(ticket, message, file), filePath(app.config.data, diskName));
    }
    if (message.raw)
      archive.file(
        `mails/${ticket['number']}-${message.row['sequence']}.eml`,
        rawPath(app.config.data, message.raw),
      );
  }
}

/** A ZIP that knows the sum of each thing in it. */
class Archive {
  private readonly zip = new ZipFile();
  private readonly sums: { name: string; size: number; sha256: string }[] = [];

  constructor() {
    this.zip.on('error', (error) => this.fail(error));
  }

  get stream(): Readable {
    return this.zip.outputStream as Readable;
  }

  text(name: string, text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.sums.push({ name, size: bytes.length, sha256: sha256(bytes) });
    this.zip.addBuffer(bytes, name);
  }

  /** A file that a retention rule took meanwhile is left out, and not in the manifest. */
  file(name: string, path: string): void {
    if (existsSync(path)) this.pieces(name, () => createReadStream(path));
  }

  /** Read when its turn comes. */
  pieces(name: string, source: () => AsyncIterable<Buffer>): void {
    this.zip.addReadStreamLazy(name, (done) => {
      const hash = createHash('sha256');
      let size = 0;
      const counted = async function* () {
        for await (const chunk of hashed(source(), hash)) {
          size += chunk.length;
          yield chunk;
        }
      };
      const stream = Readable.from(counted());
      // A file that cannot be read fails the export; an error that nobody hears would end the process.
      stream.on('error', (error) => this.fail(error));
      stream.on('end', () => this.sums.push({ name, size, sha256: hash.digest('hex') }));
      done(null, stream);
    });
  }

  /** The manifest comes last, when every sum is known. */
  async end(facts: object): Promise<void> {
    this.zip.addReadStreamLazy('manifest.json', (done) =>
      done(null, Readable.from([Buffer.from(json({ ...facts, files: this.sums }))])),
    );
    this.zip.end();
  }

  fail(error: unknown): void {
    this.stream.destroy(error as Error);
  }
}
