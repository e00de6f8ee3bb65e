// Filing where room is scarce, on the disk or in memory: nothing is lost, and small mails go on.
import type { Hooks } from '../../server/app';
import { deliver, type Filed, fileStoredMail, Intake, keepMail, localMailbox } from '../../server/mail';
import { receiveMail } from '../../server/tickets';
import { type Desk, openDesk } from '../support/desk';
import { until } from '../support/until';

let desk: Desk;
let bad: () => void;

const fileMail: Hooks['fileMail'] = (app, inbound, mail, files): Filed => {
  bad();
  return receiveMail(app, inbound, mail, files);
};

beforeEach(() => {
  bad = () => undefined;
  desk = openDesk({ hooks: { fileMail } });
});
afterEach(() => desk.close());

const raw = (subject: string, more: { body?: string } = {}) =>
  Buffer.from(
    `From: Carla <carla@mail.example>\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@mail.example>\r\n\r\n${more.body ?? 'Do you sell spouts?'}`,
  );
const keep = (bytes: Buffer) =>
  keepMail(desk.app, { mailboxId: localMailbox(desk.app).id, source: 'deliver', raw: bytes });
const deliverNow = (bytes: Buffer) => deliver(desk.app, {}, bytes);
const settled = () => desk.house.intake.settled();
const subjects = () =>
  desk.rows<{ subject: string }>('SELECT subject FROM tickets ORDER BY id').map(({ subject }) => subject);

test('AC-29: a mail that cannot be filed because the disk is full is not put aside, and is filed when there is room', async () => {
  bad = () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  };
  for (let tries = 0; tries < 12; tries++) {
    await deliverNow(raw('Patience'));
    await settled();
    await fileStoredMail(desk.app, 1).catch(() => undefined);
  }
  expect(desk.rows('SELECT state, attempts FROM inbound_mails')).toEqual([{ state: 'stored', attempts: 0 }]);

  bad = () => undefined;
  const intake = new Intake(() => desk.app);
  intake.start();
  await intake.settled();
  expect(subjects()).toEqual(['Patience']);
});

test('M13: of large mails one is read at a time, and small ones do not wait for it', async () => {
  await desk.house.intake.stop();
  const attached = (subject: string) => raw(subject, { body: 'x'.repeat(9_000_000) });
  for (const mail of [attached('Large'), attached('Larger'), raw('Small'), raw('Smaller')]) await keep(mail);
  const under = new Set<unknown>();
  let most = 0;
  const read = desk.app.threads.run.bind(desk.app.threads);
  jest.spyOn(desk.app.threads, 'run').mockImplementation(async (worker, payload, how) => {
    if ((payload as Uint8Array).byteLength < 1_000_000) return (await read(worker, payload, how)) as never;
    under.add(payload);
    most = Math.max(most, under.size);
    await until('the small ones', () => subjects().length >= 2);
    const answer = await read(worker, payload, how);
    under.delete(payload);
    return answer as never;
  });
  const intake = new Intake(() => desk.app);
  intake.start();
  await intake.settled();

  expect(most).toBe(1);
  expect(subjects()).toEqual(['Small', 'Smaller', 'Large', 'Larger']);
});
