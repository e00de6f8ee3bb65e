// A server that is killed (kill -9) between renewing a token and using it: the provider has forgotten the old one by then.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { databaseFile, prepareFolder } from '../../../server/data-folder';
import { openDatabase } from '../../../server/db';
import { systemClock } from '../../../server/lib/clock';
import { unseal } from '../../../server/lib/secret-box';
import { testImap } from '../../../server/mail/imap';
import { isSignInRefused, withToken } from '../../../server/mail/oauth/with-token';
import { type MailHouse, type OAuthDesk, openMailHouse, openOAuthDesk } from '../../support/oauth-desk';

const ADDRESS = 'support@firm.test';
const ROOT = join(__dirname, '../../..');

let house: MailHouse;
let desk: OAuthDesk | undefined;
let data: string;
let program: string | undefined;

beforeAll(async () => {
  house = await openMailHouse();
  house.authority.accounts.set(ADDRESS, ADDRESS);
  data = mkdtempSync(join(tmpdir(), 'killed-'));
  prepareFolder(data);
});
afterAll(async () => {
  await desk?.close();
  await house.close();
  rmSync(data, { recursive: true, force: true });
  if (program) rmSync(program);
});

const open = () => openOAuthDesk(house, { data, db: openDatabase(databaseFile(data)), clock: systemClock });

/** The program that renews, in one file beside the assets; packages stay where they are. */
async function bundled(): Promise<string> {
  const outfile = join(ROOT, '.cache', `renewing-${process.pid}.cjs`);
  const entryPoints = [join(ROOT, 'test/support/renewing.ts')];
  const packages = 'external' as const;
  await build({
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages,
    logLevel: 'silent',
  });
  return outfile;
}

test('a renewed refresh token outlives kill -9: it was kept before the access token was used', async () => {
  desk = await open();
  await desk.enterApplication();
  const mailbox = await desk.addMailbox(ADDRESS);
  await desk.signIn(mailbox, ADDRESS);
  const before = tokensIn(desk);
  // Nearly over, so that whoever needs one renews it.
  desk.app.db.sql.prepare('UPDATE mail_grants SET expires_at = ?').run(Date.now() + 60_000);
  const { db } = desk.app;
  await desk.close();
  desk = undefined;
  db.close();

  const { imap, smtp } = house.providers.microsoft;
  program = await bundled();
  const values = [program, data, String(mailbox.id), String(house.authority.port)];
  const child = spawn(process.execPath, [...values, JSON.stringify({ imap, smtp })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(JSON.parse(said.toString())).toMatchObject({ ok: true });

  desk = await open();
  const after = tokensIn(desk);
  expect(after.refresh).not.toBe(before.refresh);
  // The access token is lost in the meantime, too: only the renewed refresh token helps, for the old one is used up.
  house.authority.forgetAccessTokens();
  const settings = { ...imap, user: ADDRESS, password: '' };
  const read = () =>
    withToken(desk!.app, desk!.now(mailbox), settings, (ready) => testImap(ready), isSignInRefused);
  expect(await read()).toMatchObject({ ok: true });
  expect(house.authority.asked.map((fields) => fields['refresh_token']).filter(Boolean)).toEqual([
    before.refresh,
    after.refresh,
  ]);
});

function tokensIn({ app }: OAuthDesk): { refresh: string } {
  const sealed = app.db.sql.prepare('SELECT refresh_token FROM mail_grants').pluck().get() as Buffer;
  return { refresh: unseal(app.key, sealed) };
}
