// Nothing that came or left is out of sight: the outbox, the evidence, the tray and a mailbox's health as LOOK asks, and live.
//
// HEARTHDESK_PICTURES=FOLDER keeps a picture of each, to look at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { MailboxRow } from '../../server/mail';
import { keepMail, localMailbox } from '../../server/mail';
import { insertCheck, insertDifference, noteTally } from '../../server/mail/checks';
import { findMailboxById, updateInboundState } from '../../server/mail/queries';
import { findTicketByNumber, replyToTicket, type Ticket } from '../../server/tickets';
import { axeFinds, resize, tooWide } from '../support/browser';
import { type Smtp, startSmtp } from '../support/smtp';
import { until } from '../support/until';
import { words } from '../support/writing';
import { type Office, openOffice } from './office';

jest.setTimeout(120_000);

const LONG_WORD = 'Donaudampfschifffahrtsgesellschaft'.repeat(12).slice(0, 400);
const pictures = process.env['HEARTHDESK_PICTURES'];
let office: Office;
let smtp: Smtp;
let mailbox: MailboxRow;
let ticket: Ticket;

beforeAll(async () => {
  smtp = await startSmtp();
  office = await openOffice({ tickets: 12 });
  mailbox = await office.app.write(() => addMailbox());
  await office.mailFrom('Carla', `A kettle that ${LONG_WORD}`, 'It does not boil.');
  const number = office.app.db.sql.prepare('SELECT max(number) FROM tickets').pluck().get() as number;
  ticket = findTicketByNumber(office.app.db, number) as Ticket;
});
afterAll(async () => {
  await office.close();
  await smtp.stop();
});

function addMailbox(): MailboxRow {
  const { app } = office;
  const at = (port: number) => JSON.stringify({ host: '127.0.0.1', port, security: 'none', user: '' });
  const { lastInsertRowid } = app.db.sql
    .prepare(`INSERT INTO mailboxes (address, address_key, sender_name, imap, smtp, undo_seconds, created_at)
              VALUES ('support@teapot.example', 'support@teapot.example', 'Teapot', ?, ?, 0, ?)`)
    .run(at(9), at(smtp.port), app.clock.now());
  app.db.sql.prepare('UPDATE tickets SET mailbox_id = ?').run(lastInsertRowid);
  return findMailboxById(app.db, Number(lastInsertRowid)) as MailboxRow;
}

/** Ana replies, and the mail comes to this state. */
async function reply(text: string, state: string): Promise<number> {
  const { app } = office;
  const now = findTicketByNumber(app.db, ticket.number) as Ticket;
  const outcome = await app.write(() => replyToTicket(app, office.ana, now, words(text)));
  if (outcome.held) throw new Error('the reply was held');
  const { id } = outcome.message;
  const stateOf = app.db.sql.prepare('SELECT state FROM outbox WHERE message_id = ?').pluck();
  await until(`the mail to be ${state}`, () => stateOf.get(id) === state, 20_000);
  return id;
}

async function faultsOf(page: Page, name: string, address: string): Promise<string[]> {
  const faults: string[] = [];
  for (const width of [1440, 1024, 390]) {
    await resize(page, width);
    if (width === 1440) await page.goto(address);
    const wide = await tooWide(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await axeFinds(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      faults.push(...[...wide, ...found].map((fault) => `${address} at ${width}, ${colorScheme}: ${fault}`));
      if (!pictures) continue;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  return faults;
}

test('O1: a mail moves from tab to tab as it happens, without a reload, and is dismissed and taken back by keyboard', async () => {
  const { page, troubles, close } = await office.sitDown(office.ana);
  const before = smtp.options.refuse;
  await page.goto('/outbox?show=failed');
  await page.evaluate(() => {
    (window as unknown as { same: boolean }).same = true;
  });
  smtp.options.refuse = () => '550 5.1.1 no such user here';
  const failed = await reply('Hello', 'failed');
  await page.waitForSelector('text=5.1.1 no such user here');
  await page.waitForSelector('.tabs__tab[aria-current] .tabs__count >> text=1');
  expect(await page.evaluate(() => (window as unknown as { same?: boolean }).same)).toBe(true);

  await page.locator('button >> text=Dismiss').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.toast >> text=The mail is dismissed');
  await page.waitForSelector('text=No mail here');
  await page.keyboard.press('z');
  await page.waitForSelector('text=5.1.1 no such user here');
  await page.goto(`/tickets/${ticket.number}`);
  const trouble = page.locator(`#message-${failed} .trouble`);
  await trouble.locator('button >> text=Dismiss').click();
  await page.waitForSelector(`#message-${failed} >> text=Not sent, dismissed by Ana Bērziņa`);
  expect(await trouble.count()).toBe(0);
  smtp.options.refuse = before;
  await close();
  expect(troubles).toEqual([]);
});

test('without script the tabs are links and the buttons forms', async () => {
  smtp.options.refuse = () => '550 5.1.1 no such user here';
  await reply('Once more', 'failed');
  smtp.options.refuse = undefined;
  const { page, close } = await office.sitDown(office.ana, { javaScriptEnabled: false });
  await page.goto('/tickets');
  await page.goto('/outbox');
  await page.click('.tabs__tab[href="/outbox?show=sent"]');
  expect(new URL(page.url()).search).toBe('?show=sent');
  await page.click('.tabs__tab[href="/outbox?show=failed"]');
  await page.click('button >> text=Send again');
  const waiting = office.app.db.sql.prepare("SELECT count(*) FROM outbox WHERE state = 'sent'").pluck();
  await until('the mail to be sent', () => waiting.get() === 1);
  await close();
});

test('the pages are accessible and as wide as their place, in every look, with hostile words', async () => {
  const { app } = office;
  smtp.options.refuse = () => `550 5.1.1 ${LONG_WORD} <img src=x onerror=alert(1)>`;
  await reply(`Words ${LONG_WORD}`, 'failed');
  smtp.options.refuse = undefined;
  const sent = await reply('Have you tried descaling it?', 'sent');
  const unheard = { ...app, hooks: { ...app.hooks, mailStored: () => undefined } };
  for (const [n, reason] of ['failed-repeatedly', 'loop', 'too-big'].entries()) {
    const raw = Buffer.from(`From: "عبد" <x${n}@y.example>\r\nSubject: ${LONG_WORD}\r\n\r\n${LONG_WORD}\r\n`);
    const kept = await keepMail(unheard, { mailboxId: localMailbox(app).id, source: 'deliver', raw });
    const state = reason === 'failed-repeatedly' ? 'failed' : 'not_imported';
    if ('id' in kept)
      await app.write(() => updateInboundState(app.db, state, reason, app.clock.now(), kept.id));
  }
  const tray = app.db.sql.prepare('SELECT max(id) FROM inbound_mails').pluck().get();
  const [done, running] = await app.write(() => {
    const ids = [0, 1].map(() => insertCheck(app.db, mailbox.id, 'INBOX', app.clock.now(), null));
    const tally = { imported: 1_200, waiting: 0, not_imported: 12, not_wanted: 20, newer: 0, gone: 3 };
    for (const id of ids) noteTally(app, id, { ...tally, on_server: 1_233, looked_at: 800, missed: 1 });
    app.db.sql.prepare('UPDATE mail_checks SET ended_at = ? WHERE id = ?').run(app.clock.now(), ids[0]);
    insertDifference(
      app.db,
      ids[0] as number,
      9,
      'a@b.example',
      `"عبد" <${LONG_WORD}@y.example>`,
      LONG_WORD,
      1e12,
      'fetched',
      null,
    );
    return ids;
  });
  const failing =
    "UPDATE mailboxes SET failing_since = ?, last_error = ?, last_stage = 'sign-in', next_try_at = ? WHERE id = ?";
  const now = app.clock.now();
  app.db.sql.prepare(failing).run(now, `NO [AUTHENTICATIONFAILED] ${LONG_WORD}`, now + 60_000, mailbox.id);

  const { page, troubles, close } = await office.sitDown(office.ana, { reducedMotion: 'reduce' });
  const checks = `/settings/mailboxes/${mailbox.id}/checks`;
  const faults: string[] = [];
  for (const [name, address] of Object.entries({
    failed: '/outbox?show=failed',
    sent: '/outbox?show=sent',
    empty: '/outbox?show=held',
    evidence: `/tickets/${ticket.number}/messages/${sent}/evidence`,
    tray: '/settings/mail-tray',
    source: `/settings/mail-tray/${tray}/source`,
    mailboxes: '/settings/mailboxes',
    mailbox: `/settings/mailboxes/${mailbox.id}`,
    checks,
    check: `${checks}/${done}`,
    running: `${checks}/${running}`,
  }))
    faults.push(...(await faultsOf(page, name, address)));
  expect(faults).toEqual([]);

  await page.goto(`/tickets/${ticket.number}/messages/${sent}/evidence`);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.rail').isVisible()).toBe(false);
  expect(await page.locator('.buttons').first().isVisible()).toBe(false);
  expect(await page.textContent('main')).toContain('250 2.0.0 OK: queued as 4F2A');
  await close();
  expect(troubles).toEqual([]);
});

test('M4: how far a comparison is shows on the mailbox’s page while it runs', async () => {
  const { app } = office;
  await app.write(() => app.db.sql.prepare('UPDATE mail_checks SET ended_at = 1').run());
  const id = await app.write(() => insertCheck(app.db, mailbox.id, 'INBOX', app.clock.now(), null));
  const { page, close } = await office.sitDown(office.ana);
  await page.goto(`/settings/mailboxes/${mailbox.id}`);
  await page.fill('[name="senderName"]', 'Typed meanwhile');
  const tally = { imported: 0, waiting: 0, not_imported: 0, not_wanted: 0, newer: 0, gone: 0, missed: 0 };
  await app.write(() => noteTally(app, id, { ...tally, on_server: 900, looked_at: 450 }));
  await page.waitForSelector('text=450 of 900 mails');
  expect(await page.inputValue('[name="senderName"]')).toBe('Typed meanwhile');
  await close();
});
