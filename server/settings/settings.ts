// Settings of the firm: small JSON values under fixed names, checked when read and when written.
import { z } from 'zod';
import type { App } from '../app';
import { change, type Db, queryValue, untilCommit } from '../db';
import { isTimeZone, LOCALES } from '../i18n';

export const SETTINGS = {
  /** Who the firm is; its absence means that setup has not run. */
  firm: z.strictObject({
    company: z.string().min(1).max(200),
    language: z.enum(LOCALES),
    timeZone: z.string().refine(isTimeZone),
  }),
  /** The one-time key of the setup page (AC-37), hashed. */
  setup: z.strictObject({ tokenHash: z.string() }),
  /** Where people reach Hearthdesk, when set on a page instead of the command line. */
  address: z.strictObject({ publicUrl: z.string() }),
  /** Addresses of forms that write for people, in lower case (M9). */
  formSenders: z.strictObject({ addresses: z.array(z.string()) }),
  /** Automatic answers pause: since when, and how many mails were left without one (AC-24). */
  answersPaused: z.strictObject({ since: z.number(), lastAt: z.number(), unanswered: z.number() }),
  /** Folders outside the data folder that copies were put into: the ledger of erasures is carried there. And which copies. */
  backups: z.strictObject({
    places: z.array(z.string()),
    copies: z.array(z.strictObject({ file: z.string(), at: z.number() })).optional(),
  }),
  /** The last restore: from which copy, and, when there was no ledger, why it was opened without one (P4). */
  restored: z.strictObject({ at: z.number(), made: z.string(), withoutLedger: z.string().optional() }),
} as const;

type Settings = { [Key in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[Key]> };

const findValue = queryValue<[key: string], string>('SELECT value FROM settings WHERE key = ?');
const upsertValue = change<[key: string, value: string]>(`
  INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
const deleteValue = change<[key: string]>('DELETE FROM settings WHERE key = ?');

export function readSetting<Key extends keyof Settings>(
  app: Pick<App, 'db'>,
  key: Key,
): Settings[Key] | undefined {
  return readStored(app.db, key) as Settings[Key] | undefined;
}

/** Checking costs more than reading, and every page asks who the firm is. */
const readStored = untilCommit((db: Db, key: keyof Settings) => {
  const stored = findValue(db, key);
  return stored === undefined ? undefined : SETTINGS[key].parse(JSON.parse(stored));
});

export function writeSetting<Key extends keyof Settings>(
  app: Pick<App, 'db'>,
  key: Key,
  value: Settings[Key],
): void {
  upsertValue(app.db, key, JSON.stringify(SETTINGS[key].parse(value)));
}

export const forgetSetting = (app: Pick<App, 'db'>, key: keyof Settings): void =>
  void deleteValue(app.db, key);

const BEFORE_SETUP: Settings['firm'] = { company: 'Hearthdesk', language: 'en', timeZone: 'UTC' };

/** The firm, or plain values before setup has run. */
export const firmOf = (app: Pick<App, 'db'>): Settings['firm'] => readSetting(app, 'firm') ?? BEFORE_SETUP;

/** Where links in mails lead: the command line first, then the settings; undefined when nobody has said (AC-34). */
export const publicUrlOf = (app: Pick<App, 'db' | 'config'>): string | undefined =>
  app.config.publicUrl ?? readSetting(app, 'address')?.publicUrl;
