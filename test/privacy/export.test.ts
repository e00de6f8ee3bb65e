// The file that is handed to a person: everything about them, nothing of others (P2, AC-09).
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CustomerRow, findCustomerByAddress } from '../../server/customers';
import { DAY } from '../../server/lib/clock';
import { randomId } from '../../server/lib/ids';
import { NOTHING_WITHHELD, type Withheld } from '../../server/privacy/export-zip';
import {
  beginExport,
  deleteExpiredExports,
  exportFileOf,
  exportTo,
  noteExport,
  performExport,
} from '../../server/privacy/exports';
import { findExport } from '../../server/privacy/queries';
import { noteOnTicket, replyToTicket, type Ticket } from '../../server/tickets';
import { type Everywhere, leaveEverywhere, MARK } from './everywhere';
import { letter, openPlace, type Place } from './place';
import { readZip } from './zip';

let place: Place;

beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

const knownBy = (address: string) => findCustomerByAddress(place.app.db, address) as CustomerRow;

async function exported(customer: CustomerRow, withheld: Withheld = NOTHING_WITHHELD) {
  const out = join(place.data, `export-${randomId().slice(0, 6)}.zip`);
  await exportTo(place.app, customer, out, withheld);
  const files = readZip(out);
  const text = (name: string) => files.get(name)?.toString('utf8') ?? '';
  return {
    files,
    text,
    data: JSON.parse(text('data.json')),
    all: [...files.values()].map(String).join('\n'),
  };
}

const note = (ticket: Ticket, words: string) =>
  place.app.db.tx(() =>
    noteOnTicket(place.app, place.ana, place.ticketNow(ticket), { clientId: randomId(), words }),
  );

const reply = (ticket: Ticket, words: string) =>
  place.app.db.tx(() =>
    replyToTicket(place.app, place.ana, place.ticketNow(ticket), {
      clientId: randomId(),
      seenSequence: 99,
      words,
      thenStatus: 'pending',
      sendAnyway: true,
    }),
  );

describe('somebody who left something everywhere', () => {
  let left: Everywhere;

  beforeEach(async () => {
    left = await leaveEverywhere(place);
  });

  test('P2: it holds pages, data, attachments, raw mails and a manifest with the sum of each', async () => {
    const { files, text } = await exported(left.carla);
    const names = [...files.keys()].sort();

    expect(names).toEqual(
      expect.arrayContaining(['index.html', 'style.css', 'data.json', 'portable.json', 'manifest.json']),
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'tickets/1001.html',
        'tickets/1002.html',
        'tickets/1004.html',
        'mails/1001-1.eml',
      ]),
    );
    expect(names.filter((name) => name.startsWith('attachments/'))).toEqual([
      'attachments/1002/1-1-qzxmark.txt',
      'attachments/1004/1-2-delivery.csv',
    ]);
    const listed = JSON.parse(text('manifest.json')).files as {
      name: string;
      size: number;
      sha256: string;
    }[];
    expect(listed.map(({ name }) => name).sort()).toEqual(names.filter((name) => name !== 'manifest.json'));
    for (const { name, size, sha256 } of listed) {
      const bytes = files.get(name) as Buffer;
      expect({ name, size, sha256 }).toEqual({
        name,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
    }
  });

  test("P2: her own tickets are whole, notes among colleagues included, without agents' names in them", async () => {
    const { text, data } = await exported(left.carla);

    const [own] = data.tickets.filter((ticket: { number: number }) => ticket.number === 1001);
    expect(own.messages.map((message: { kind: string }) => message.kind)).toEqual(['reply', 'note', 'reply']);
    expect(own.messages[1]).toMatchObject({
      author_name: 'Teapot',
      words: expect.stringContaining('called'),
    });
    expect(own.messages[2]).toMatchObject({ author_name: 'Ana, Teapot' });
    expect(text('tickets/1001.html')).toContain('whistles the qzxmark tune all night');
    expect(data.person).toMatchObject({
      customer_addresses: expect.any(Array),
      consents: [{ purpose: 'news' }],
      holds: [{ reason: `${MARK} sued` }],
    });
  });

  test("P2: of somebody else's ticket it holds what she wrote and was sent, and says how much is left out", async () => {
    const { text, data } = await exported(left.carla);

    const [joint] = data.tickets.filter((ticket: { number: number }) => ticket.number === 1004);
    expect(joint.own).toBe(false);
    expect(joint.messages.map((message: { sequence: number }) => message.sequence)).toEqual([1, 2, 5]);
    expect(joint.leftOut).toBe(2);
    expect(text('tickets/1004.html')).toContain('2 messages that are not yours');
    expect(text('tickets/1004.html')).not.toContain('Once more in another coding');
  });

  test('P2: nothing of tickets she has nothing to do with is in it', async () => {
    const { all } = await exported(left.carla);

    expect(all).not.toContain('inga@mail.example');
    expect(all).not.toContain('Do you sell spouts');
  });

  test('P2: when it was read and for what purpose stands in it, without who', async () => {
    const { data, text } = await exported(left.carla);

    expect(data.person.read_log).toEqual([{ at: 1, act: 'opened' }]);
    expect(text('index.html')).toContain('The purpose was to answer you.');
    expect(text('index.html')).not.toContain('Ana');
  });

  test('P2: what she gave herself is a file of its own, for another program (Art. 20)', async () => {
    const { text } = await exported(left.carla);
    const portable = JSON.parse(text('portable.json'));

    expect(portable).toMatchObject({
      name: left.carla.name,
      addresses: expect.arrayContaining([`carla.${MARK}@mail.example`]),
    });
    expect(portable.messages.map((message: { ticket: number }) => message.ticket)).toEqual([
      1001, 1002, 1004,
    ]);
    expect(JSON.stringify(portable)).not.toContain('sorry');
  });
});

test('P2: addresses of others are masked, those in a mail the person got stay', async () => {
  const ticket = (await place.arrives(
    letter({
      from: 'Carla Jansone <carla@mail.example>',
      cc: 'Per <per@mail.example>',
      body: 'We both wait.',
    }),
  )) as Ticket;
  note(ticket, 'Per (per@mail.example) and Inga (inga@secret.example) know of it.');

  const { all, text } = await exported(knownBy('carla@mail.example'));

  expect(all).not.toContain('inga@secret.example');
  expect(text('tickets/1001.html')).toContain('Per (per@mail.example) and Inga (•••@•••) know of it.');
});

test('P2: a note is withheld only with a recorded reason, which stands in the export', async () => {
  const ticket = (await place.arrives(
    letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }),
  )) as Ticket;
  const secret = note(ticket, 'Inga reported her confidentially.');
  note(ticket, 'A polite person.');

  const { all, text } = await exported(knownBy('carla@mail.example'), {
    notes: [secret.id],
    reason: 'It would betray who reported it.',
  });

  expect(all).not.toContain('confidentially');
  expect(text('tickets/1001.html')).toContain('A polite person.');
  expect(text('index.html')).toContain('It would betray who reported it.');
});

test("P2: the information of Art. 15(1) and (2) is in it, in the person's language", async () => {
  await place.arrives(letter({ from: 'Ilze Bērziņa <ilze@mail.example>', body: 'Labdien!' }));
  place.app.db.sql.prepare("UPDATE customers SET language = 'lv'").run();
  const { text, data } = await exported(knownBy('ilze@mail.example'));

  expect(text('index.html')).toContain('<html lang="lv">');
  expect(text('index.html')).toContain('Jūsu tiesības');
  expect(data.information.map((part: { title: string }) => part.title)).toHaveLength(9);
  expect(data.information.every((part: { lines: string[] }) => part.lines.length > 0)).toBe(true);
});

test('P2: recipients are named: whoever else got a reply', async () => {
  const from = 'Carla Jansone <carla@mail.example>';
  const ticket = (await place.arrives(
    letter({ from, cc: 'Per <per@mail.example>', body: 'We wait.' }),
  )) as Ticket;
  place.app.db.sql
    .prepare("UPDATE participants SET state = 'accepted' WHERE address_key = 'per@mail.example'")
    .run();
  reply(ticket, 'It is on its way.');

  const { data } = await exported(knownBy('carla@mail.example'));

  const [recipients] = data.information.filter((part: { title: string }) => part.title === 'Who received it');
  expect(recipients.lines).toEqual(['per@mail.example']);
});

test('AC-09: hostile HTML in a mail is never rendered and nothing in it is read or fetched', async () => {
  const html =
    '<h1>Hello</h1><img src="file:///etc/passwd"><script>alert(1)</script><link rel="stylesheet" href="http://evil.example/x.css">';
  await place.arrives(
    letter({
      from: 'Mal "<script>alert(2)</script>" <mal@mail.example>',
      subject: '<img src=x onerror=alert(3)>',
      body: html,
      headers: '',
    }).replace('text/plain', 'text/html'),
  );
  reply(place.ticketNow({ id: 1 }), 'See <b>this</b> & that');

  const { files } = await exported(knownBy('mal@mail.example'));

  const pages = [...files].filter(([name]) => name.endsWith('.html')).map(([, bytes]) => String(bytes));
  for (const page of pages) {
    expect(page).not.toMatch(/<(script|img|iframe|object|embed)\b/i);
    expect(page).not.toMatch(/(src|href)="(?!style\.css|\.\.\/|tickets\/|attachments\/)/i);
    expect(page).not.toContain('root:x:0');
  }
  expect(pages.join('')).toContain('See &lt;b&gt;this&lt;/b&gt; &amp; that');
});

test('P2: an export lives for seven days on its page; taking it along is noted', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  const carla = knownBy('carla@mail.example');
  place.app.db.tx(() => beginExport(place.app, place.owner, carla, NOTHING_WITHHELD));

  await performExport(place.app, 1);

  expect(findExport(place.app.db, 1)).toMatchObject({ state: 'done', done: 1, total: 1 });
  const { path } = exportFileOf(place.app, findExport(place.app.db, 1));
  expect(readZip(path).has('index.html')).toBe(true);
  place.app.db.tx(() => noteExport(place.app, place.owner.id, carla.id));
  expect(place.rows('SELECT agent_id, act, customer_id FROM read_log')).toEqual([
    { agent_id: place.owner.id, act: 'exported', customer_id: carla.id },
  ]);

  place.clock.pass(6 * DAY);
  expect(await deleteExpiredExports(place.app)).toBe(0);
  place.clock.pass(DAY);
  expect(() => exportFileOf(place.app, findExport(place.app.db, 1))).toThrow('not there any more');
  expect(await deleteExpiredExports(place.app)).toBe(1);
  expect(readdirSync(join(place.data, 'exports'))).toEqual([]);
});

test('P2: when the disk fails, the export says so and leaves nothing half-made', async () => {
  await place.arrives(letter({ from: 'Carla <carla@mail.example>', body: 'Hello.' }));
  place.app.db.tx(() => beginExport(place.app, place.owner, knownBy('carla@mail.example'), NOTHING_WITHHELD));
  const { write } = place.app;
  let writes = 0;
  place.app.write = (work) => (++writes === 1 ? Promise.reject(new Error('disk full')) : write(work));

  await expect(performExport(place.app, 1)).rejects.toThrow('disk full');

  place.app.write = write;
  expect(findExport(place.app.db, 1)).toMatchObject({ state: 'failed', disk_name: null });
  expect(readdirSync(join(place.data, 'exports'))).toEqual([]);
});
