// Files on the disk: kept once, and gone when nobody names them (AC-29).
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { attach, detachAll, filePath, storeBytes, sweepFiles, sweepStrays } from '../../server/attachments';
import { HOUR } from '../../server/lib/clock';
import type { Ticket } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { type Doors, openDoors, type Person } from '../support/doors';
import { until } from '../support/until';
import { uploaded } from '../support/writing';

let desk: Desk;
let doors: Doors;
let ana: Person;
let ticket: Ticket;

beforeEach(async () => {
  desk = openDesk();
  doors = await openDoors(desk);
  ana = doors.as(desk.ana);
  ticket = desk.ticketFrom('Carla');
});
afterEach(async () => {
  await doors.close();
  await desk.close();
});

const filesOnDisk = () =>
  readdirSync(join(desk.data, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('on the disk', () => {
  const attachTo = async (text: string, owner = 1) => {
    const { file } = await uploaded(desk, 'x', text);
    desk.app.db.tx(() =>
      attach(desk.app, { kind: 'message', id: owner }, { file, name: 'x', declaredType: '', type: '' }),
    );
    return file;
  };

  test('the same bytes are kept once, and go when the last who names them goes', async () => {
    await attachTo('same', 1);
    await attachTo('same', 2);
    await until('the second copy being gone', () => filesOnDisk().length === 1);
    await sweepFiles(desk.app);
    expect(filesOnDisk()).toHaveLength(1);

    desk.app.db.tx(() => detachAll(desk.app, { kind: 'message', id: 1 }));
    expect(await sweepFiles(desk.app)).toBe(0);
    desk.app.db.tx(() => detachAll(desk.app, { kind: 'message', id: 2 }));
    expect(await sweepFiles(desk.app)).toBe(1);
    expect(filesOnDisk()).toEqual([]);
  });

  test('one stored file hung on two messages stays on the disk', async () => {
    const { file } = await uploaded(desk, 'x', 'shared');
    const given = { file, name: 'x', declaredType: '', type: '' };
    desk.app.db.tx(() => attach(desk.app, { kind: 'message', id: 1 }, given));
    desk.app.db.tx(() => attach(desk.app, { kind: 'message', id: 2 }, given));
    await new Promise((resolve) => setImmediate(resolve));

    expect(filesOnDisk()).toEqual([file.diskName]);
  });

  test('what a crash left without a row is swept after two hours, and nothing that has one', async () => {
    const named = await attachTo('named');
    const stray = await storeBytes(desk.app, Buffer.from('stray'));
    const young = await storeBytes(desk.app, Buffer.from('young'));
    const at = (file: { diskName: string }, age: number) =>
      utimesSync(filePath(desk.data, file.diskName), 0, (desk.clock.now() - age) / 1_000);
    for (const file of [named, stray]) at(file, 3 * HOUR);
    at(young, HOUR);

    expect(await sweepStrays(desk.app)).toBe(1);

    expect(filesOnDisk().toSorted()).toEqual([named.diskName, young.diskName].toSorted());
    expect(existsSync(filePath(desk.data, stray.diskName))).toBe(false);
  });

  test('an upload that leads to nothing leaves nothing', async () => {
    const file = { name: 'x.txt', type: 'text/plain', bytes: Buffer.from('x') };
    expect((await ana.upload('/tickets/999999/notes', { words: 'x' }, [file])).status).toBe(404);
    expect(
      (
        await doors
          .as(desk.agent('Vera', 'viewer'))
          .upload(`/tickets/${ticket.number}/notes`, { words: 'x' }, [file])
      ).status,
    ).toBe(403);
    expect(
      (await doors.stranger().upload(`/tickets/${ticket.number}/notes`, { words: 'x' }, [file])).status,
    ).toBe(303);
    await until('the end of what was uploaded', () => filesOnDisk().length === 0);

    expect(desk.rows('SELECT 1 FROM attachments')).toEqual([]);
  });

  test('AC-29: more files or larger ones than a message may have are refused with one sentence', async () => {
    const many = Array.from({ length: 21 }, (_, n) => ({
      name: `${n}.txt`,
      type: 'text/plain',
      bytes: Buffer.from('x'),
    }));
    const path = `/tickets/${ticket.number}/notes`;

    expect((await ana.upload(path, { words: 'x' }, many)).status).toBe(413);
    expect(
      (await ana.upload(path, { words: 'x' }, [{ name: 'big', type: '', bytes: Buffer.alloc(25_000_001) }]))
        .status,
    ).toBe(413);
    expect(desk.rows('SELECT 1 FROM attachments')).toEqual([]);
  });
});
