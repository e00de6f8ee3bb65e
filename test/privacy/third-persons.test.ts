// Whoever a message was forwarded to, or who got a hidden copy, is found, exported and erased like anybody else (P1, P2, P3, P13).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportPath } from '../../server/privacy/export-files';
import type { MessageRow, Ticket } from '../../server/tickets';
import { type Doors, openDoors, type Person } from '../support/doors';
import { forward } from '../support/forwarding';
import { mailOf, reply, words } from '../support/writing';
import { letter, openPlace, type Place } from './place';
import { erase } from './wishes';
import { readZip } from './zip';

const WIM = 'wim.devries@workshop.example';
const BOSS = 'hidden.boss@firm.example';

let place: Place;
let doors: Doors;
let olga: Person;
let ticket: Ticket;
let sent: MessageRow;

beforeEach(async () => {
  place = await openPlace();
  writeFileSync(join(place.data, 'secret.key'), place.app.key.toString('hex'));
  doors = await openDoors(place);
  olga = doors.as(place.owner);
  ticket = (await place.arrives(
    letter({ from: 'Carla <carla@mail.example>', subject: 'Our kettle', body: 'It leaks at the spout.' }),
  )) as Ticket;
  sent = forward(place, ticket, { to: `Wim de Vries <${WIM}>`, words: 'Can you mend this kettle?' });
  reply(place, ticket, words('We are asking', { to: 'carla@mail.example', bcc: BOSS }));
  place.app.followers.catchUp();
});
afterEach(async () => {
  await doors.close();
  await place.close();
});

const answers = () =>
  place.arrives(
    letter({
      from: `Wim de Vries <${WIM}>`,
      body: 'Yes, with the copper spoutlet.',
      inReplyTo: mailOf(place, sent).messageId,
    }),
  );

async function exportOf(page: string): Promise<Map<string, Buffer>> {
  await olga.post(`${page}/export`, { reason: '' });
  await place.app.jobs.runDue();
  const [row] = place.rows<{ disk_name: string }>('SELECT disk_name FROM exports ORDER BY id DESC');
  return readZip(exportPath(place.data, row?.disk_name ?? ''));
}
const found = async (address: string) => (await olga.post('/privacy', { address })).location ?? '';

test.each([
  [WIM, 'Can you mend this kettle?'],
  [BOSS, 'We are asking'],
])('P2: %s is found, and exported with what was sent to them', async (address, saw) => {
  const page = await found(address);
  expect(page).toMatch(/^\/privacy\/copied\/\d+$/);

  expect((await exportOf(page)).get('tickets/1001.html')?.toString()).toContain(saw);
});

test('P3: somebody to whom it was forwarded is in no byte after an erasure, and the ticket stays whole', async () => {
  const page = await found(WIM);
  const wish = { kind: 'erase', othersFiles: 'remove', ground: 'b', typed: WIM };
  await olga.post(`${page}/erase`, wish);
  await place.app.jobs.runDue();

  expect(place.hits('devries')).toEqual([]);
  expect(place.messagesOf(ticket).map((message) => message.words)).toContain('Can you mend this kettle?');
});

test('P3: so is somebody who answered, with every word of the answer', async () => {
  expect((await answers())?.id).toBe(ticket.id);
  expect(place.hits('spoutlet').length).toBeGreaterThan(0);

  await erase(place, WIM);

  expect(place.hits('devries')).toEqual([]);
  expect(place.hits('spoutlet')).toEqual([]);
  expect(place.messagesOf(ticket)[0]?.words).toContain('It leaks at the spout.');
});

test('P2, P13: the customer’s export names whom it was forwarded to, and holds no word of the answer', async () => {
  await answers();
  const customer = await found('carla@mail.example');
  const files = await exportOf(customer);

  expect(files.get('index.html')?.toString()).toContain(WIM);
  expect(files.get('index.html')?.toString()).toContain(BOSS);
  expect(files.get('tickets/1001.html')?.toString()).not.toContain('spoutlet');
});

test('P6: with the ticket goes what was forwarded and who was written to', async () => {
  await answers();
  await erase(place, 'carla@mail.example');

  expect(place.rows('SELECT 1 FROM participants')).toEqual([]);
  expect(place.rows('SELECT 1 FROM messages')).toEqual([]);
  expect(place.hits('It leaks at the spout')).toEqual([]);
});
