// `hearthdesk verify FILE`: whether a backup is whole and sound, or a certificate unchanged.
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openForeign } from '../db';
import { Invalid } from '../lib/errors';
import { checkCertificate } from './certificate';
import { keyIdOf } from './ledger-file';
import { unpackBackup } from './unpack';

const GZIP = [0x1f, 0x8b];
/** A certificate is a page of text. */
const LONGEST_CERTIFICATE = 1_000_000;

const WHY = {
  'not-a-certificate': 'is neither a backup nor a certificate of Hearthdesk.',
  'other-key': 'is a certificate of another installation: it was signed with another secret.key.',
  changed: 'is not what this installation signed: something in it was changed.',
} as const;

/** `key` is the installation's; only a certificate needs it. Throws Invalid, one sentence, for what is not sound. */
export async function verifyFile(file: string, data: string, key: () => Buffer) {
  if (!existsSync(file) || !statSync(file).isFile()) throw Invalid(`There is no file ${file}.`);
  return (await startsWith(file, GZIP)) ? verifyBackup(file, data) : verifyCertificate(file, key());
}

async function startsWith(file: string, bytes: number[]): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: bytes.length - 1 }))
    return bytes.every((byte, at) => (chunk as Buffer)[at] === byte);
  return false;
}

async function verifyBackup(file: string, data: string) {
  const place = existsSync(join(data, 'backups')) ? join(data, 'backups') : tmpdir();
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const workshop = await mkdtemp(join(place, '.verifying-'));
  try {
    const facts = await unpackBackup(file, workshop);
    const db = openForeign(join(workshop, 'hearthdesk.db'));
    const tickets = db.sql.prepare('SELECT count(*) FROM tickets').pluck().get() as number;
    db.close();
    return {
      exit: 0,
      lines: [`${file} is whole and sound: made ${facts.made}, ${facts.entries} files, ${tickets} tickets.`],
      facts: { backup: facts, tickets },
    };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

function verifyCertificate(file: string, key: Buffer) {
  if (statSync(file).size > LONGEST_CERTIFICATE) throw Invalid(`${file} ${WHY['not-a-certificate']}`);
  const check = checkCertificate(key, readFileSync(file, 'utf8'));
  if (!check.good) throw Invalid(`${file} ${WHY[check.why]}`);
  return {
    exit: 0,
    lines: [`${file} is unchanged: certificate ${check.facts.certificate}, ${check.facts.ended}.`],
    facts: { certificate: check.facts, key: keyIdOf(key) },
  };
}
