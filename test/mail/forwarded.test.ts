// From whom a mail is that somebody passes on, in the shapes that mail programs give it (M15).
import { forwardedFrom } from '../../server/mail';
import type { MailAttachment } from '../../server/mail/parsed-mail';

const CARLA = { name: 'Carla Jensen', address: 'carla@mail.example' };
const of = (subject: string, lines: string[], attachments: MailAttachment[] = []) =>
  forwardedFrom({ subject, words: lines.join('\n'), attachments });

test.each([
  [
    'Gmail',
    'Fwd: My kettle',
    [
      'Can you take this one?',
      '',
      '---------- Forwarded message ---------',
      'From: Carla Jensen <carla@mail.example>',
      'Date: Mon, 2 Nov 2026 at 10:11',
      'Subject: My kettle',
      'To: Ana <ana@teapot.example>',
      '',
      '',
      'It leaks.',
    ],
  ],
  [
    'Outlook',
    'FW: My kettle',
    [
      'Please help her.',
      '',
      '________________________________',
      'From: Carla Jensen <carla@mail.example>',
      'Sent: Monday, November 2, 2026 10:11 AM',
      'To: Ana <ana@teapot.example>',
      'Subject: My kettle',
      '',
      'It leaks.',
    ],
  ],
  [
    'Outlook in Norwegian, with a mailto and stars',
    'VS: Kjelen min',
    [
      'Se under.',
      '',
      '*Fra:* Carla Jensen [mailto:carla@mail.example]',
      '*Sendt:* mandag 2. november 2026 10:11',
      '*Til:* Ana <ana@teapot.example>',
      '*Emne:* Kjelen min',
      '',
      'Den lekker.',
    ],
  ],
  [
    'Apple Mail, quoted',
    'Fwd: My kettle',
    [
      '> Begin forwarded message:',
      '>',
      '> From: "Carla Jensen" <carla@mail.example>',
      '> Subject: My kettle',
      '> Date: 2 November 2026 at 10:11:12 CET',
      '> To: Ana <ana@teapot.example>',
      '>',
      '> It leaks.',
    ],
  ],
  [
    'Thunderbird, where From is not the first',
    'Fwd: My kettle',
    [
      '-------- Forwarded Message --------',
      'Subject: \tMy kettle',
      'Date: \tMon, 2 Nov 2026 10:11:12 +0100',
      'From: \tCarla Jensen <carla@mail.example>',
      'To: \tana@teapot.example',
      '',
      'It leaks.',
    ],
  ],
  [
    'Latvian',
    'Pārs: Mana tējkanna',
    [
      '---------- Pārsūtītais ziņojums ---------',
      'No: Carla Jensen <carla@mail.example>',
      'Datums: pirmd., 2026. g. 2. nov., plkst. 10:11',
      'Temats: Mana tējkanna',
      'Kam: ana@teapot.example',
      '',
      'Tā tek.',
    ],
  ],
])('M15: %s', (_program, subject, lines) => {
  expect(of(subject, lines)).toEqual(CARLA);
});

const attached = (content: string): MailAttachment => ({
  name: 'My kettle.eml',
  declaredType: 'message/rfc822',
  type: '',
  inline: false,
  content: Buffer.from(content),
  size: content.length,
});

test('M15: one that is attached whole', () => {
  const mail =
    'From: =?utf-8?Q?Carla_J=C3=A9nsen?= <carla@mail.example>\r\nSubject: My kettle\r\n\r\nIt leaks.\r\n';
  expect(of('Fwd: My kettle', ['Please help her.'], [attached(mail)])).toEqual({
    name: 'Carla Jénsen',
    address: 'carla@mail.example',
  });
});

test.each([
  [
    'an answer that quotes',
    'Re: My kettle',
    ['Yes.', '', 'From: Carla <carla@mail.example>', 'Sent: Monday', 'To: us', 'Subject: My kettle'],
  ],
  ['a subject alone', 'Fwd: My kettle', ['She wrote to me about a kettle.']],
  [
    'a name without an address',
    'FW: My kettle',
    ['From: Carla Jensen', 'Sent: Monday', 'To: Ana', 'Subject: My kettle'],
  ],
  [
    'an address that no mail can go to',
    'FW: My kettle',
    ['From: Carla <carla@[127.0.0.1]>', 'Sent: Monday', 'To: Ana', 'Subject: x'],
  ],
  ['a single line that looks like one', 'Fwd: My kettle', ['From: carla@mail.example', '', 'wrote to me']],
])('M15: nobody is made up from %s', (_what, subject, lines) => {
  expect(of(subject, lines)).toBeUndefined();
});
