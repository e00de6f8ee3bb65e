// Whoever writes again while being erased is somebody new (P5): their rows and files are left alone, whatever stands in them.
import type { App } from '../app';
import { findAddressesByKey, findCustomerById } from '../customers';
import { queryColumn } from '../db';
import { arrivalsFiled } from './arrivals';
import { emptyPlan, type Plan } from './identity';
import { ownFiles, ownRows } from './survey';

export interface Returned {
  /** How many people. */
  n: number;
  /** Keys of their rows, by table. */
  rows: Map<string, Set<string>>;
  /** Their raw mails and attachments, as `mail/ab/…` and `files/ab/…`. */
  files: Set<string>;
}

const findFiles = queryColumn<[customerId: number], string>(`
  SELECT disk_name FROM tickets JOIN messages ON messages.ticket_id = tickets.id
    JOIN attachments ON owner_kind = 'message' AND owner_id = messages.id JOIN files ON files.id = file_id
   WHERE tickets.customer_id = ?`);

const findCopies = queryColumn<[addressKey: string], number>(
  'SELECT id FROM participants WHERE address_key = ?',
);

/** To be asked when the old rows are gone: whoever bears one of the addresses then has come since. */
export async function findReturned(app: App, plan: Plan): Promise<Returned> {
  await arrivalsFiled(app);
  const keys = plan.addresses.filter((key) => findAddressesByKey(app.db, key).length > 0);
  const ids = new Set(keys.flatMap((key) => findAddressesByKey(app.db, key).map((row) => row.customer_id)));
  const people = [...ids].flatMap((id) => findCustomerById(app.db, id) ?? []);
  const theirs = emptyPlan(people, plan.decision);
  const { mail } = await ownFiles(app, theirs);
  const attached = people.flatMap(({ id }) => findFiles(app.db, id));
  const place = (folder: string) => (name: string) => `${folder}/${name.slice(0, 2)}/${name}`;
  const rows = await ownRows(app, theirs, 'erase');
  const copied = keys.flatMap((key) => findCopies(app.db, key)).map(String);
  rows.set('participants', new Set([...(rows.get('participants') ?? []), ...copied]));
  return {
    n: people.length,
    rows,
    files: new Set([...mail.map(place('mail')), ...attached.map(place('files'))]),
  };
}
