// What agents change about themselves. Address and password ask for the current password first (AC-43).
import type { App } from '../app';
import { record } from '../events';
import type { Locale } from '../i18n';
import { addressKey } from '../mail';
import { clearTries, countTry, isBlocked } from '../web';
import { mailNotice } from './account-mail';
import type { Agent } from './agent';
import { passwordMatches } from './passwords';
import {
  deleteOpenLinks,
  findAgentByEmail,
  findAgentById,
  updateAway,
  updateEmail,
  updatePassword,
  updateProfile,
} from './queries';
import { closeAllSessions, openSession, type Visit } from './sessions';

export interface Profile {
  name: string;
  language: Locale;
  timeZone: string;
  signature: string;
  compactList: boolean;
}

export function changeProfile(app: App, actor: Agent, profile: Profile): void {
  const { name, language, timeZone, signature, compactList } = profile;
  updateProfile(app.db, name, language, timeZone, signature, compactList ? 1 : 0, actor.id);
  record(app, 'agent.profile-changed', actor, actor);
}

/** Whoever is away keeps no customer waiting: when one answers, the ticket goes back to its team. */
export function markAway(app: App, actor: Agent, isAway: boolean): void {
  if ((actor.awaySince !== null) === isAway) return;
  updateAway(app.db, isAway ? app.clock.now() : null, actor.id);
  record(app, isAway ? 'agent.went-away' : 'agent.came-back', actor, actor);
  app.db.afterCommit(() => app.hub.signal('agents', 'list:changed', {}));
}

/** Whether this is the person's own password; wrong ones are counted and make a pause (AC-39). */
export async function confirmPassword(
  app: App,
  actor: Agent,
  password: string,
): Promise<'right' | 'wrong' | 'too-many'> {
  const keys = [`confirm ${actor.id}`];
  const blocked = await app.write(() => {
    if (isBlocked(app, keys)) return true;
    countTry(app, keys);
    return false;
  });
  if (blocked) return 'too-many';
  if (!(await passwordMatches(findAgentById(app.db, actor.id)?.password_hash, password))) return 'wrong';
  await app.write(() => clearTries(app, keys));
  return 'right';
}

/** Ends every session, open links too, and opens a new one for whoever asked; returns its token. */
export function changeOwnPassword(app: App, actor: Agent, passwordHash: string, from: Visit): string {
  updatePassword(app.db, passwordHash, actor.id);
  record(app, 'agent.password-changed', actor, actor, { how: 'page' });
  mailNotice(app, actor, 'passwordChanged', actor.email);
  return startAnew(app, actor, from);
}

/** The old address is told. Undefined when somebody else signs in with the new one. */
export function changeOwnEmail(app: App, actor: Agent, email: string, from: Visit): string | undefined {
  const other = findAgentByEmail(app.db, addressKey(email));
  if (other && other.id !== actor.id) return undefined;
  updateEmail(app.db, email, addressKey(email), actor.id);
  record(app, 'agent.email-changed', actor, actor);
  mailNotice(app, actor, 'emailChanged', actor.email);
  return startAnew(app, actor, from);
}

function startAnew(app: App, actor: Agent, from: Visit): string {
  deleteOpenLinks(app.db, actor.id);
  closeAllSessions(app, actor, actor.id);
  return openSession(app, actor, from);
}
