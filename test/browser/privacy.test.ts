// The pages of an erasure that is not done yet, of somebody who was only copied, and of places with copies, as LOOK asks.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCustomerByAddress } from '../../server/customers';
import { makeBackup } from '../../server/privacy/backups';
import { axeFinds, resize, tooWide } from '../support/browser';
import { until } from '../support/until';
import { type Office, openOffice } from './office';

const LONG = 'x'.repeat(400);
const pictures = process.env['HEARTHDESK_PICTURES'];

let office: Office;
let outside: string;
/** Pages by a name for their pictures. */
let pages: Record<string, string>;

beforeAll(async () => {
  office = await openOffice();
  outside = mkdtempSync(join(tmpdir(), `a-folder-with-a-long-name-${'y'.repeat(120)}-`));
  const copies = `A <a.hansen@mail.example>, ${'Ø'.repeat(60)} <copied@mail.example>`;
  await office.mailFrom('Anna Hansen', 'Kettle', 'It whistles.');
  await office.mailFrom('Per Olsen', LONG, `${LONG} and Anna Hansen says so too. ${LONG}`, { Cc: copies });
  await office.mailFrom('Ida Lie', 'أهلا', 'مرحبا، Anna Hansen، شكرا');
  office.app.db.sql
    .prepare(
      "INSERT INTO customers (public_id, name, created_at, updated_at) VALUES ('f00d', 'Anna Hansen', 0, 0)",
    )
    .run();
  await makeBackup(office.app, join(outside, 'copy.tar.gz'));
  rmSync(outside, { recursive: true });
  const anna = findCustomerByAddress(office.app.db, 'anna.hansen@mail.example');
  const { page, close } = await office.sitDown(office.ana);
  await page.goto(`/customers/${anna?.public_id}/erase`);
  await page.getByLabel('What stands above').fill('anna.hansen@mail.example');
  await page.getByRole('button', { name: 'Erase for good' }).click();
  const waits = office.app.db.sql.prepare("SELECT public_id FROM erasures WHERE state = 'waiting'").pluck();
  await until('the erasure to wait', () => waits.get() !== undefined);
  await page.goto('/privacy');
  await page.getByLabel('Their e-mail address').fill('copied@mail.example');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByRole('link', { name: 'Erase…' }).waitFor();
  pages = {
    overview: '/privacy',
    waiting: `/privacy/erasures/${waits.get()}`,
    copied: new URL(page.url()).pathname,
    'copied-erase': `${new URL(page.url()).pathname}/erase`,
    backups: '/settings/backups',
  };
  await close();
}, 60_000);
afterAll(() => office.close());

test('axe finds nothing on them in either scheme, and nothing is too wide for its screen', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  const faults: string[] = [];
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    for (const width of [1440, 1024, 390]) {
      await resize(page, width);
      const wide = await tooWide(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const found = [...wide, ...(await axeFinds(page))];
        faults.push(...found.map((fault) => `${name} at ${width}, ${colorScheme}: ${fault}`));
        if (pictures) mkdirSync(pictures, { recursive: true });
        if (pictures)
          await page.screenshot({
            path: join(pictures, `${name}-${width}-${colorScheme}.png`),
            fullPage: true,
          });
      }
    }
  }
  await close();

  expect(faults).toEqual([]);
  expect(troubles).toEqual([]);
}, 60_000);

test('P3: with the keyboard alone a place is ticked and kept, and the page goes on by itself', async () => {
  const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto(pages['waiting'] ?? '');
  await page
    .getByRole('checkbox', { name: /Messages and notes/ })
    .first()
    .focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Somebody else’s: keep' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('stands in 1 place that').waitFor();
  await close();

  expect(office.app.db.sql.prepare('SELECT state FROM erasures').pluck().get()).toBe('waiting');
}, 30_000);
