// `hearthdesk setup`: the wizard's work without a browser.
import { readFileSync } from 'node:fs';
import { hashPassword, LONGEST_PASSWORD, personName, SHORTEST_PASSWORD } from '../agents';
import type { App } from '../app';
import { createSite, newSite, readOrigins } from '../chat';
import { isLocale, isTimeZone, LOCALES } from '../i18n';
import { Invalid } from '../lib/errors';
import { type MailboxInput, saveMailbox, validAddress } from '../mail';
import { companyField } from '../settings';
import { readMailboxFile } from './mailbox-file';
import { isSetUp, type NewFirm, setUpFirm } from './set-up';

type Values = Record<string, string | undefined>;

/** Everything the options say, checked before anything is written. */
export interface SetupPlan {
  firm: Omit<NewFirm, 'owner'>;
  owner: { name: string; email: string; password: string };
  mailbox: MailboxInput | undefined;
  origins: string[] | undefined;
}

/** Throws Invalid for the first option that is missing or wrong: its name, what was found, what is allowed (R2). */
export function planSetup(values: Values): SetupPlan {
  const need = (option: string): string => {
    const value = values[option]?.trim();
    if (!value) throw Invalid(`hearthdesk setup needs --${option}.`);
    return value;
  };
  const company = need('company');
  if (!companyField.safeParse(company).success)
    throw Invalid(
      `--company is ${JSON.stringify(company)}, but it has to be one line of at most 100 characters.`,
    );
  const name = need('owner-name');
  if (!personName.safeParse(name).success)
    throw Invalid(
      `--owner-name is ${JSON.stringify(name)}, but it has to be one line of at most 100 characters.`,
    );
  const email = validAddress(need('owner-email'));
  if (!email) throw Invalid(`--owner-email is "${values['owner-email']}", which is not an e-mail address.`);
  const language = values['language'] ?? 'en';
  if (!isLocale(language))
    throw Invalid(`--language is "${language}", but it has to be one of ${LOCALES.join(', ')}.`);
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone))
    throw Invalid(`--time-zone is "${timeZone}", which is not a time zone such as Europe/Oslo.`);
  return {
    firm: { company, language, timeZone },
    owner: { name, email, password: readPassword(need('owner-password-file')) },
    mailbox: values['mailbox-file'] === undefined ? undefined : readMailboxFile(values['mailbox-file']),
    origins: values['site'] === undefined ? undefined : readSite(values['site']),
  };
}

/** All or nothing. Throws Invalid when the folder is set up already. */
export async function carryOutSetup(app: App, { firm, owner, mailbox, origins }: SetupPlan) {
  if (isSetUp(app)) throw Invalid('This data folder is set up already; nothing was changed.');
  const { password, ...person } = owner;
  const passwordHash = await hashPassword(password);
  return app.write(() => {
    const agent = setUpFirm(app, { ...firm, owner: { ...person, passwordHash } });
    const lines = [`${firm.company} is set up; ${agent.name} can sign in.`];
    if (mailbox) lines.push(`Mails to ${saveMailbox(app, agent, mailbox).address} become tickets.`);
    const site = origins && createSite(app, agent, { ...newSite(app, firm.language), origins });
    if (site)
      lines.push(`${origins[0]} may carry the chat; the line for its pages stands under Settings, Websites.`);
    return {
      exit: 0,
      lines,
      facts: { company: firm.company, owner: agent.id, ...(site ? { site: site.public_id } : {}) },
    };
  });
}

function readSite(typed: string): string[] {
  const read = readOrigins(typed);
  if ('wrong' in read || read.origins.length === 0) {
    throw Invalid(`--site is "${typed}", but it has to look like https://www.example.com.`);
  }
  return read.origins;
}

/** From a file, so that the password stands in no list of processes and no history. */
function readPassword(file: string): string {
  const password = readTextFile(file).replace(/\r?\n$/, '');
  const { length } = [...password];
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    throw Invalid(
      `--owner-password-file holds ${length} characters, but a password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD}.`,
    );
  }
  return password;
}

function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw Invalid(
      `--owner-password-file names ${file}, which cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      cause,
    );
  }
}
