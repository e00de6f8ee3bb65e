// Big imports: work and pages look at nothing again and again, however much there is.
import type { App } from '../../../server/app';
import { DAY } from '../../../server/lib/clock';
import type { MailboxRow } from '../../../server/mail';
import { findOutcomes, findUnreadFile, findWaiting } from '../../../server/tickets/moving-in/import';
import { deleteEmptyThreads, deleteKnownIds, threadOf } from '../../../server/tickets/moving-in/threads';
import { gmailTakeout, type OldMail, oldMail } from '../../support/archives';
import { type Desk, openDesk } from '../../support/desk';
import { begun, imported, runNow } from '../../support/importing';
import { plansOf } from '../../support/plans';

let desk: Desk;
let support: MailboxRow;

beforeEach(() => {
  desk = openDesk();
  support = desk.mailbox('support@teapot.example');
});
afterEach(() => desk.close());

const many = (n: number): OldMail[] =>
  Array.from({ length: n }, (_, i) => ({
    id: `w${i}@x.example`,
    at: desk.clock.now() - 200 * DAY + i * 60_000,
    from: `w${i}@mail.example`,
    words: `Mail ${i}`,
  }));

test('moving in: no step of the work and no page looks at each file or each mail again', async () => {
  const files = Object.fromEntries(many(8).map((one, n) => [`x/${n}.eml`, oldMail(one)]));
  const id = await imported(
    desk,
    { ...files, 'a.mbox': gmailTakeout(many(60).slice(8)) },
    { mailbox: support },
  );
  const steps = (work: (app: App) => void) => plansOf(desk, work).join('; ');
  expect(steps((app) => findUnreadFile(app.db, id))).toMatch(
    /^SEARCH import_files USING INDEX import_files_unread \(run_id=\?\)$/,
  );
  expect(steps((app) => findWaiting(app.db, id, 5))).toMatch(
    /^SEARCH import_mails USING INDEX import_mails_waiting \(run_id=\?\)$/,
  );
  expect(steps((app) => findOutcomes(app.db, id))).toMatch(
    /^SEARCH import_mails USING COVERING INDEX import_mails_by_outcome \(run_id=\?\)$/,
  );
  const { files: n, size, read_to: read } = runNow(desk, id);
  expect([{ n, size, read }]).toEqual(
    desk.rows(
      'SELECT count(*) AS n, sum(size) AS size, sum(read_to) AS read FROM import_files WHERE run_id = ?',
      id,
    ),
  );
});

test('moving in: ids that are still needed are passed over once, however many there are', async () => {
  const { app } = desk;
  const id = await begun(desk, { 'a.mbox': gmailTakeout(many(1)) }, { mailbox: support });
  const names = Array.from({ length: 1_200 }, (_, n) => `only-named-${n}@x.example`);
  app.db.tx(() => {
    for (const name of names) threadOf(app, id, [name]);
  });
  let writes = 0;
  const counting = {
    ...app,
    write: (work: () => unknown) => {
      writes += 1;
      return app.write(work);
    },
  } as never;
  await deleteKnownIds(counting, id);
  expect(writes).toBe(4);
  writes = 0;
  await deleteEmptyThreads(counting);
  expect(writes).toBe(4);
  expect(desk.rows('SELECT count(*) AS n FROM import_ids')).toEqual([{ n: 1_200 }]);
});
