// What is left of an erasure when the data folder is clean: mails on servers, namesakes to decide about, folders out of reach.
import { deflateSync, inflateSync } from 'node:zlib';
import type { App } from '../app';
import { seal, unseal } from '../lib/secret-box';
import type { MailOnServer } from '../mail';
import { type CertificateFacts, writeCertificate } from './certificate';
import type { Hit } from './namesakes';
import { type ErasureRow, findErasure, updateErasureRest } from './queries';

/** Sealed in the row, as the plan was before, and gone with the last of it. */
export interface Rest {
  /** Still to be removed from their servers. */
  mails: MailOnServer[];
  /** Names that somebody else bears too, and where they stand undecided. */
  names: string[];
  hits: Hit[];
  /** A restore is erasing again: the ledger knows, and so do the places that it was carried to. */
  replayed?: boolean;
}

export const isEmpty = ({ mails, hits }: Rest): boolean => mails.length === 0 && hits.length === 0;

/** For the page and for the job: at most some thousand places, unpacked at once. */
export function readRest(app: App, row: ErasureRow): Rest {
  if (!row.plan || row.step !== 'outside') return { mails: [], names: [], hits: [] };
  const packed = Buffer.from(unseal(app.key, row.plan), 'base64');
  return JSON.parse(inflateSync(packed).toString('utf8')) as Rest;
}

export const sealRest = (app: App, rest: Rest): Buffer =>
  seal(app.key, deflateSync(JSON.stringify(rest)).toString('base64'));

export const factsIn = (row: ErasureRow): CertificateFacts =>
  (JSON.parse(row.certificate ?? '{}') as { facts: CertificateFacts }).facts;

/** Inside a transaction: somebody may decide on the page while the job is at work, so that both begin with what is stored. */
export function changeRest(
  app: App,
  id: number,
  change: (rest: Rest, facts: CertificateFacts) => { rest: Rest; facts: CertificateFacts },
): void {
  const row = findErasure(app.db, id);
  if (!row?.certificate || row.step !== 'outside' || row.state === 'done') return;
  const { rest, facts } = change(readRest(app, row), factsIn(row));
  const { undecided: _before, ...kept } = facts.kept;
  const undecided = undecidedOf(rest).length;
  const counted = { ...facts, kept: { ...kept, ...(undecided > 0 ? { undecided } : {}) } };
  updateErasureRest(app.db, writeCertificate(app.key, counted), sealRest(app, rest), id);
}

export const undecidedOf = ({ hits }: Rest): Hit[] => hits.filter(({ isTheirs }) => !isTheirs);

export const added = (counts: Record<string, number>, more: Record<string, number>) => {
  const sum = { ...counts };
  for (const [name, n] of Object.entries(more)) if (n > 0) sum[name] = (sum[name] ?? 0) + n;
  return sum;
};
