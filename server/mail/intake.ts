// Files what was stored: parsed in a worker, then handed to the tickets in one transaction.
import type { App } from '../app';
import { type StoredFile, storeBytes } from '../attachments';
import { reportError } from '../lib/report-error';
import { authenticateMail } from './authenticate';
import type { Authentication } from './authentication';
import { isDiskFull, readRaw, removeRaw } from './keep-mail';
import { parseMail } from './parse';
import {
  findInboundMail,
  findMailboxById,
  findStoredMails,
  type InboundMailRow,
  updateInboundAttempt,
  updateInboundDone,
  updateInboundRawGone,
  updateInboundState,
  updateInboundUntried,
} from './queries';

/**
 * A mail that was in hand at so many crashes waits in the tray for a person (AC-30). A mail that throws is put aside at once;
 * what is counted here may as well be somebody pulling the plug, and three pulls put good mails aside (seen in the kill test).
 */
const MOST_CRASHES = 10;
/** Mails are filed in the order they came, unless an earlier one keeps the parser this long, in ms. */
const PATIENCE = 1_000;
const AT_ONCE = 2;
/** Of larger mails, in bytes, one is read at a time: it lies in memory twice while it is. */
const LARGE = 8 * 1024 * 1024;
/** How long a mail rests while the disk is full, in ms. */
const REST = 60_000;

export class Intake {
  private waiting: number[] = [];
  private running = new Set<Promise<void>>();
  private large = 0;
  private resting = new Set<NodeJS.Timeout>();
  private lastFiled: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly app: () => App) {}

  /** Takes up what a crash left. */
  start(): void {
    for (const { id } of findStoredMails(this.app().db)) this.add(id);
  }

  add(id: number): void {
    this.waiting.push(id);
    this.next();
  }

  /** Resolves when nothing waits and nothing runs. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** What was not begun is taken up at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.resting) clearTimeout(timer);
    await this.settled();
  }

  private next(): void {
    while (!this.stopped && this.running.size < AT_ONCE) {
      const [id] = this.waiting.splice(this.nextPlace(), 1);
      if (id === undefined) return;
      const isLarge = this.isLarge(id);
      if (isLarge) this.large += 1;
      const filed = fileStoredMail(this.app(), id, this.lastFiled).catch((error) => this.tryLater(id, error));
      this.lastFiled = filed;
      this.running.add(filed);
      void filed.then(() => {
        this.running.delete(filed);
        if (isLarge) this.large -= 1;
        this.next();
      });
    }
  }

  /** The first in line; beside a large mail the first that is not large too. */
  private nextPlace(): number {
    if (this.large === 0) return 0;
    const at = this.waiting.findIndex((id) => !this.isLarge(id));
    return at === -1 ? this.waiting.length : at;
  }

  private isLarge(id: number): boolean {
    return (findInboundMail(this.app().db, id)?.size ?? 0) > LARGE;
  }

  private tryLater(id: number, error: unknown): void {
    reportError(this.app().log, 'filing a mail', error);
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.resting.delete(timer);
      this.add(id);
    }, REST);
    this.resting.add(timer);
  }
}

/**
 * Parses and files one stored mail. Throws while the disk is full; any other throw becomes `failed` with its reason, and the
 * raw mail stays in the tray.
 */
export async function fileStoredMail(
  app: App,
  id: number,
  earlier: Promise<void> = Promise.resolve(),
): Promise<void> {
  const mail = findInboundMail(app.db, id);
  if (mail?.state !== 'stored' || !mail.disk_name) return;
  if (mail.attempts >= MOST_CRASHES) return setAside(app, mail, 'failed-repeatedly');
  await app.write(() => updateInboundAttempt(app.db, id));
  try {
    const parsed = await parseMail(app.threads, await readRaw(app, mail.disk_name), { give: true });
    const checked = await checkSender(app, mail);
    if (checked) parsed.checked = checked;
    const files: StoredFile[] = [];
    for (const attachment of parsed.attachments) files.push(await storeBytes(app, attachment.content));
    await inTurn(earlier);
    await app.write(() => fileParsed(app, mail, parsed, files));
    // P11: a raw mail in which a card number stood is not kept.
    if (parsed.maskedCards) await removeRaw(app, mail.disk_name);
  } catch (error) {
    // A full disk is no fault of the mail: it waits, and is filed when there is room (AC-29).
    if (isDiskFull(error)) {
      await app.write(() => updateInboundUntried(app.db, id));
      throw error;
    }
    reportError(app.log, 'filing a mail', error);
    await setAside(app, mail, error instanceof Error ? error.name : 'Error');
  }
}

/** Where the mailbox asks for it. Of imported history the keys and policies of that time are gone, so it is not judged by today's. */
async function checkSender(app: App, mail: InboundMailRow): Promise<Authentication | undefined> {
  const isAsked = findMailboxById(app.db, mail.mailbox_id)?.authentication === 'own' && !mail.is_old;
  return isAsked && mail.disk_name ? authenticateMail(app, await readRaw(app, mail.disk_name)) : undefined;
}

/** Once, whoever else may have filed it meanwhile (M3). */
function fileParsed(
  app: App,
  mail: InboundMailRow,
  ...parsed: [Awaited<ReturnType<typeof parseMail>>, StoredFile[]]
): void {
  if (findInboundMail(app.db, mail.id)?.state !== 'stored') return;
  const filed = app.hooks.fileMail(app, mail, ...parsed);
  if ('notImported' in filed)
    updateInboundState(app.db, 'not_imported', filed.notImported, app.clock.now(), mail.id);
  else updateInboundDone(app.db, filed.ticketId, filed.messageId, app.clock.now(), mail.id);
  if (parsed[0].maskedCards) updateInboundRawGone(app.db, mail.id);
}

/** After the mail before it, within reason. */
async function inTurn(earlier: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  await Promise.race([earlier, patience]);
  clearTimeout(timer);
}

/** What is filed already stays so, whatever went wrong after it. */
const setAside = async (app: App, mail: InboundMailRow, reason: string) =>
  void (await app.write(() => {
    if (findInboundMail(app.db, mail.id)?.state === 'stored')
      updateInboundState(app.db, 'failed', reason, app.clock.now(), mail.id);
  }));
