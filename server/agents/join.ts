// Somebody who was invited accepts: a name, a password, a language, a time zone.
import type { App } from '../app';
import { record } from '../events';
import type { Locale } from '../i18n';
import { type Agent, agentOf } from './agent';
import { useLink } from './links';
import { findAgentById, updatePassword, updateProfile, updateState } from './queries';

export interface Joining {
  name: string;
  passwordHash: string;
  language: Locale;
  timeZone: string;
}

/** Undefined when the link opens nothing any more (AC-41). */
export function joinDesk(app: App, token: unknown, joining: Joining): Agent | undefined {
  const invited = useLink(app, token, 'invite');
  if (!invited) return undefined;
  const { name, passwordHash, language, timeZone } = joining;
  updateProfile(app.db, name, language, timeZone, invited.signature, invited.compact_list, invited.id);
  updatePassword(app.db, passwordHash, invited.id);
  updateState(app.db, 'active', invited.id);
  const row = findAgentById(app.db, invited.id);
  if (!row) return undefined;
  record(app, 'agent.joined', agentOf(row), row);
  return agentOf(row);
}
