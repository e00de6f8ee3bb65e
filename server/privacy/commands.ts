// The commands about privacy and copies. The server of the folder runs them when one serves it.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { App } from '../app';
import { type CustomerRow, findAddressesByKey, findCustomerByAddress, findCustomerById } from '../customers';
import { SYSTEM } from '../events';
import { Conflict, Invalid, NotFound } from '../lib/errors';
import { addressKey } from '../mail';
import { arrivalsFiled } from './arrivals';
import { makeBackup } from './backups';
import { beginErasure } from './erase';
import { performErasure } from './erasing';
import { NOTHING_WITHHELD } from './export-zip';
import { exportTo } from './exports';
import { claimantsOf, planFor } from './identity';
import { findErasure } from './queries';
import { previewRule, runRules } from './retention';
import { findRules } from './rules';
import { type ErasureKind, type Survey, surveyOf } from './survey';

type Values = Record<string, string | undefined>;

/** Whoever proved the address; else the one who claims it first (C8). Throws NotFound, and Conflict when several claim it and `alone`. */
async function customerBy(
  app: App,
  command: string,
  email: string | undefined,
  alone: boolean,
): Promise<CustomerRow> {
  if (!email?.trim()) throw Invalid(`hearthdesk ${command} needs --customer with an e-mail address.`);
  await arrivalsFiled(app);
  const key = addressKey(email.trim());
  const proved = findCustomerByAddress(app.db, key);
  if (proved) return proved;
  const claims = [...new Set(findAddressesByKey(app.db, key).map((row) => row.customer_id))];
  if (alone && claims.length > 1) {
    throw Conflict(
      `${claims.length} visitors claim this address and none has proved it; export them one by one on their pages.`,
    );
  }
  const customer = claims[0] === undefined ? undefined : findCustomerById(app.db, claims[0]);
  if (!customer) throw NotFound(`No customer is known by ${email.trim()}.`);
  return customer;
}

function needOut(command: string, values: Values): string {
  const out = values['out'];
  if (!out) throw Invalid(`hearthdesk ${command} needs --out with the name of a new file.`);
  if (existsSync(out)) throw Conflict(`${out} is there already; nothing was written.`);
  return out;
}

export async function backupCommand(app: App, values: Values) {
  const out = needOut('backup', values);
  const { size, entries } = await makeBackup(app, out);
  return {
    exit: 0,
    lines: [
      `${out} holds everything: ${entries} files, ${size} bytes. The ledger of erasures lies beside it.`,
    ],
    facts: { out, size, entries },
  };
}

export async function exportCommand(app: App, values: Values) {
  const customer = await customerBy(app, 'privacy export', values['customer'], true);
  const out = needOut('privacy export', values);
  const size = await exportTo(app, customer, out, NOTHING_WITHHELD);
  return {
    exit: 0,
    lines: [`${out} holds everything about the customer, ${size} bytes.`],
    facts: { out, size, customer: customer.public_id },
  };
}

export async function eraseCommand(app: App, values: Values) {
  const customer = await customerBy(app, 'privacy erase', values['customer'], false);
  const kind: ErasureKind = values['de-identify'] ? 'de-identify' : 'erase';
  const people = [customer, ...claimantsOf(app, customer)];
  if (values['dry-run']) return dryRun(app, people, kind);
  if (!values['yes'])
    throw Invalid(
      'Nothing was erased: "hearthdesk privacy erase" needs --yes, because it cannot be undone. --dry-run shows what would go.',
    );
  const out = values['out'] === undefined ? undefined : needOut('privacy erase', values);
  const begun = await beginErasure(app, SYSTEM, people, { kind, decision: { othersFiles: 'remove' } });
  await performErasure(app, begun.id);
  const certificate = findErasure(app.db, begun.id)?.certificate ?? '';
  if (out) await writeFile(out, certificate, { mode: 0o600, flag: 'wx', flush: true });
  const what = kind === 'erase' ? 'erased' : 'made unrecognisable';
  return {
    exit: 0,
    lines: [
      `The customer was ${what} and nothing of them was found afterwards; certificate ${begun.publicId}${out ? ` in ${out}` : ''}.`,
    ],
    facts: { certificate: begun.publicId, ...(out ? { out } : {}), facts: JSON.parse(certificate).facts },
  };
}

async function dryRun(app: App, people: CustomerRow[], kind: ErasureKind) {
  const survey = await surveyOf(app, planFor(app, people, { othersFiles: 'remove' }), kind);
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
