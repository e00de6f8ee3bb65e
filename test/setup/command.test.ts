// `hearthdesk setup`: the same without a browser, and one sentence for whatever is wrong (R2).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAgentByEmail } from '../../server/agents';
import { findSites, originsOf } from '../../server/chat';
import { imapSettingsOf, smtpSettingsOf } from '../../server/mail';
import { findMailboxes } from '../../server/mail/queries';
import { firmOf } from '../../server/settings';
import { carryOutSetup, planSetup } from '../../server/setup';
import { type Desk, openDesk } from '../support/desk';

let folder: string;
let desk: Desk;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-'));
  desk = openDesk();
  desk.app.db.tx(() => desk.app.db.sql.exec('DELETE FROM agents; DELETE FROM settings'));
});
afterEach(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const options = (more: Record<string, string | undefined> = {}) => ({
  company: 'Teapot',
  'owner-name': 'Olga',
  'owner-email': 'olga@teapot.example',
  'owner-password-file': file('password', 'a kettle for two\n'),
  ...more,
});

const MAILBOX = {
  address: 'desk@teapot.example',
  senderName: 'Teapot support',
  imap: { host: 'imap.teapot.example', password: 'correct horse' },
  smtp: { host: 'smtp.teapot.example', security: 'starttls' },
  firstFetchDays: 14,
};

test('the least that is needed makes a firm with an owner who can sign in', async () => {
  const result = await carryOutSetup(desk.app, planSetup(options()));
  expect(result).toMatchObject({ exit: 0, lines: ['Teapot is set up; Olga can sign in.'] });
  expect(firmOf(desk.app)).toEqual({ company: 'Teapot', language: 'en', timeZone: 'UTC' });
  expect(findAgentByEmail(desk.app.db, 'olga@teapot.example')).toMatchObject({
    role: 'owner',
    state: 'active',
  });
});

test('a mailbox file and a website come with it', async () => {
  const plan = planSetup(
    options({
      'mailbox-file': file('mailbox.json', MAILBOX),
      site: 'https://www.teapot.example/shop',
      language: 'nb',
      'time-zone': 'Europe/Oslo',
    }),
  );
  await carryOutSetup(desk.app, plan);

  const mailbox = findMailboxes(desk.app.db)[0]!;
  expect(mailbox).toMatchObject({
    address: 'desk@teapot.example',
    sender_name: 'Teapot support',
    first_fetch_days: 14,
  });
  expect(imapSettingsOf(desk.app, mailbox)).toMatchObject({
    host: 'imap.teapot.example',
    port: 993,
    security: 'tls',
    user: 'desk@teapot.example',
    password: 'correct horse',
  });
  expect(smtpSettingsOf(desk.app, mailbox)).toMatchObject({
    port: 587,
    security: 'starttls',
    user: 'desk@teapot.example',
    password: 'correct horse',
  });
  const [site] = findSites(desk.app.db);
  expect(site && originsOf(site)).toEqual(['https://www.teapot.example']);
  expect(site).toMatchObject({ name: 'Teapot', language: 'nb' });
});

test('a folder that is set up already is left as it is', async () => {
  await carryOutSetup(desk.app, planSetup(options()));
  const again = carryOutSetup(
    desk.app,
    planSetup(options({ company: 'Kettle', 'owner-email': 'thief@evil.example' })),
  );
  await expect(again).rejects.toThrow('This data folder is set up already; nothing was changed.');
  expect(firmOf(desk.app).company).toBe('Teapot');
  expect(findAgentByEmail(desk.app.db, 'thief@evil.example')).toBeUndefined();
});

const WRONG: [what: string, more: () => Record<string, string | undefined>, sentence: string][] = [
  ['no company', () => ({ company: undefined }), 'hearthdesk setup needs --company.'],
  ['no name', () => ({ 'owner-name': ' ' }), 'hearthdesk setup needs --owner-name.'],
  [
    'no password',
    () => ({ 'owner-password-file': undefined }),
    'hearthdesk setup needs --owner-password-file.',
  ],
  [
    'a long company',
    () => ({ company: 'x'.repeat(101) }),
    'but it has to be one line of at most 100 characters.',
  ],
  [
    'a name in two lines',
    () => ({ 'owner-name': 'Olga\nBcc: x' }),
    'but it has to be one line of at most 100 characters.',
  ],
  [
    'an odd address',
    () => ({ 'owner-email': 'olga at teapot' }),
    '--owner-email is "olga at teapot", which is not an e-mail address.',
  ],
  [
    'an unknown language',
    () => ({ language: 'de' }),
    '--language is "de", but it has to be one of en, nb, lv.',
  ],
  [
    'an unknown time zone',
    () => ({ 'time-zone': 'Mars' }),
    '--time-zone is "Mars", which is not a time zone such as Europe/Oslo.',
  ],
  [
    'a short password',
    () => ({ 'owner-password-file': file('short', 'tea') }),
    '--owner-password-file holds 3 characters, but a password has 10 to 200.',
  ],
  [
    'a missing password file',
    () => ({ 'owner-password-file': '/nowhere/at/all' }),
    '--owner-password-file names /nowhere/at/all, which cannot be read (ENOENT).',
  ],
  [
    'a website without encryption',
    () => ({ site: 'http://teapot.example' }),
    '--site is "http://teapot.example", but it has to look like https://www.example.com.',
  ],
  [
    'a missing mailbox file',
    () => ({ 'mailbox-file': '/nowhere.json' }),
    '--mailbox-file names /nowhere.json, which cannot be read (ENOENT).',
  ],
  [
    'a mailbox file that is no JSON',
    () => ({ 'mailbox-file': file('m', 'imap: yes') }),
    'which is not JSON.',
  ],
  [
    'a mailbox file that is a list',
    () => ({ 'mailbox-file': file('m', []) }),
    ': the file is [], but it has to be an object with address, imap and smtp.',
  ],
  [
    'a mailbox without address',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, address: undefined }) }),
    ': address is missing, but it has to be an e-mail address.',
  ],
  [
    'a mailbox with an odd address',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, address: 'desk' }) }),
    ': address is "desk", but it has to be an e-mail address.',
  ],
  [
    'a port in words',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, imap: { ...MAILBOX.imap, port: 'many' } }) }),
    ': imap.port is "many", but it has to be a number from 1 to 65535.',
  ],
  [
    'an unknown security',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, smtp: { ...MAILBOX.smtp, security: 'ssl' } }) }),
    ': smtp.security is "ssl", but it has to be tls, starttls or none.',
  ],
  [
    'a password that is missing',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, imap: { host: 'imap.teapot.example' } }) }),
    ': imap.password is missing.',
  ],
  [
    'a server that is a text',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, imap: 'imap.teapot.example' }) }),
    ': imap is "imap.teapot.example", but it has to be an object such as',
  ],
  [
    'a field nobody knows',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, imap: { ...MAILBOX.imap, pasword: 'x' } }) }),
    ': imap.pasword is not known there.',
  ],
  [
    'days that are too many',
    () => ({ 'mailbox-file': file('m', { ...MAILBOX, firstFetchDays: 9_999 }) }),
    ': firstFetchDays is 9999, but it has to be a number of days from 0 to 3650.',
  ],
];
test.each(WRONG)('R2: %s is said in one sentence, before anything is written', (_what, more, sentence) => {
  let message = '';
  try {
    planSetup(options(more()));
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(sentence);
  expect(message).not.toContain('\n');
});

test('R2: a password of the wrong kind is never repeated', () => {
  const path = file('m', { ...MAILBOX, imap: { ...MAILBOX.imap, password: 12345678 } });
  expect(() => planSetup(options({ 'mailbox-file': path }))).toThrow(/imap\.password is of the wrong kind/);
  expect(() => planSetup(options({ 'mailbox-file': path }))).not.toThrow(/12345678/);
});
