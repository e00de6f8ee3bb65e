// Archives of old mail, written by us in the shapes that Gmail, Thunderbird and converters of Outlook's files give them.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (n: number) => String(n).padStart(2, '0');

/** RFC 5322, in UTC. */
export function mailDate(at: number): string {
  const date = new Date(at);
  const day = `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

/** As `From ` lines have it: `Fri Jul  8 12:08:34 2011`. */
export function ctime(at: number, zone = ''): string {
  const date = new Date(at);
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} ${zone}${date.getUTCFullYear()}`;
}

export interface OldMail {
  id?: string;
  from?: string;
  to?: string;
  cc?: string;
  subject?: string;
  at: number;
  /** What it answers; both headers name it. */
  answers?: string[];
  words?: string;
  headers?: Record<string, string>;
}

const CARLA = 'Carla Olsen <carla@mail.example>';

/** One mail, with CRLF as it travelled. */
export function oldMail({
  id,
  from = CARLA,
  to = 'support@teapot.example',
  cc,
  at,
  answers = [],
  ...more
}: OldMail): string {
  const headers: Record<string, string> = {
    ...(more.headers ?? {}),
    From: from,
    To: to,
    ...(cc ? { Cc: cc } : {}),
    Subject: more.subject ?? 'A kettle',
    ...(id ? { 'Message-ID': `<${id}>` } : {}),
    Date: mailDate(at),
    ...(answers.length > 0
      ? {
          'In-Reply-To': `<${answers.at(-1)}>`,
          References: answers.map((one) => `<${one}>`).join(' '),
        }
      : {}),
    'Content-Type': 'text/plain; charset=utf-8',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${head.join('')}\r\n${more.words ?? 'It does not boil.'}\r\n`;
}

const quoted = (mail: string) => mail.replace(/^(>*From )/gm, '>$1');

/** Google's Takeout: CRLF, quoted, a number for a sender, labels in a header of each mail. */
export const gmailTakeout = (mails: OldMail[]): Buffer =>
  Buffer.from(
    mails
      .map(
        (mail, n) =>
          `From ${1790000000000000000n + BigInt(n)}@xxx ${ctime(mail.at, '+0000 ')}\r\n${quoted(oldMail(mail))}\r\n`,
      )
      .join(''),
  );

/** Thunderbird: LF, `From -`, marks of its own, nothing quoted. */
export const thunderbird = (mails: OldMail[]): Buffer =>
  Buffer.from(
    mails
      .map(({ headers = {}, ...mail }) => {
        const own = { 'X-Mozilla-Status': '0001', 'X-Mozilla-Status2': '00000000', ...headers };
        return `From - ${ctime(mail.at)}\n${oldMail({ ...mail, headers: own }).replaceAll('\r\n', '\n')}\n`;
      })
      .join(''),
  );

/** Converters of Outlook's files: LF, a name in quotes that may hold anything, quoted. */
export const fromOutlook = (mails: OldMail[]): Buffer =>
  Buffer.from(
    mails
      .map(
        (mail) =>
          `From "Carla From Oslo" ${ctime(mail.at)}\n${quoted(oldMail(mail)).replaceAll('\r\n', '\n')}\n`,
      )
      .join(''),
  );

/** Carla asks, Teapot answers, Carla asks again; each names those before it. */
export const conversationAt = (ago: (days: number, minutes?: number) => number, days: number): OldMail[] => [
  { id: 'q1@mail.example', at: ago(days), words: 'Question' },
  {
    id: 'a1@teapot.example',
    at: ago(days, 10),
    from: 'Teapot <support@teapot.example>',
    to: 'Carla Olsen <carla@mail.example>',
    answers: ['q1@mail.example'],
    words: 'Answer',
  },
  {
    id: 'q2@mail.example',
    at: ago(days, 20),
    answers: ['q1@mail.example', 'a1@teapot.example'],
    words: 'Thanks',
  },
];
