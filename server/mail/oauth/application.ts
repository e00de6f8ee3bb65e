// The firm's own application at a provider: who Hearthdesk says it is there. Entered once for all mailboxes.
import type { App } from '../../app';
import { change, insert, queryOne } from '../../db';
import { type Actor, record } from '../../events';
import { seal, unseal } from '../../lib/secret-box';
import { markApplicationChanged } from './grant';
import type { OAuthProviderName } from './provider';

interface ApplicationRow {
  id: number;
  provider: OAuthProviderName;
  client_id: string;
  client_secret: Buffer;
  tenant: string;
  changed_at: number;
}

export interface Application {
  clientId: string;
  clientSecret: string;
  /** Microsoft: the directory that the application belongs to; empty when it is for every firm. */
  tenant: string;
}

export const findApplication = queryOne<[provider: string], ApplicationRow>(
  'SELECT * FROM mail_applications WHERE provider = ?',
);
const insertApplication = insert<
  [provider: string, clientId: string, secret: Buffer, tenant: string, now: number]
>(
  'INSERT INTO mail_applications (provider, client_id, client_secret, tenant, changed_at) VALUES (?, ?, ?, ?, ?)',
);
const updateApplication = change<[clientId: string, secret: Buffer, tenant: string, now: number, id: number]>(
  'UPDATE mail_applications SET client_id = ?, client_secret = ?, tenant = ?, changed_at = ? WHERE id = ?',
);

export function applicationAt(app: App, provider: OAuthProviderName): Application | undefined {
  const row = findApplication(app.db, provider);
  return (
    row && {
      clientId: row.client_id,
      clientSecret: unseal(app.key, row.client_secret),
      tenant: row.tenant,
    }
  );
}

/** What was allowed to another application or directory is worth nothing to this one. Within a transaction. */
export function saveApplication(
  app: App,
  actor: Actor,
  provider: OAuthProviderName,
  { clientId, clientSecret, tenant }: Application,
): void {
  const before = findApplication(app.db, provider);
  const now = app.clock.now();
  const secret = seal(app.key, clientSecret);
  if (before) updateApplication(app.db, clientId, secret, tenant, now, before.id);
  const id = before?.id ?? insertApplication(app.db, provider, clientId, secret, tenant, now);
  if (before && (before.client_id !== clientId || before.tenant !== tenant))
    markApplicationChanged(app.db, now, provider);
  record(app, 'application.changed', actor, { id }, { provider });
}
