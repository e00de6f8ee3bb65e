// The executable itself, as it is handed out: alone, in an empty folder, with an empty environment.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { makePlace, type Place, run, serve } from './place';

const letter =
  'From: Carla <carla@example.org>\r\nTo: help@example.com\r\nSubject: The oven\r\n\r\nIt is cold.\r\n';

let place: Place;

beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

test('it says its version and leaves nothing behind', async () => {
  const said = await run(place, ['version']);

  expect(said).toEqual({ exit: 0, output: `hearthdesk ${version}\n`, errors: '' });
  expect(readdirSync(place.folder)).toEqual([]);
});

test('a command that does not exist is one sentence and a failure', async () => {
  const said = await run(place, ['serv']);

  expect(said.exit).not.toBe(0);
  expect(said.output).toBe('');
  expect(said.errors).toMatch(/^"serv" is not a command of hearthdesk.*\n$/);
});

test('it serves pages, styles and its health from a read-only place, without a home, and ends when told', async () => {
  const server = await serve(place);

  const health = await fetch(`${server.address}/health`);
  expect(health.status).toBe(200);
  expect(health.headers.get('content-type')).toContain('application/json');

  const page = await fetch(`${server.address}/sign-in`);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toMatch(/^\s*<!doctype html>/i);
  const [, style] = /href="(\/static\/css\/[^"]+\.css)"/.exec(html) ?? [];
  const css = await fetch(server.address + style, { headers: { 'accept-encoding': 'br' } });
  expect(css.status).toBe(200);
  expect(css.headers.get('content-encoding')).toBe('br');
  expect(await css.text()).toContain('Inter Variable');

  expect(await server.stop()).toEqual({ exit: 0, errors: '' });
  expect(readdirSync(place.folder)).toEqual(['data']);
  expect(readdirSync(join(place.folder, 'data'))).toContain('hearthdesk.db');
});

test('its addons are in the temporary folder for a moment only', async () => {
  const server = await serve(place, { TMPDIR: place.temporary });

  expect(readdirSync(place.temporary)).toEqual([]);
  await server.stop();
});

test('it finds another place for its addons where the temporary folder is not one', async () => {
  const server = await serve(place, { TMPDIR: join(place.folder, 'nowhere') });

  expect((await fetch(`${server.address}/health`)).status).toBe(200);
  await server.stop();
});

test('a mail is delivered while the server runs', async () => {
  const server = await serve(place);

  const said = await run(place, ['deliver'], {}, letter);

  expect(said).toMatchObject({ exit: 0, errors: '' });
  await server.stop();
});

test('a second server on the same folder is refused in one sentence, and the first goes on', async () => {
  const server = await serve(place);

  const second = await run(place, ['serve', '--port', '0']);

  expect(second).toMatchObject({
    output: '',
    errors: expect.stringMatching(/^Another Hearthdesk is using the data folder .*\n$/),
  });
  expect(second.exit).not.toBe(0);
  expect((await fetch(`${server.address}/health`)).status).toBe(200);
  await server.stop();
});

test("Node's own options are not obeyed", async () => {
  const said = await run(place, ['version'], { NODE_OPTIONS: '--require=/nowhere.js' });

  expect(said).toEqual({ exit: 0, output: `hearthdesk ${version}\n`, errors: '' });
});
