// An agent: a member of staff with a sign-in.
import type { Locale } from '../i18n';
import type { Role } from '../roles';

export interface Agent {
  kind: 'agent';
  id: number;
  publicId: string;
  name: string;
  email: string;
  role: Role;
  language: Locale;
  timeZone: string;
  signature: string;
  compactList: boolean;
  /** Since when they are away; null: here. */
  awaySince: number | null;
}

/** Invited: has not set a password yet. Removed: signs in no more, but the name stays on what was written. */
export type AgentState = 'invited' | 'active' | 'removed';

export interface AgentRow {
  id: number;
  public_id: string;
  name: string;
  email: string;
  email_key: string;
  role: Role;
  password_hash: string | null;
  language: Locale;
  time_zone: string;
  signature: string;
  compact_list: number;
  away_since: number | null;
  state: AgentState;
  created_at: number;
  last_seen_at: number | null;
}

export const agentOf = (row: AgentRow): Agent => ({
  kind: 'agent',
  id: row.id,
  publicId: row.public_id,
  name: row.name,
  email: row.email,
  role: row.role,
  language: row.language,
  timeZone: row.time_zone,
  signature: row.signature,
  compactList: row.compact_list === 1,
  awaySince: row.away_since,
});

/** "Ana Bērziņa" → "AB". Signs and emoji are nobody's initials. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).flatMap((word) => /[\p{L}\p{N}]/u.exec(word) ?? []);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.join('').toLocaleUpperCase() || '?';
}

/** A stable colour for a person: a hue from 0 to 359. */
export function hueOf(name: string): number {
  let hue = 7;
  for (const char of name) hue = (hue * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hue;
}
