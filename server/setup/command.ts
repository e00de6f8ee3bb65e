// `hearthdesk setup`: the wizard's work without a browser.
import { readFileSync } from 'node:fs';
import { hashPassword } from '../agents';
import type { App } from '../app';
import { isLocale, isTimeZone, LOCALES } from '../i18n';
import { Invalid } from '../lib/errors';
import { validAddress } from '../mail';
import { isSetUp, setUpFirm } from './set-up';

type Values = Record<string, string | undefined>;

/** Throws Invalid for the first option that is missing or wrong, before anything is written; Conflict when it is done already. */
export async function setUpFromValues(app: App, values: Values) {
  const need = (option: string): string => {
    const value = values[option]?.trim();
    if (!value) throw Invalid(`hearthdesk setup needs --${option}.`);
    return value;
  };
  const company = need('company');
  const name = need('owner-name');
  const email = validAddress(need('owner-email'));
  if (!email) throw Invalid(`--owner-email is "${values['owner-email']}", which is not an e-mail address.`);
  const language = values['language'] ?? 'en';
  if (!isLocale(language)) throw Invalid(`--language is "${language}", but it has to be one of ${LOCALES.join(', ')}.`);
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone)) throw Invalid(`--time-zone is "${timeZone}", which is not a time zone such as Europe/Oslo.`);
  const password = readPassword(need('owner-password-file'));
  if (isSetUp(app)) throw Invalid('This data folder is set up already; nothing was changed.');

  const passwordHash = await hashPassword(password);
  const owner = await app.write(() => setUpFirm(app, { company, language, timeZone, owner: { name, email, passwordHash } }));
  return { exit: 0, lines: [`${company} is set up; ${owner.name} can sign in.`], facts: { company, owner: owner.id } };
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw Invalid(`--owner-password-file names ${file}, which cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause);
  }
}
