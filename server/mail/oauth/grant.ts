// What somebody allowed when they signed in for a mailbox: the tokens, sealed, and whether they still count.
import { change, query, queryOne } from '../../db';

export interface GrantRow {
  mailbox_id: number;
  account: string;
  refresh_token: Buffer;
  access_token: Buffer;
  expires_at: number;
  granted_at: number;
  problem: string | null;
  problem_at: number | null;
}

export const findGrant = queryOne<[mailboxId: number], GrantRow>(
  'SELECT * FROM mail_grants WHERE mailbox_id = ?',
);
/** Mailboxes whose access token ends in that time. */
export const findEndingGrants = query<[from: number, until: number], { mailbox_id: number }[]>(`
  SELECT mailbox_id FROM mail_grants JOIN mailboxes ON mailboxes.id = mailbox_id
   WHERE deleted_at IS NULL AND problem IS NULL AND expires_at BETWEEN ? AND ?`);
export const upsertGrant = change<
  [mailboxId: number, account: string, refresh: Buffer, access: Buffer, expiresAt: number, now: number]
>(`
  INSERT INTO mail_grants (mailbox_id, account, refresh_token, access_token, expires_at, granted_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (mailbox_id) DO UPDATE
     SET account = excluded.account, refresh_token = excluded.refresh_token, access_token = excluded.access_token,
         expires_at = excluded.expires_at, granted_at = excluded.granted_at, problem = NULL, problem_at = NULL`);
/** Only the grant that was asked with: meanwhile somebody may have signed in again, and no two sealed tokens are alike. */
export const updateTokens = change<
  [refresh: Buffer, access: Buffer, expiresAt: number, mailboxId: number, askedWith: Buffer]
>(`
  UPDATE mail_grants SET refresh_token = ?, access_token = ?, expires_at = ?
   WHERE mailbox_id = ? AND refresh_token = ?`);
export const updateProblem = change<[problem: string, now: number, mailboxId: number, askedWith: Buffer]>(
  'UPDATE mail_grants SET problem = ?, problem_at = ? WHERE mailbox_id = ? AND refresh_token = ?',
);
export const markApplicationChanged = change<[now: number, provider: string]>(`
  UPDATE mail_grants SET problem = 'application-changed', problem_at = ?
   WHERE mailbox_id IN (SELECT id FROM mailboxes WHERE oauth = ?)`);
export const deleteGrant = change<[mailboxId: number]>('DELETE FROM mail_grants WHERE mailbox_id = ?');
