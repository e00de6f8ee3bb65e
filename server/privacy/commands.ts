// The commands about privacy and copies. The server of the folder runs them when one serves it.
import { writeFile } from 'node:fs/promises';
import type { App } from '../app';
import type { CustomerRow } from '../customers';
import { SYSTEM } from '../events';
import { Invalid, Unavailable } from '../lib/errors';
import { makeBackup } from './backups';
import { StillThere } from './check';
import { type Begun, beginErasure } from './erase';
import { performErasure } from './erasing';
import { NOTHING_WITHHELD } from './export-zip';
import { exportTo } from './exports';
import { claimantsOf, planFor } from './identity';
import { personBy } from './meant';
import { needOut, toldOfDisk } from './out-file';
import { type ErasureRow, findErasure, findUnfinishedErasures } from './queries';
import { factsIn } from './rest';
import { previewRule, runRules } from './retention';
import { findRules } from './rules';
import { owedLines } from './settle-command';
import { type ErasureKind, type Survey, surveyOf } from './survey';

type Values = Record<string, string | undefined>;

export async function backupCommand(app: App, values: Values) {
  const out = needOut('backup', values);
  const { size, entries } = await toldOfDisk(out, () => makeBackup(app, out));
  return {
    exit: 0,
    lines: [
      `${out} holds everything: ${entries} files, ${size} bytes. The ledger of erasures lies beside it.`,
    ],
    facts: { out, size, entries },
  };
}

export async function exportCommand(app: App, values: Values) {
  const meant = await personBy(app, 'privacy export', values['customer'], true);
  const person = 'customer' in meant ? meant.customer : meant.copied;
  const out = needOut('privacy export', values);
  const size = await toldOfDisk(out, () => exportTo(app, person, out, NOTHING_WITHHELD));
  return {
    exit: 0,
    lines: [`${out} holds everything about the customer, ${size} bytes.`],
    facts: { out, size, customer: 'customer' in meant ? meant.customer.public_id : null },
  };
}

export async function eraseCommand(app: App, values: Values) {
  await finishInterrupted(app, values);
  const meant = await personBy(app, 'privacy erase', values['customer'], false);
  const kind: ErasureKind = values['de-identify'] ? 'de-identify' : 'erase';
  const people = 'customer' in meant ? [meant.customer, ...claimantsOf(app, meant.customer)] : [];
  const copiedAs = 'copied' in meant ? [meant.copied.copiedAs] : [];
  if (values['dry-run']) return dryRun(app, people, copiedAs, kind);
  if (!values['yes'])
    throw Invalid(
      'Nothing was erased: "hearthdesk privacy erase" needs --yes, because it cannot be undone. --dry-run shows what would go.',
    );
  const out = values['out'] === undefined ? undefined : needOut('privacy erase', values);
  const wish = {
    kind,
    decision: { othersFiles: 'remove' as const },
    copiedAs,
    alsoOnServer: values['also-on-server'] !== undefined,
  };
  const begun = await toldOfDisk(out ?? '', () => beginErasure(app, SYSTEM, people, wish));
  await toItsEnd(app, begun);
  const row = findErasure(app.db, begun.id) as ErasureRow;
  const certificate = row.certificate ?? '';
  if (out) await toldOfDisk(out, () => writeFile(out, certificate, { mode: 0o600, flag: 'wx', flush: true }));
  const what = kind === 'erase' ? 'erased' : 'made unrecognisable';
  return {
    exit: 0,
    lines: [
      `The customer was ${what} and nothing of them was found afterwards; certificate ${begun.publicId}${out ? ` in ${out}` : ''}.`,
      ...owedLines(app, row),
    ],
    facts: {
      certificate: begun.publicId,
      state: row.state,
      ...(out ? { out } : {}),
      facts: factsIn(row),
    },
  };
}

/** Whoever was being erased when the power went may be no customer any more: that comes to its end before anything else. */
async function finishInterrupted(app: App, values: Values): Promise<void> {
  if (!values['yes'] || values['dry-run']) return;
  for (const id of findUnfinishedErasures(app.db))
    await toItsEnd(app, { id, publicId: findErasure(app.db, id)?.public_id ?? '' });
}

async function toItsEnd(app: App, { id, publicId }: Begun): Promise<void> {
  try {
    await performErasure(app, id);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_FULL')
      throw Unavailable(
        `The disk of the data folder is full, so the erasure ${publicId} is not finished; it goes on when the server starts.`,
        error,
      );
    if (!(error instanceof StillThere)) throw error;
    const places = error.places.map(({ place, n }) => `${place} (${n})`).join(', ');
    throw Unavailable(
      `The erasure ${publicId} is not finished: something of the person still stands in ${places}. The page Privacy offers to try again.`,
      error,
    );
  }
}

async function dryRun(app: App, people: CustomerRow[], copiedAs: string[], kind: ErasureKind) {
  const survey = await surveyOf(app, planFor(app, people, { othersFiles: 'remove' }, copiedAs), kind);
  return {
    exit: 0,
    lines: ['Nothing was erased. This would go:', ...linesOf(survey)],
    facts: { dryRun: true, ...survey },
  };
}

function linesOf(survey: Survey): string[] {
  const rows = (counts: Record<string, number>) =>
    Object.entries(counts).map(([table, n]) => `  ${table}: ${n}`);
  return [
    ...rows(survey.own),
    ...(Object.keys(survey.elsewhere).length > 0
      ? ["and, in other people's rows, what names or quotes them:", ...rows(survey.elsewhere)]
      : []),
    ...(survey.onServer > 0
      ? [`On the mail server: ${survey.onServer} mails of theirs; --also-on-server removes them there too.`]
      : []),
    ...survey.holds.map((hold) => `On hold, so nothing can go yet: ${hold.ground}, ${hold.reason}`),
  ];
}

export async function retentionCommand(app: App, values: Values) {
  const rules = findRules(app.db).filter((rule) => rule.is_on === 1);
  if (rules.length === 0)
    return {
      exit: 0,
      lines: ['No retention rule is switched on; nothing was deleted.'],
      facts: { rules: 0 },
    };
  if (values['dry-run']) {
    const previews = rules.map((rule) => ({
      kind: rule.kind,
      days: rule.days,
      ...previewRule(app, rule.days),
    }));
    const lines = previews.map(
      ({ kind, days, now, soon, kept }) =>
        `${kind}, ${days} days: ${now} now, ${soon} within 30 days, ${kept} kept.`,
    );
    return {
      exit: 0,
      lines: ['Nothing was deleted. This would go:', ...lines],
      facts: { dryRun: true, previews },
    };
  }
  const counts = await runRules(app);
  return {
    exit: 0,
    lines: [
      `Tickets deleted: ${counts['tickets'] ?? 0}; kept because of a hold or restriction: ${counts['kept'] ?? 0}.`,
    ],
    facts: counts,
  };
}
