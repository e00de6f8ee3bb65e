// The readable part of an export: pages that need nothing but themselves, in the person's language.
import type { App } from '../app';
import { queryColumn } from '../db';
import { type Format, formats, isLocale, type Locale, type Translate } from '../i18n';
import { firmOf } from '../settings';
import { openTemplates } from '../web';
import type { MessageData, Person, Receiver, Row, Rows, TicketData } from './export-data';
import { TABLES } from './map';
import { findRules } from './rules';

export interface Writer {
  locale: Locale;
  t: Translate;
  format: Format;
  /** `privacy/export/index` → HTML. */
  render(view: string, model: object): string;
}

export function writerFor(app: App, customer: Person): Writer {
  const firm = firmOf(app);
  const locale = isLocale(customer.language) ? customer.language : firm.language;
  const zone = customer.time_zone ?? firm.timeZone;
  return {
    locale,
    t: app.catalogues[locale],
    format: formats()(locale, zone),
    render: openTemplates((name) => name, 'privacy/export/'),
  };
}

export interface ShownMessage {
  author: string;
  at: string;
  /** Reply, note among colleagues, noted by the system. */
  kind: string;
  words: string[];
  quote: string[];
  from?: string;
  to?: string;
  cc?: string;
  files: { name: string; href: string }[];
}

/** Where an attachment and a raw mail lie in the archive; the page links there. */
export type PlaceOf = (message: MessageData, file: Row) => string;

export function ticketPage(writer: Writer, receiver: Receiver, data: TicketData, placeOf: PlaceOf): string {
  const { t, format } = writer;
  const shown = data.messages.map((message) => shownMessage(writer, receiver, message, placeOf));
  return writer.render('privacy/export/ticket', {
    t,
    lang: writer.locale,
    company: receiver.company,
    title: t('privacy.export.ticket', { number: Number(data.ticket['number']) }),
    subject: String(data.ticket['subject'] ?? ''),
    facts: [
      { name: t('privacy.export.opened'), value: format.time(Number(data.ticket['created_at'])).text },
      {
        name: t('privacy.export.status'),
        value: t(`privacy.export.status.${String(data.ticket['status']).replace(' ', '-')}`),
      },
    ],
    role: data.own ? undefined : t('privacy.export.inCopy'),
    messages: shown,
    leftOut: data.leftOut > 0 ? t('privacy.export.leftOut', { n: data.leftOut }) : undefined,
  });
}

function shownMessage(
  { t, format }: Writer,
  receiver: Receiver,
  message: MessageData,
  placeOf: PlaceOf,
): ShownMessage {
  const { row } = message;
  const facts = JSON.parse(String(row['facts'] ?? '{}')) as {
    from?: { address: string };
    to?: string[];
    cc?: string[];
  };
  const isSystem = row['kind'] === 'system';
  return {
    author: isSystem ? receiver.company : String(row['author_name'] ?? ''),
    at: format.time(Number(row['created_at'])).text,
    kind: t(`privacy.export.kind.${row['kind']}`),
    words: paragraphs(row['words']),
    quote: paragraphs(row['quote']),
    from: facts.from?.address,
    to: facts.to?.join(', '),
    cc: facts.cc?.length ? facts.cc.join(', ') : undefined,
    files: message.attachments.map((file) => ({
      name: String(file['name']),
      href: `../${placeOf(message, file)}`,
    })),
  };
}

const paragraphs = (text: string | number | null | undefined) =>
  String(text ?? '')
    .split('\n')
    .map((line) => line.trimEnd());

export interface Index {
  tickets: { href: string; number: number; subject: string; at: string }[];
  rows: Rows;
  withheld: { n: number; reason: string } | undefined;
}

const findServers = queryColumn<[customerId: number], string>(`
  SELECT DISTINCT outbox_attempts.server FROM tickets JOIN messages ON messages.ticket_id = tickets.id
    JOIN outbox ON outbox.message_id = messages.id JOIN outbox_attempts ON outbox_attempts.outbox_id = outbox.id
   WHERE tickets.customer_id = ? LIMIT 50`);

/** To whom else what was written to the person went. */
const findReaders = queryColumn<
  [customerId: number, sameCustomer: number, thirdTime: number, fourthTime: number],
  string
>(`
  SELECT value FROM tickets JOIN messages ON messages.ticket_id = tickets.id, json_each(messages.facts, '$.to')
   WHERE tickets.customer_id = ? AND author_kind = 'agent'
   UNION
  SELECT value FROM tickets JOIN messages ON messages.ticket_id = tickets.id, json_each(messages.facts, '$.cc')
   WHERE tickets.customer_id = ? AND author_kind = 'agent'
   UNION
  SELECT value FROM tickets JOIN messages ON messages.ticket_id = tickets.id, json_each(messages.facts, '$.bcc')
   WHERE tickets.customer_id = ? AND author_kind = 'agent'
   UNION
  SELECT value FROM tickets JOIN messages ON messages.ticket_id = tickets.id, json_each(messages.facts, '$.forwarded.to')
   WHERE tickets.customer_id = ? AND author_kind = 'agent' ORDER BY 1`);

/** Named, as Art. 15(1)(c) asks: people who got a copy, and mail servers. */
const recipientsOf = (app: App, receiver: Receiver): string[] => [
  ...findReaders(app.db, receiver.id, receiver.id, receiver.id, receiver.id).filter(
    (address) => !receiver.addresses.has(address.toLowerCase()),
  ),
  ...findServers(app.db, receiver.id),
];

/** The first page: what this is, the information of Art. 15(1) and (2), and where everything lies. */
export function indexPage(
  app: App,
  writer: Writer,
  receiver: Receiver,
  customer: Person,
  index: Index,
  at: number,
): string {
  const { t, format } = writer;
  return writer.render('privacy/export/index', {
    t,
    lang: writer.locale,
    title: t('privacy.export.title', { name: customer.name }),
    made: t('privacy.export.made', { company: receiver.company, at: format.time(at).text }),
    person: [
      { name: t('privacy.export.name'), value: customer.name },
      ...(customer.copiedAs ? [{ name: t('privacy.export.address.email'), value: customer.copiedAs }] : []),
      ...(index.rows['customer_addresses'] ?? []).map((row) => ({
        name: t(`privacy.export.address.${row['kind']}`),
        value: `${row['address']} (${t(row['verified_at'] === null ? 'privacy.export.claimed' : 'privacy.export.verified')})`,
      })),
      { name: t('privacy.export.since'), value: format.day(customer.created_at).text },
      ...(index.rows['customer_notes'] ?? []).map((row) => ({
        name: t('privacy.export.note', { day: format.day(Number(row['created_at'])).text }),
        value: String(row['words']),
      })),
    ],
    tickets: index.tickets,
    reads: (index.rows['read_log'] ?? []).map((row) => ({
      at: format.time(Number(row['at'])).text,
      act: t(`privacy.export.read.${row['act']}`),
    })),
    consents: (index.rows['consents'] ?? []).map((row) => ({
      purpose: String(row['purpose']),
      at: format.day(Number(row['given_at'])).text,
    })),
    withheld: index.withheld && t('privacy.export.withheld', index.withheld),
    information: informationOf(app, writer, receiver),
  });
}

/** Art. 15(1) a to h and (2), as far as a program can know them; the firm answers for the rest. */
export function informationOf(
  app: App,
  { t }: Writer,
  receiver: Receiver,
): { title: string; lines: string[] }[] {
  const reached = TABLES.filter((table) =>
    Object.values(table.columns).some((column) => ['customer', 'visitor', 'anyone'].includes(column.whose)),
  );
  const purposes = [...new Set(reached.map((table) => table.why))];
  const kinds = [
    ...new Set(reached.flatMap((table) => Object.values(table.columns).map((column) => column.kind))),
  ].filter((kind) => kind !== 'none');
  const rules = findRules(app.db).filter((rule) => rule.is_on === 1);
  const recipients = recipientsOf(app, receiver);
  return [
    { title: t('privacy.export.who'), lines: [receiver.company] },
    { title: t('privacy.export.purposes'), lines: purposes.map((why) => t(`privacy.why.${why}`)) },
    { title: t('privacy.export.categories'), lines: kinds.map((kind) => t(`privacy.kind.${kind}`)) },
    {
      title: t('privacy.export.recipients'),
      lines: recipients.length > 0 ? recipients : [t('privacy.export.noRecipients')],
    },
    {
      title: t('privacy.export.periods'),
      lines:
        rules.length > 0
          ? rules.map((rule) => t(`privacy.rule.${rule.kind}`, { days: rule.days }))
          : [t('privacy.export.noPeriod')],
    },
    {
      title: t('privacy.export.rights'),
      lines: [t('privacy.export.rights.words'), t('privacy.export.complaint')],
    },
    { title: t('privacy.export.source'), lines: [t('privacy.export.source.words')] },
    { title: t('privacy.export.automated'), lines: [t('privacy.export.automated.words')] },
    { title: t('privacy.export.transfers'), lines: [t('privacy.export.transfers.words')] },
  ];
}
