// The evidence about a mail as a page that prints well, and as plain text.
import { problemWords } from '../../mail';
import type { PageModel, Reader } from '../../web';
import type { Evidence } from './evidence';
import { stateSlug } from './present';

interface Fact {
  name: string;
  value: string;
}

/** views/tickets/evidence */
export interface EvidencePage extends PageModel {
  t: Reader['t'];
  lead: string;
  facts: Fact[];
  words: string;
  attempts: { title: string; facts: Fact[]; answer: string }[];
  back: string;
  text: string;
  json: string;
}

export function evidencePage(reader: Reader, evidence: Evidence, here: string): EvidencePage {
  const { t } = reader;
  return {
    title: t('evidence.title', { number: evidence.ticket }),
    current: 'inbox',
    t,
    lead: t('evidence.lead', { firm: evidence.firm, at: timeOf(reader, evidence.asOf) }),
    facts: factsOfMail(reader, evidence),
    words: evidence.words,
    attempts: attemptsOf(reader, evidence),
    back: here.slice(0, here.indexOf('/messages/')),
    text: `${here}.txt`,
    json: `${here}.json`,
  };
}

/** The same page as text: names and values, the words indented, one paragraph an attempt. */
export function evidenceText(reader: Reader, evidence: Evidence): string {
  const { t } = reader;
  const named = (facts: Fact[]) => facts.map(({ name, value }) => `${name}: ${value}`);
  const indented = (text: string) => text.split('\n').map((line) => `    ${line}`);
  return [
    t('evidence.title', { number: evidence.ticket }),
    t('evidence.lead', { firm: evidence.firm, at: timeOf(reader, evidence.asOf) }),
    '',
    ...named(factsOfMail(reader, evidence)),
    '',
    `${t('evidence.words')}:`,
    ...indented(evidence.words),
    ...attemptsOf(reader, evidence).flatMap(({ title, facts, answer }) => [
      '',
      title,
      ...named(facts),
      `${t('evidence.answer')}:`,
      ...indented(answer),
    ]),
    '',
  ].join('\n');
}

function factsOfMail(reader: Reader, evidence: Evidence): Fact[] {
  const { t, format } = reader;
  const files = evidence.files.map(({ name, size }) => `${name} (${format.size(size)})`).join(', ');
  const facts: [name: string, value: string | null][] = [
    ['state', t(`outbox.state.${stateSlug(evidence.state)}`)],
    ['subject', evidence.subject],
    ['from', evidence.mailbox],
    ['author', evidence.author],
    ['to', evidence.recipients.join(', ')],
    ['messageId', evidence.messageId],
    ['writtenAt', timeOf(reader, evidence.writtenAt)],
    ['acceptedAt', evidence.acceptedAt && timeOf(reader, evidence.acceptedAt)],
    ['dismissedBy', evidence.dismissedBy],
    ['keptIn', evidence.keptIn && `${evidence.keptIn}, ${timeOf(reader, evidence.keptAt ?? '')}`],
    ['files', files],
    // Of one that was taken, the last attempt says it.
    [
      'lastAnswer',
      evidence.state === 'sent' ? null : evidence.lastAnswer && problemWords(t, evidence.lastAnswer),
    ],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ name: t(`evidence.${name}`), value }] : []));
}

const attemptsOf = (reader: Reader, { attempts }: Evidence): EvidencePage['attempts'] =>
  attempts.map((attempt, n) => {
    const { t, format } = reader;
    const outcome = attempt.stage ? `outbox.refusedAt.${attempt.stage}` : `outbox.outcome.${attempt.outcome}`;
    const facts: [name: string, value: string | null][] = [
      ['at', timeOf(reader, attempt.at)],
      ['server', attempt.server],
      ['outcome', t(outcome)],
      ['to', attempt.recipients.join(', ')],
      ['size', attempt.size === null ? null : `${format.number(attempt.size)} B`],
      ['sha256', attempt.sha256],
    ];
    return {
      title: t('evidence.attempt', { n: n + 1 }),
      facts: facts.flatMap(([name, value]) => (value ? [{ name: t(`evidence.${name}`), value }] : [])),
      answer: problemWords(t, attempt.answer),
    };
  });

/** In the reader's zone, which is named, and in UTC to the second: it is read by others, elsewhere. */
const timeOf = ({ format, zone }: Reader, iso: string): string =>
  `${format.time(Date.parse(iso)).text} ${zone} (${iso})`;
