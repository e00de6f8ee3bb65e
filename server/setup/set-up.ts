// Makes the firm and its owner. It happens once; afterwards setup is closed for ever (AC-37).
import { type Agent, agentOf, countOwners, findAgentById, insertAgent } from '../agents';
import type { App } from '../app';
import { record, SYSTEM } from '../events';
import type { Locale } from '../i18n';
import { Conflict } from '../lib/errors';
import { randomId, randomToken, sameSecret, sha256 } from '../lib/ids';
import { addressKey } from '../mail';
import { forgetSetting, readSetting, writeSetting } from '../settings';

export interface NewFirm {
  company: string;
  language: Locale;
  timeZone: string;
  /** Where people reach Hearthdesk; empty when nobody has said. */
  publicUrl?: string;
  owner: { name: string; email: string; passwordHash: string };
}

/** True from the first owner on, and whatever becomes of owners later: what is closed stays closed. */
export const isSetUp = (app: App): boolean =>
  readSetting(app, 'firm') !== undefined || (countOwners(app.db) ?? 0) > 0;

/** Throws Conflict when an owner exists: of two people with the link, the first wins. Within a transaction. */
export function setUpFirm(app: App, firm: NewFirm): Agent {
  if (isSetUp(app)) throw Conflict('This Hearthdesk is set up already.');
  const { company, language, timeZone, publicUrl, owner } = firm;
  writeSetting(app, 'firm', { company, language, timeZone });
  if (publicUrl) writeSetting(app, 'address', { publicUrl });
  const now = app.clock.now();
  const { name, email, passwordHash } = owner;
  const id = insertAgent(
    app.db,
    randomId(),
    name,
    email,
    addressKey(email),
    'owner',
    passwordHash,
    language,
    timeZone,
    'active',
    now,
  );
  forgetSetting(app, 'setup');
  record(app, 'agent.created', SYSTEM, { id }, { role: 'owner' });
  return agentOf(findAgentById(app.db, id) as NonNullable<ReturnType<typeof findAgentById>>);
}

/** A new one-time link while there is no owner; undefined afterwards. A restart makes the old link void. */
export async function offerSetup(app: App, address: string): Promise<string | undefined> {
  if (isSetUp(app)) return undefined;
  const token = randomToken();
  await app.write(() => writeSetting(app, 'setup', { tokenHash: sha256(token) }));
  return `${address}/setup?key=${token}`;
}

/** True for the key of the link, and only while there is no owner. */
export function opensSetup(app: App, key: string): boolean {
  const expected = isSetUp(app) ? undefined : readSetting(app, 'setup')?.tokenHash;
  return expected !== undefined && sameSecret(expected, sha256(key));
}
