// Answered mails as plain text, in the shapes that programs produce.
import {
  ADDRESS,
  APPLE,
  block,
  each,
  GMAIL,
  HISTORY,
  ORIGINAL,
  OUTLOOK,
  type QuotedMail,
  TELEPHONES,
  THUNDERBIRD,
  WORDS,
} from './quoting';

const asQuoted = (text: string) => text.replace(/^/gm, '> ');
/** Gmail wraps its line where it is long. */
const wrapped = (line: string) => line.replace(/(.{40,60}) /, '$1\n');

export const TEXT_MAILS: QuotedMail[] = [
  ...each(GMAIL, (line, language) => ({
    name: `Gmail in ${language}`,
    body: `${WORDS}\n\n${wrapped(line)}\n\n${asQuoted(HISTORY)}\n> \n> Kind regards\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(APPLE, (line, language) => ({
    name: `Apple Mail in ${language}`,
    body: `${WORDS}\n\n${line}\n\n${asQuoted(HISTORY)}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  {
    name: 'Apple Mail, its line quoted too',
    body: `${WORDS}\n\n> ${APPLE['English']}\n> \n${asQuoted(HISTORY)}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  ...each(THUNDERBIRD, (line, language) => ({
    name: `Thunderbird in ${language}, answered below`,
    body: `${line}\n${asQuoted(HISTORY)}\n\n${WORDS}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(OUTLOOK, (labels, language) => ({
    name: `Outlook in ${language}`,
    body: `${WORDS}\n\n${block(labels)}\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(ORIGINAL, (phrase, language) => ({
    name: `an older program in ${language}`,
    body: `${WORDS}\n\n-----${phrase}-----\n${block(OUTLOOK[language] ?? ['From', 'Sent', 'To', 'Subject'])}\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  })),
  ...each(TELEPHONES, (line, language) => ({
    name: `a telephone in ${language}`,
    body: `${WORDS}\n\n${line}\n\n${APPLE[language] ?? APPLE['English']}\n\n${asQuoted(HISTORY)}\n`,
    words: WORDS,
    folded: HISTORY,
    signature: line,
  })),
  {
    name: 'Outlook on the web, with a line of underscores',
    body: `${WORDS}\n________________________________\n${block(OUTLOOK['English'] as [string, string, string, string])}\n\n${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Outlook with bold labels in stars and a long list of recipients',
    body: `${WORDS}\n\n*From:* Help Desk <${ADDRESS}>\n*Sent:* Monday, 4 March 2024 10:11\n*To:* Carla <carla@example.com>; Anna\n<anna@example.com>; Bo <bo@example.com>\n*Cc:* Dina\n*Subject:* Invoice\n\n${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Yahoo, which marks no line',
    body: `${WORDS}\n\n    On Monday, March 4, 2024 at 10:11:12 AM GMT+1, Help Desk <${ADDRESS}> wrote:  \n \n ${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Proton',
    body: `${WORDS}\n\nSent with [Proton Mail](https://proton.me/) secure email.\n\nOn Monday, March 4th, 2024 at 10:11 AM, Help Desk <${ADDRESS}> wrote:\n\n> ${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
    signature: 'Sent with [Proton Mail](https://proton.me/) secure email.',
  },
  {
    name: 'Zoho, with dashes around its line',
    body: `${WORDS}\n\n\n---- On Mon, 04 Mar 2024 10:11:12 +0100 Help Desk <${ADDRESS}> wrote ----\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'Notes, with its labels in another order',
    body: `${WORDS}\n\n-----Help Desk wrote: -----\nTo: Carla\nFrom: Help Desk\nDate: 03/04/2024\nSubject: Invoice\n\n${HISTORY}\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'a signature between words and quote',
    body: `${WORDS}\n\n-- \nCarla Olsen\nOlsen AS\n\n${GMAIL['English']}\n\n> ${HISTORY}`,
    words: WORDS,
    folded: HISTORY,
    signature: '--\nCarla Olsen\nOlsen AS',
  },
  {
    name: 'a signature below the quote',
    body: `${WORDS}\n\n${GMAIL['Norwegian']}\n\n> ${HISTORY}\n\n-- \nCarla Olsen`,
    words: WORDS,
    folded: HISTORY,
    signature: '--\nCarla Olsen',
  },
  { name: 'a signature and no quote', body: `${WORDS}\n--\nCarla`, words: WORDS, signature: '--\nCarla' },
  {
    name: 'quoted lines without attribution',
    body: `${WORDS}\n\n> ${HISTORY}\n>> And before that.`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'quotes within quotes',
    body: `${WORDS}\n\n${GMAIL['German']}\n\n> ${HISTORY}\n>\n> ${GMAIL['English']}\n>\n> > Where is it?\n`,
    words: WORDS,
    folded: HISTORY,
  },
  {
    name: 'answers between quoted lines',
    body: `${GMAIL['English']}\n\n> Which colour?\n\nThe blue one.\n\n> How many?\n\nThree, please.\n`,
    words: `${GMAIL['English']}\n\n> Which colour?\n\nThe blue one.\n\n> How many?\n\nThree, please.`,
  },
  {
    name: 'answers between quoted lines, and a rest that nobody answered',
    body: `${GMAIL['English']}\n> Which colour?\nThe blue one.\n> How many?\nThree, please.\n> Kind regards\n> The desk`,
    words: `${GMAIL['English']}\n> Which colour?\nThe blue one.\n> How many?\nThree, please.`,
    folded: '> Kind regards\n> The desk',
  },
  {
    name: 'nothing but a quote',
    body: `${GMAIL['English']}\n\n> ${HISTORY}`,
    words: `${GMAIL['English']}\n\n> ${HISTORY}`,
  },
  { name: 'nothing but a signature', body: 'Sent from my iPhone', words: 'Sent from my iPhone' },
  {
    name: 'a forwarded mail',
    body: `See below.\n\n---------- Forwarded message ---------\n${block(['From', 'Date', 'To', 'Subject'])}\n\n${HISTORY}`,
    words: `See below.\n\n---------- Forwarded message ---------\n${block(['From', 'Date', 'To', 'Subject'])}\n\n${HISTORY}`,
  },
  {
    name: 'a mail forwarded by Outlook',
    subject: 'VS: Invoice',
    body: `See below.\n\n${block(OUTLOOK['Norwegian'] as [string, string, string, string])}\n\n${HISTORY}`,
    words: `See below.\n\n${block(OUTLOOK['Norwegian'] as [string, string, string, string])}\n\n${HISTORY}`,
  },
  {
    name: 'a form with labels of its own',
    body: 'New request\n\nFrom: Carla\nPhone: 123\nDate: 4 March\n\nMessage: hello',
    words: 'New request\n\nFrom: Carla\nPhone: 123\nDate: 4 March\n\nMessage: hello',
  },
  {
    name: 'a sentence that only looks like an attribution',
    body: 'On Monday Anna wrote:\nplease call me back',
    words: 'On Monday Anna wrote:\nplease call me back',
  },
  {
    name: 'a colon and a date in ordinary words',
    body: 'We met on 4 March 2024 and agreed:\n- three boxes\n- two lids',
    words: 'We met on 4 March 2024 and agreed:\n- three boxes\n- two lids',
  },
  {
    name: 'a line of dashes in ordinary words',
    body: 'First part\n----------\nSecond part',
    words: 'First part\n----------\nSecond part',
  },
  {
    name: 'words like an old program’s without its dashes',
    body: 'I lost the\noriginal message\nsorry',
    words: 'I lost the\noriginal message\nsorry',
  },
];
