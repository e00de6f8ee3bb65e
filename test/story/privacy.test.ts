// The story, its end: a customer asks for what is held about her, and to be forgotten; rules, copies, and no way back.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { run, serve } from '../executable/place';
import { readZip } from '../privacy/zip';
import { html, rawMail } from '../support/mails';
import { type Firm, OLGA, openFirm } from './firm';
import { CARLA, carlasQuestion, QUESTION } from './letters';
import { finds, olgaSignsIn, openSettings, signIn } from './people';

/** Whatever is left of Carla would have one of these in it. */
const TRACES = ['carla.jansone', 'Carla Jansone', 'limescale-monster', 'steam-dragon'];

let firm: Firm;
let olga: Page;
let backup: string;
let certificate: string;

beforeAll(async () => {
  firm = await openFirm();
  const inPlace = (name: string) => join(firm.place.folder, name);
  [backup, certificate] = [inPlace('monday.backup'), inPlace('certificate.json')];
  await firm.run(['demo', '--tickets', '60']);
  await firm.run(['deliver'], carlasQuestion());
  await firm.run(['deliver'], dorasMail());
  olga = await olgaSignsIn(firm);
  await carlaAsksInTheChat();
}, 60_000);
afterAll(() => firm.close());

/** Another customer, who names Carla and quotes her. */
const dorasMail = (): Buffer =>
  rawMail(
    {
      From: 'Dora Dahl <dora@other.example>',
      Subject: 'The same kettle',
      'Message-ID': '<dora@other.example>',
    },
    html(
      `<p>My friend Carla Jansone (${CARLA.email}) wrote to you: “${QUESTION}”</p>` +
        '<p>I want a pink-flamingo one.</p>',
    ),
  );

/** On the chat's plain page, without script; her address is claimed there, not proved (C8). */
async function carlaAsksInTheChat(): Promise<void> {
  await openSettings(olga, 'Websites');
  await olga.getByRole('link', { name: 'Teapot (en)' }).click();
  const chat = await olga.getByRole('link', { name: /\/chat\// }).getAttribute('href');
  const { page, close } = await firm.window(firm.server.address, { javaScriptEnabled: false });
  await page.goto(String(chat));
  await page.getByLabel('Your name').fill('C. J.');
  await page.getByLabel('Your e-mail address').fill(CARLA.email);
  await page.getByLabel('Your question').fill('Is it a steam-dragon?');
  await page.getByRole('button', { name: 'Start the chat' }).click();
  await page.getByText('Somebody will answer you here.').waitFor();
  await close();
}

/** Files of a folder in which one of the traces stands, in letters of one byte or two. */
function filesWithTraces(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((file) => {
    const bytes = readFileSync(file);
    const wide = [0, 1].map((start) =>
      bytes.subarray(start, bytes.length - ((bytes.length - start) % 2)).toString('utf16le'),
    );
    const read = [bytes.toString('latin1'), ...wide];
    return TRACES.some((trace) => read.some((text) => text.toLowerCase().includes(trace.toLowerCase())));
  });
}

async function openCarla(): Promise<void> {
  await olga.goto('/customers');
  await olga.getByRole('searchbox').fill('Carla');
  await olga.keyboard.press('Enter');
  // She stands in the list of everybody, too; what was asked for has to be there before anything is clicked.
  await olga.waitForURL(/[?&]q=Carla/);
  await olga.locator('html:not([aria-busy])').waitFor();
  await olga.getByRole('link', { name: CARLA.name }).click();
  await olga.getByRole('heading', { level: 1, name: CARLA.name }).waitFor();
}

/** Presses what downloads something; its bytes. */
async function download(name: string): Promise<Buffer> {
  const [taken] = await Promise.all([
    olga.waitForEvent('download'),
    olga.getByRole('link', { name }).click(),
  ]);
  return readFileSync(await taken.path());
}

test('what a local mail server handed to “hearthdesk deliver”, and what was asked in the chat, is found', async () => {
  expect(await finds(olga, 'steam-dragon')).toHaveLength(1);
  expect((await finds(olga, 'limescale-monster')).sort()).toEqual([
    'Broken kettle, second time',
    'The same kettle',
  ]);
  expect(filesWithTraces(firm.data)).not.toEqual([]);
}, 30_000);

test('P2: on the customer’s page an export is made: pages to read, JSON, her files, and a list of sums', async () => {
  await openCarla();
  await olga.getByRole('link', { name: 'Export…' }).click();
  await olga.getByRole('button', { name: 'Make the export' }).click();
  const zip = join(firm.place.folder, 'export.zip');
  writeFileSync(zip, await download('Take it along'));

  const files = readZip(zip);
  const names = [...files.keys()];
  expect(names).toEqual(expect.arrayContaining(['index.html', 'manifest.json']));
  expect(names.filter((name) => name.endsWith('receipt.pdf'))).toHaveLength(1);
  const everything = [...files.values()].map(String).join('\n');
  expect(everything).toContain('limescale-monster');
  expect(everything).not.toContain('pink-flamingo');
}, 30_000);

test('a backup is made while the desk is open, and verifies', async () => {
  await firm.run(['backup', '--out', backup]);
  expect(await firm.run(['verify', backup])).not.toBe('');
}, 30_000);

test('P3: erasing shows what will go, asks for the address to be typed, and ends with a certificate', async () => {
  await openCarla();
  await olga.getByRole('link', { name: 'Erase…' }).click();
  const goes = olga.getByRole('region', { name: 'What goes' });
  expect(await goes.textContent()).toMatch(/Tickets\s*2\s/);
  expect(await olga.getByLabel('Erase also 1 chat visitor').isChecked()).toBe(true);
  await olga.getByLabel('What stands above').fill('somebody@else.example');
  await olga.getByRole('button', { name: 'Erase for good' }).click();
  await olga.getByText('This is not what stands above.').waitFor();

  await olga.getByLabel('What stands above').fill(CARLA.email);
  await olga.getByRole('button', { name: 'Erase for good' }).click();
  await olga.getByRole('heading', { level: 1, name: 'Certificate of erasure' }).waitFor();
  writeFileSync(certificate, await download('Take the certificate along'));
  expect(await firm.run(['verify', certificate])).not.toBe('');

  const changed = readFileSync(certificate, 'utf8').replace(/\d/, (digit) =>
    String((Number(digit) + 1) % 10),
  );
  writeFileSync(certificate, changed);
  expect((await run(firm.place, ['verify', certificate])).exit).not.toBe(0);
}, 60_000);

test('P3: no byte of the data folder tells of her; what somebody else wrote stays without her', async () => {
  expect(filesWithTraces(firm.data)).toEqual([]);
  expect(await finds(olga, CARLA.email)).toEqual([]);
  expect(await finds(olga, 'pink-flamingo')).toEqual(['The same kettle']);
}, 30_000);

test('P6: a retention rule is looked at, switched on, run at once, and its run is listed with its counts', async () => {
  await olga.goto('/privacy/retention');
  await olga.getByLabel('Days after the last message').fill('180');
  await olga.getByRole('button', { name: 'Show what would go' }).click();
  await olga.getByRole('heading', { name: 'With 180 days' }).waitFor();
  const preview = String(await olga.getByRole('region', { name: 'With 180 days' }).textContent());
  const would = Number(/Would go now\s*(\d+)/.exec(preview)?.[1]);
  expect(would).toBeGreaterThan(5);

  await olga.getByLabel('Switch the rule on').check();
  await olga.getByRole('button', { name: 'Save' }).click();
  await olga.getByText('Saved. The rule is on.').waitFor();
  await olga.getByRole('button', { name: 'Run now' }).click();
  await olga.getByText('The rule is running.').waitFor();
  const run = olga.getByRole('region', { name: 'Runs' }).getByRole('row', { name: 'An admin' });
  while (!(await run.getByText('Done').isVisible())) await olga.reload();
  expect(await run.textContent()).toContain(String(would));
}, 30_000);

test('P4: the backup of before, restored into an empty folder, has everybody but her before its door opens', async () => {
  await firm.run(['restore', '--data', 'new', '--from', backup]);
  expect(filesWithTraces(join(firm.place.folder, 'new'))).toEqual([]);

  const server = await serve(firm.place, { HEARTHDESK_DATA: 'new' });
  const { page } = await firm.window(server.address);
  await signIn(page, OLGA);
  expect(await finds(page, 'pink-flamingo')).toEqual(['The same kettle']);
  expect(await finds(page, 'limescale-monster')).toEqual([]);
  await page.close();
  expect(await server.stop()).toEqual({ exit: 0, errors: '' });
}, 60_000);

test('nothing went wrong in anybody’s browser on the way', () => {
  expect(firm.troubles()).toEqual([]);
});
