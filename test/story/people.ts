// What people do at their browsers, as they would: by the words on buttons and fields.
import { simpleParser } from 'mailparser';
import type { Page } from 'playwright-core';
import { type Firm, OLGA, SUPPORT } from './firm';

export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/tickets');
}

/** The owner's browser, signed in. */
export async function olgaSignsIn(firm: Firm): Promise<Page> {
  const { page } = await firm.window();
  await signIn(page, OLGA);
  return page;
}

/** Goes to a page of the settings by its name. */
export async function openSettings(page: Page, subject: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Hearthdesk' }).getByRole('link', { name: 'Settings' }).click();
  await page
    .getByRole('navigation', { name: 'Settings' })
    .getByRole('link', { name: subject, exact: true })
    .click();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
}

/** Where links in mails lead. */
export async function saysWhereTheDeskIs(page: Page, address: string): Promise<void> {
  await openSettings(page, 'Firm');
  await page.getByLabel('Public address').fill(address);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
}

/** In the settings: the address, the servers, a test, saved. */
export async function connectsMailbox(page: Page, firm: Firm): Promise<void> {
  await openSettings(page, 'Mailboxes');
  await page.getByRole('link', { name: 'Add a mailbox' }).click();
  await describesMailbox(page, firm);
  await page.getByRole('button', { name: 'Add mailbox' }).click();
  await page.getByText(`${SUPPORT.user} is saved.`).waitFor();
}

/** From the address to two servers that answer well to a test, their own certificates trusted. */
export async function describesMailbox(page: Page, { dovecot, smtp }: Firm): Promise<void> {
  await page.getByLabel('E-mail address').fill(SUPPORT.user);
  await page.getByRole('button', { name: 'Find the servers' }).click();

  const imap = page.getByRole('group', { name: 'Receive mail (IMAP)' });
  await imap.getByLabel('Server').fill(dovecot.host);
  await imap.getByLabel('Port').fill(String(dovecot.port));
  await imap.getByLabel('Encryption').selectOption('STARTTLS');
  await imap.getByLabel('User name').fill(SUPPORT.user);
  await imap.getByLabel('Password').fill(SUPPORT.password);
  const sending = page.getByRole('group', { name: 'Send mail (SMTP)' });
  await sending.getByLabel('Server').fill(smtp.host);
  await sending.getByLabel('Port').fill(String(smtp.port));
  await sending.getByLabel('Encryption').selectOption('STARTTLS');

  const test = page.getByRole('button', { name: 'Test' });
  await test.click();
  await page.getByText('It does not work yet.').waitFor();
  for (const server of [imap, sending]) await server.getByLabel('Trust this certificate').check();
  await test.click();
  await page.getByText('Both ways work.').waitFor();
}

/** Asks somebody to join by mail; the link that the mail has. */
export async function invites(page: Page, firm: Firm, who: { name: string; email: string }): Promise<string> {
  const before = firm.smtp.mails.length;
  await openSettings(page, 'Agents');
  await page.getByRole('link', { name: 'Invite' }).click();
  await page.getByLabel('Name').fill(who.name);
  await page.getByLabel('E-mail address').fill(who.email);
  await page.getByRole('radio', { name: /^Agent\b/ }).check();
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByText(`The invitation to ${who.email} is on its way.`).waitFor();
  const [mail] = (await firm.smtp.received(before + 1)).slice(before);
  const { text = '' } = await simpleParser(mail!.raw);
  const [link] = /http:\/\/\S+\/invite\/[\w-]+/.exec(text) ?? [];
  if (!link) throw new Error(`There is no link in the invitation: ${text}`);
  return link;
}

/** Opens the link of an invitation and chooses a password. */
export async function joins(page: Page, link: string, password: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Set password and start' }).click();
  await page.waitForURL('**/tickets');
}

/** Subjects of what a search finds. */
export async function finds(page: Page, words: string): Promise<string[]> {
  await page.goto('/search');
  await page.locator('input[name="q"]').fill(words);
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  await page.getByText(/\d+ found|Nothing found/).waitFor();
  return page.locator('.hit__subject').allTextContents();
}
