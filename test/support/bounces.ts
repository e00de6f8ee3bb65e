// Mails that came back, in the shapes of the servers that send them.
import { type MimePart, multipart, rawMail, text } from './mails';

export const ORIGINAL_ID = `hd-${'0a'.repeat(16)}@firm.example`;
export const LOST = 'carla@gone.example';

export interface BounceForm {
  name: string;
  raw: Buffer;
  permanent: boolean;
  status?: string;
  /** A form that does not say whom it was for. */
  withoutRecipient?: boolean;
}

const DAEMON = {
  From: 'Mail Delivery System <MAILER-DAEMON@mx.example.com>',
  'Return-Path': '<>',
  'Message-ID': '<b1@mx.example.com>',
};
const ORIGINAL = `Message-ID: <${ORIGINAL_ID}>\r\nFrom: desk@firm.example\r\nTo: ${LOST}\r\nSubject: Re: A question\r\n`;

const report = (fields: string): MimePart => ({
  headers: { 'Content-Type': 'message/delivery-status' },
  body: Buffer.from(
    `Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Mon, 4 Mar 2024 10:11:12 +0100\r\n\r\n${fields}`,
  ),
});
const returned = (type = 'message/rfc822'): MimePart => ({
  headers: { 'Content-Type': type },
  body: Buffer.from(`${ORIGINAL}\r\n${type === 'message/rfc822' ? 'Hello' : ''}`),
});

function dsn(
  name: string,
  given: {
    action?: string;
    status: string;
    answer: string;
    copy?: string;
    headers?: Record<string, string>;
    words?: string;
  },
): BounceForm {
  const {
    action = 'failed',
    status,
    answer,
    copy,
    headers = {},
    words = 'Your mail could not be delivered.',
  } = given;
  const fields = `Final-Recipient: rfc822; ${LOST}\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; ${answer}\r\n`;
  const raw = rawMail(
    { ...DAEMON, Subject: 'Delivery Status Notification', ...headers },
    multipart('report; report-type=delivery-status', [text(words), report(fields), returned(copy)]),
  );
  return { name, raw, permanent: action === 'failed' && !status.startsWith('4'), status };
}

function prose(
  name: string,
  given: {
    headers?: Record<string, string>;
    body: string;
    permanent?: boolean;
    status?: string;
    withoutRecipient?: boolean;
  },
): BounceForm {
  const { headers = {}, body, permanent = true, status, withoutRecipient } = given;
  return {
    name,
    raw: rawMail({ ...DAEMON, ...headers }, body.replaceAll('\n', '\r\n')),
    permanent,
    status,
    withoutRecipient,
  };
}

const STATUSES: [string, string][] = [
  ['5.1.1', '550 5.1.1 <carla@gone.example>: Recipient address rejected: User unknown'],
  ['5.1.2', '550 5.1.2 Host unknown'],
  ['5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'],
  ['5.2.1', '550 5.2.1 The email account that you tried to reach is disabled'],
  ['5.2.2', '552 5.2.2 The recipient’s inbox is out of storage space'],
  ['5.4.1', '550 5.4.1 Recipient address rejected: Access denied'],
  ['5.4.14', '554 5.4.14 Hop count exceeded - possible mail loop'],
  ['5.7.1', '550 5.7.1 Message rejected due to policy'],
  ['5.7.26', '550-5.7.26 This mail has been blocked because the sender is unauthenticated'],
  ['4.4.1', '451 4.4.1 Connection timed out'],
  ['4.2.2', '452 4.2.2 Mailbox full'],
  ['4.7.0', '421 4.7.0 Try again later'],
];
const REPORTERS: [string, Record<string, string>, string | undefined][] = [
  [
    'Postfix',
    {
      From: 'MAILER-DAEMON@mx.example.com (Mail Delivery System)',
      Subject: 'Undelivered Mail Returned to Sender',
    },
    undefined,
  ],
  [
    'Gmail',
    {
      From: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      Subject: 'Delivery Status Notification (Failure)',
      'Auto-Submitted': 'auto-replied',
    },
    undefined,
  ],
  [
    'Exchange',
    {
      From: 'postmaster@outlook.example.com',
      Subject: 'Undeliverable: Re: A question',
      'X-MS-Exchange-Message-Is-Ndr': '',
    },
    'text/rfc822-headers',
  ],
  [
    'Sendmail',
    { From: 'Mail Delivery Subsystem <MAILER-DAEMON>', Subject: 'Returned mail: see transcript for details' },
    'text/rfc822-headers',
  ],
  [
    'Norwegian Exchange',
    { From: 'postmaster@firma.example.com', Subject: 'Kan ikke leveres: Re: A question', 'Return-Path': '' },
    undefined,
  ],
];

export const BOUNCES: BounceForm[] = [
  ...REPORTERS.flatMap(([server, headers, copy]) =>
    STATUSES.map(([status, answer]) => dsn(`${server}, ${status}`, { status, answer, headers, copy })),
  ),
  ...REPORTERS.map(([server, headers, copy]) =>
    dsn(`${server}, still trying`, {
      action: 'delayed',
      status: '4.4.1',
      answer: '451 4.4.1 No answer from host',
      headers,
      copy,
    }),
  ),
  prose('qmail', {
    headers: { From: 'MAILER-DAEMON@mx.example.com', Subject: 'failure notice' },
    body: `Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<${LOST}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 User unknown\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@firm.example>\n${ORIGINAL}\nHello`,
    status: '5.1.1',
  }),
  prose('Exim', {
    headers: {
      From: 'Mail Delivery System <Mailer-Daemon@mx.example.com>',
      Subject: 'Mail delivery failed: returning message to sender',
      'X-Failed-Recipients': LOST,
      'Auto-Submitted': 'auto-replied',
    },
    body: `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ${LOST}\n    host mx.gone.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<${LOST}>:\n    550 No such user here\n\n------ This is a copy of the message, including all the headers. ------\n\n${ORIGINAL}\nHello`,
    status: '5.0.0',
  }),
  prose('Exim, still trying', {
    headers: {
      From: 'Mail Delivery System <Mailer-Daemon@mx.example.com>',
      Subject: 'Warning: message 1rh delayed 24 hours',
    },
    body: `This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\nThe message identifier is: 1rh\n\nThe address to which the message has not yet been delivered is:\n\n  ${LOST}\n\nNo action is required on your part. Delivery attempts will continue.\n\n${ORIGINAL}`,
    permanent: false,
  }),
  prose('Yahoo', {
    headers: { From: 'MAILER-DAEMON@yahoo.example.com', Subject: 'Failure Notice' },
    body: `Sorry, we were unable to deliver your message to the following address.\n\n<${LOST}>:\n554: delivery error: dd This user doesn't have a yahoo.example.com account\n\n--- Below this line is a copy of the message.\n\n${ORIGINAL}\nHello`,
    status: '5.0.0',
  }),
  prose('a provider in German', {
    headers: {
      From: 'Mail Delivery System <mailer-daemon@kundenserver.example.de>',
      Subject: 'Mail delivery failed: returning message to sender',
    },
    body: `Diese Nachricht wurde automatisch erstellt. Ihre Nachricht konnte nicht zugestellt werden:\n\n${LOST}\n550 5.7.1 Zustellung abgelehnt\n\n> ${ORIGINAL.replaceAll('\r\n', '\n> ')}`,
    status: '5.7.1',
  }),
  prose('Exchange in prose, in Norwegian, known by its header alone', {
    headers: {
      From: 'Microsoft Outlook <postmaster@firma.example.no>',
      'Return-Path': '',
      Subject: 'Ikke levert: A question',
      'X-MS-Exchange-Message-Is-Ndr': 'true',
      'In-Reply-To': `<${ORIGINAL_ID}>`,
    },
    body: `Meldingen din til ${LOST} kunne ikke leveres.\n\ncarla ble ikke funnet hos gone.example.\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'`,
    status: '5.1.10',
  }),
  prose('a full mailbox that names nobody', {
    headers: {
      From: 'postmaster@mx.example.com',
      Subject: 'Returned mail',
      References: `<1@firm.example> <${ORIGINAL_ID}>`,
    },
    body: 'The recipient’s mailbox is full.\n552 5.2.2 Over quota\n',
    status: '5.2.2',
    withoutRecipient: true,
  }),
];
