// M9, AC-21: which mails a machine wrote, and which may be a form's for a person.
import { readMail } from '../../server/mail/read-mail';
import { multipart, rawMail, text } from '../support/mails';

const read = (headers: Record<string, string>) => readMail(rawMail(headers, 'I am away until Monday.'));

test.each([
  [{ 'Auto-Submitted': 'auto-replied' }, 'auto-submitted'],
  [{ 'Auto-Submitted': 'auto-generated' }, 'auto-submitted'],
  [{ 'Auto-Submitted': 'auto-notified; owner-email="x@example.com"' }, 'auto-submitted'],
  [{ 'auto-submitted': 'Auto-Replied (vacation)' }, 'auto-submitted'],
  [{ 'X-Autoreply': 'yes' }, 'auto-reply'],
  [{ 'X-Autorespond': 'Out of office' }, 'auto-reply'],
  [{ 'X-Autoresponder': '1' }, 'auto-reply'],
  [{ 'X-Mail-Autoreply': 'true' }, 'auto-reply'],
  [{ 'X-Auto-Response-Suppress': 'All' }, 'response-suppressed'],
  [{ 'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply' }, 'response-suppressed'],
  [{ Precedence: 'bulk' }, 'bulk'],
  [{ Precedence: 'junk' }, 'bulk'],
  [{ Precedence: 'List' }, 'bulk'],
  [{ Precedence: 'auto_reply' }, 'bulk'],
  [{ 'List-Id': 'News <news.example.com>' }, 'list'],
  [{ 'Return-Path': '<>' }, 'no-return-path'],
  [{ 'Return-Path': '< >' }, 'no-return-path'],
  [{ Precedence: 'list', 'Auto-Submitted': 'auto-generated' }, 'auto-submitted'],
] as [Record<string, string>, string][])('M9: %j is automatic: %s', async (headers, reason) => {
  expect((await read(headers)).automatic).toBe(reason);
});

test('M9: a read receipt is automatic', async () => {
  const receipt = multipart('report; report-type=disposition-notification', [
    text('Your message was read.'),
    {
      headers: { 'Content-Type': 'message/disposition-notification' },
      body: Buffer.from('Disposition: manual-action; displayed'),
    },
  ]);

  expect((await readMail(rawMail({}, receipt))).automatic).toBe('receipt');
});

test.each([
  [{}],
  [{ 'Auto-Submitted': 'no' }],
  [{ 'Auto-Submitted': '' }],
  [{ 'X-Auto-Response-Suppress': 'None' }],
  [{ 'X-Autoreply': 'no' }],
  [{ Precedence: 'first-class' }],
  [{ 'Return-Path': '<carla@example.com>' }],
  [{ 'List-Unsubscribe': '<mailto:x@example.com>' }],
  [{ Subject: 'Out of office supplies' }],
] as [Record<string, string>][])('M9: %j is a person’s mail', async (headers) => {
  expect((await read(headers)).automatic).toBeUndefined();
});

describe('M9: forms', () => {
  const form = {
    From: 'Website <web@firm.example>',
    'Reply-To': 'Carla <carla@example.com>',
    'Auto-Submitted': 'auto-generated',
  };

  test('what is generated with a Reply-To may be a form’s, and is automatic until its sender is known as ours', async () => {
    expect(await read(form)).toMatchObject({
      automatic: 'auto-submitted',
      formSender: true,
      replyTo: [{ name: 'Carla', address: 'carla@example.com' }],
    });
  });

  test.each([
    ['nobody in Reply-To', { 'Reply-To': '' }],
    ['nobody readable in Reply-To', { 'Reply-To': 'Carla' }],
    ['a reply, not something generated', { 'Auto-Submitted': 'auto-replied' }],
    ['a list', { 'List-Id': '<x.example.com>' }],
    ['bulk', { Precedence: 'bulk' }],
    ['no return path', { 'Return-Path': '<>' }],
    ['an ordinary mail', { 'Auto-Submitted': 'no' }],
  ])('%s: it is not', async (_, headers) => {
    expect((await read({ ...form, ...headers })).formSender).toBe(false);
  });
});
