// The first step of an import: what mails there are, when each was sent and what it answers. Nothing is filed yet.
import type { App } from '../../app';
import { type Head, mailsIn, readHead, readHeadOf, type Span } from '../../mail';
import { openBrought } from './brought';
import {
  findUnreadFile,
  type ImportFile,
  type ImportRun,
  insertMail,
  updateReadTo,
  updateStep,
  updateSumRead,
} from './import';
import { threadOf } from './threads';

/** Mails in one transaction: a few ms. */
const MAILS_A_WRITE = 50;

interface Found {
  span: Span;
  head: Head;
}

/** Reads on where it was; false when all files were read. `until` is when the turn is over, by `performance.now()`. */
export async function readSome(app: App, run: ImportRun, until: number): Promise<boolean> {
  const file = findUnreadFile(app.db, run.id);
  if (!file) {
    await app.write(() => updateStep(app.db, 'filing', run.id));
    return false;
  }
  const handle = await openBrought(app, file);
  try {
    if (file.kind === 'mail') {
      const span = { start: 0, end: file.size };
      const head = readHeadOf(await readHead(handle, span), file.folder);
      await app.write(() => note(app, run, file, [{ span, head }], file.read_to, file.size));
      return true;
    }
    let found: Found[] = [];
    let from = file.read_to;
    for await (const span of mailsIn(handle, file.size, file.read_to)) {
      const bytes = await readHead(handle, span);
      if (bytes.toString('latin1', 0, 200).trim() !== '')
        found.push({ span, head: readHeadOf(bytes, file.folder) });
      if (found.length < MAILS_A_WRITE) continue;
      const [noted, before] = [found, from];
      await app.write(() => note(app, run, file, noted, before, span.end));
      from = span.end;
      found = [];
      if (performance.now() >= until) return true;
    }
    await app.write(() => note(app, run, file, found, from, file.size));
    return true;
  } finally {
    await handle.close();
  }
}

/** `from` is where it was read to before. */
function note(
  app: App,
  run: ImportRun,
  file: ImportFile,
  found: Found[],
  from: number,
  readTo: number,
): void {
  for (const { span, head } of found) {
    const { messageId, named, tags, leftOut, isSent } = head;
    // Nothing is from tomorrow, whatever it says: it would stand above all others until then.
    const sentAt = Math.min(head.sentAt ?? run.created_at, run.created_at);
    // What is left out connects nothing, so that a draft or rubbish cannot bring two conversations together.
    const thread = leftOut ? 0 : threadOf(app, run.id, [...(messageId ? [messageId] : []), ...named]);
    insertMail(
      app.db,
      run.id,
      file.id,
      span.start,
      span.end,
      sentAt,
      thread,
      leftOut ? '[]' : JSON.stringify(tags),
      isSent ? 1 : 0,
      leftOut ? 'left' : 'waiting',
      leftOut ?? null,
    );
  }
  updateReadTo(app.db, readTo, file.id);
  updateSumRead(app.db, readTo - from, run.id);
}
