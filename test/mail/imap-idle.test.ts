// Waiting for mail, with and without IDLE.
import { type FetchedMail, fetchSince } from '../../server/mail/imap-fetch';
import { idle } from '../../server/mail/imap-idle';
import { startDovecot } from '../support/dovecot';
import { cursorOf, mail, subjects, useDesks } from '../support/imap-desks';

const desks = useDesks();

test('M1: a server without IDLE, ESEARCH and CONDSTORE is read, and asked again and again', async () => {
  const plain = await startDovecot({ capability: 'IMAP4rev1' });
  const settings = desks.desk(plain);
  const imap = await desks.connected(settings);
  expect(imap.capabilities).toEqual(['IMAP4rev1']);
  let cursor = await cursorOf(imap, 3);
  const mails: FetchedMail[] = [];
  const stop = new AbortController();
  const waiting = idle(
    imap,
    async () => {
      const end = await fetchSince(imap, 'INBOX', cursor, async (one) => void mails.push(one));
      if (end.kind === 'done') cursor = end.cursor;
      if (mails.length === 2) stop.abort();
    },
    stop.signal,
    { poll: 100, check: 60_000 },
  );
  plain.deliver(settings.user, mail('one'));
  plain.deliver(settings.user, mail('two'));

  expect(await waiting).toBe('stopped');
  expect(subjects(mails)).toEqual(['one', 'two']);
  await imap.close();
  await plain.remove();
});

test('M1: with IDLE a new mail is announced at once', async () => {
  const settings = desks.desk();
  const imap = await desks.connected(settings);
  let cursor = await cursorOf(imap);
  const mails: FetchedMail[] = [];
  const stop = new AbortController();
  const news = async () => {
    const end = await fetchSince(imap, 'INBOX', cursor, async (one) => void mails.push(one));
    if (end.kind === 'done') cursor = end.cursor;
    if (mails.length === 1) desks.dovecot.deliver(settings.user, mail('two'));
    if (mails.length === 2) stop.abort();
  };
  await news();
  const waiting = idle(imap, news, stop.signal, { poll: 60_000, check: 60_000 });
  desks.dovecot.deliver(settings.user, mail('one'));

  expect(await waiting).toBe('stopped');
  expect(subjects(mails)).toEqual(['one', 'two']);
});

test('M1: a connection that breaks while it waits ends the waiting', async () => {
  const server = await startDovecot();
  const imap = await desks.connected(desks.desk(server));
  await cursorOf(imap);
  const waiting = idle(imap, async () => {}, new AbortController().signal);
  await server.stop();

  expect(await waiting).toBe('lost');
  await server.remove();
});
