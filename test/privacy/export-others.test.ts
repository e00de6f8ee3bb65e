// What an export takes along of other people's tickets, and what it keeps to itself (P2, C8).
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CustomerRow, claimAddress, createCustomer } from '../../server/customers';
import { randomId } from '../../server/lib/ids';
import { NOTHING_WITHHELD } from '../../server/privacy/export-zip';
import { exportTo } from '../../server/privacy/exports';
import { noteOnTicket, type Ticket } from '../../server/tickets';
import { leaveEverywhere, MARK } from './everywhere';
import { letter, openPlace, type Place } from './place';
import { knownBy } from './wishes';
import { readZip } from './zip';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

async function exported(customer: CustomerRow) {
  const out = join(place.data, 'export.zip');
  await exportTo(place.app, customer, out, NOTHING_WITHHELD);
  const files = readZip(out);
  const text = (name: string) => files.get(name)?.toString('utf8') ?? '';
  return { text, data: JSON.parse(text('data.json')) };
}

test('P2: tickets of others on which somebody was only ever copied are in it, with what was sent to them', async () => {
  await place.arrives(
    letter({
      from: 'Per Olsen <per@mail.example>',
      cc: 'carla@mail.example',
      body: 'My colleague reads along.',
    }),
  );
  await place.arrives(letter({ from: 'Per Olsen <per@mail.example>', body: 'Nothing of hers.' }));
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));

  const { text, data } = await exported(knownBy(place, 'carla@mail.example'));

  expect(data.tickets.map((ticket: { number: number; own: boolean }) => [ticket.number, ticket.own])).toEqual(
    [
      [1001, false],
      [1003, true],
    ],
  );
  expect(text('tickets/1001.html')).toContain('My colleague reads along.');
});

test('C8: an address that was only typed in a chat opens no ticket on which it stands in copy', async () => {
  await place.arrives(
    letter({
      from: 'Per Olsen <per@mail.example>',
      cc: 'carla@mail.example',
      body: 'My colleague reads along.',
    }),
  );
  const visitor = place.app.db.tx(() => {
    const made = createCustomer(place.app, { kind: 'visitor', id: null }, { name: 'Carla', language: null });
    claimAddress(place.app, made, 'carla@mail.example');
    return made;
  });

  const { data } = await exported(visitor);

  expect(data.tickets).toEqual([]);
});

test('P2: addresses with letters beyond ASCII are masked whole', async () => {
  const ticket = (await place.arrives(
    letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }),
  )) as Ticket;
  const words = 'Ask bjørn.ås@blåbær.example or ilze@rēķins.example first.';
  place.app.db.tx(() => noteOnTicket(place.app, place.ana, ticket, { clientId: randomId(), words }));

  const { text } = await exported(knownBy(place, 'carla@mail.example'));

  expect(text('tickets/1001.html')).toContain('Ask •••@••• or •••@••• first.');
});

test('P2: a file that cannot be read fails the export, and nothing else', async () => {
  await leaveEverywhere(place);
  const [file] = place.rows<{ disk_name: string }>(
    `SELECT disk_name FROM files JOIN attachments ON file_id = files.id AND owner_kind = 'message'
       JOIN messages ON messages.id = owner_id JOIN tickets ON tickets.id = ticket_id WHERE tickets.customer_id = 1`,
  );
  const path = join(place.data, 'files', file?.disk_name.slice(0, 2) ?? '', file?.disk_name ?? '');
  rmSync(path);
  mkdirSync(path);

  await expect(exported(knownBy(place, `carla.${MARK}@mail.example`))).rejects.toThrow('EISDIR');
  expect(readdirSync(place.data).filter((name) => name.includes('.zip'))).toEqual([]);
});
