// `hearthdesk import`: old mail from a file or a folder, taken into the data folder and filed while the command waits.
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../app';
import { SYSTEM } from '../../events';
import { Invalid, Unavailable } from '../../lib/errors';
import {
  findMailboxes,
  localMailbox,
  type MailboxRow,
  mailboxOfAddress,
  readOwnAddresses,
  validAddress,
} from '../../mail';
import { copyFrom } from './brought';
import { beginImport } from './change';
import { MOST_OPEN_DAYS, OPEN_DAYS } from './forms';
import { type Counts, countsOf, countThings, findOutcomes, findRun, type ImportRun } from './import';
import { importTurn } from './work';

type Values = Record<string, string | undefined>;

/** How often it is asked whether all is filed, in ms. */
const PAUSE = 50;

/** Throws Invalid for what holds no mail. Ends when all is filed; broken off, the server goes on with it. */
export async function importCommand(app: App, values: Values) {
  const { from } = values;
  if (!from) throw Invalid('hearthdesk import needs --from with the name of an mbox file or a folder.');
  const named = mailboxNamed(app, values['mailbox']);
  const options = { openDays: daysOf(values['open-days']), ownAddresses: addressesOf(values['own']) };
  const files = await copyFrom(app, from);
  const id = await app.write(() =>
    beginImport(app, SYSTEM, named ?? findMailboxes(app.db)[0] ?? localMailbox(app), options, files),
  );
  const run = await ended(app, id);
  const counts = { ...countsOf(findOutcomes(app.db, id)), tickets: countThings(app.db, id, 'ticket') ?? 0 };
  if (run.state !== 'done') {
    const error = run.problem === 'disk-full' ? 'The disk is full' : `The import is ${run.state}`;
    return {
      exit: 1,
      lines: [],
      facts: { import: id, state: run.state, ...counts },
      error: `${error}: it is under Settings, Import mail.`,
    };
  }
  return { exit: 0, lines: linesOf(counts), facts: { import: id, state: run.state, ...counts } };
}

/** Where a server runs, its queue does the work; else the command does it itself. */
async function ended(app: App, id: number): Promise<ImportRun> {
  const isServed = app.jobs.isStarted;
  for (;;) {
    if (!isServed) await importTurn(app, id);
    const run = findRun(app.db, id) as ImportRun;
    if (run.state !== 'running' && run.ended_at !== null) return run;
    if (run.state === 'paused') return run;
    if (isServed && !app.jobs.isStarted)
      throw Unavailable('The server has stopped; it goes on with the import when it starts again.');
    await wait(PAUSE);
  }
}

const linesOf = ({ found = 0, filed = 0, known = 0, left = 0, tray = 0, tickets = 0 }: Counts): string[] => [
  `Mails found: ${found}; imported: ${filed}, on ${tickets} new tickets; here already: ${known}; left out as spam, rubbish, drafts or erased: ${left}.`,
  ...(tray > 0
    ? [`Not filed: ${tray}; they are under Settings, Mails not filed, each with its reason.`]
    : []),
];

function mailboxNamed(app: App, wanted: string | undefined): MailboxRow | undefined {
  if (wanted === undefined) return undefined;
  const address = validAddress(wanted);
  const mailbox = address && mailboxOfAddress(app, address);
  if (!mailbox) throw Invalid(`There is no mailbox ${wanted}; it can be added under Settings, Mailboxes.`);
  return mailbox;
}

function daysOf(text: string | undefined): number {
  const days = text === undefined ? OPEN_DAYS : Number(text);
  if (!Number.isInteger(days) || days < 0 || days > MOST_OPEN_DAYS)
    throw Invalid(`--open-days is "${text}", but it has to be a number from 0 to ${MOST_OPEN_DAYS}.`);
  return days;
}

function addressesOf(text = ''): string[] {
  const { addresses, wrong } = readOwnAddresses(text);
  if (wrong[0] !== undefined) throw Invalid(`--own has "${wrong[0]}", which is not an e-mail address.`);
  return addresses.map((address) => address.toLowerCase());
}
