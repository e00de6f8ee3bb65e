// Servers that are strange: read all the same, and no mail is lost or half taken.
import type { Imap } from '../../server/mail/imap';
import { idle } from '../../server/mail/imap-idle';
import { cursorOf, fetchAll, mail, useConnections } from '../support/imap-desks';
import { type OddImap, type OddOptions, startOddImap } from '../support/odd-imap';

const connected = useConnections();

let odd: OddImap;
const at = (options: OddOptions) => async (): Promise<Imap> => {
  odd = await startOddImap(options);
  return connected({
    host: '127.0.0.1',
    port: odd.port,
    security: 'none',
    user: 'desk',
    password: 'correct horse',
  });
};
afterEach(() => odd.stop());
const three = [1, 2, 3].map((uid) => ({ uid, raw: mail(`${uid}`) }));

test('M1: one that refuses to give a single mail loses only that one, and says which', async () => {
  const imap = await at({
    mails: three,
    answer: (said) => (/FETCH (1,2,3|2) .*BODY/.test(said) ? 'NO cannot convert' : undefined),
  })();
  const { mails, end } = await fetchAll(imap, { uidValidity: 7, lastUid: 0 });

  expect(mails.map(({ uid, missing }) => [uid, missing])).toEqual([
    [1, undefined],
    [2, 'unreadable'],
    [3, undefined],
  ]);
  expect(end).toMatchObject({ kind: 'done', cursor: { lastUid: 3 } });
});

test('M13: a mail with an attachment of 50 MB is asked for whole, one of 100 MB only for its head', async () => {
  const [first, second, third] = three as [(typeof three)[0], (typeof three)[0], (typeof three)[0]];
  const imap = await at({
    mails: [first, { ...second, size: 73_000_000 }, { ...third, size: 140_000_000 }],
  })();
  const { mails } = await fetchAll(imap, { uidValidity: 7, lastUid: 0 });

  expect(mails.map(({ missing }) => missing)).toEqual([undefined, undefined, 'too-big']);
});

test('M1: one that gives nothing for a mail loses only that one, and says which', async () => {
  const imap = await at({
    mails: three.map((one) => (one.uid === 2 ? { uid: 2, raw: '', size: 400 } : one)),
  })();
  const { mails } = await fetchAll(imap, { uidValidity: 7, lastUid: 0 });

  expect(mails.map(({ missing }) => missing)).toEqual([undefined, 'unreadable', undefined]);
});

test('M1: one that knows neither UIDNEXT nor IDLE nor search results is read from where we are', async () => {
  const imap = await at({
    mails: three,
    answer: (said) => (/SEARCH/.test(said) ? 'BAD what' : undefined),
  })();

  expect(await cursorOf(imap)).toEqual({ uidValidity: 7, lastUid: 3 });
  expect(await cursorOf(imap, 30)).toEqual({ uidValidity: 7, lastUid: 0 });
  expect(odd.said.filter((command) => /SELECT|STORE|BODY\[/.test(command))).toEqual([]);
});

test('M1: one that drops us in the middle of a mail gives no half mail', async () => {
  const imap = await at({
    mails: three,
    answer: (said) => (/BODY.PEEK/.test(said) ? 'drop' : undefined),
  })();

  expect(await fetchAll(imap, { uidValidity: 7, lastUid: 0 })).toEqual({
    mails: [],
    end: { kind: 'lost', cursor: { uidValidity: 7, lastUid: 0 } },
  });
});
test('M1: one that offers IDLE and refuses it is asked from time to time instead', async () => {
  const imap = await at({ mails: three, capability: 'IMAP4rev1 IDLE' })();
  await cursorOf(imap);
  const stop = new AbortController();
  const news = jest.fn(async () => stop.abort());

  expect(await idle(imap, news, stop.signal, { poll: 50, check: 60_000 })).toBe('stopped');
  expect(news).toHaveBeenCalledTimes(1);
  expect(odd.said.filter((command) => command === 'IDLE')).toHaveLength(1);
});
