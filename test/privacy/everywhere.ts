// One person who has left something in every place where a person can, and another whose ticket must stay whole.
import { attach, storeBytes } from '../../server/attachments';
import { type CustomerRow, findCustomerByAddress, insertRead } from '../../server/customers';
import { randomId } from '../../server/lib/ids';
import { keepMail, localMailbox } from '../../server/mail';
import { beginExport, performExport } from '../../server/privacy/exports';
import { keepDraft, noteOnTicket, replyToTicket, type Ticket } from '../../server/tickets';
import { countTry } from '../../server/web';
import { ask, openSite, say } from '../support/chatting';
import { letter, type Place } from './place';

/** Stands in each thing of theirs and in nothing else. */
export const MARK = 'qzxmark';
export const ADDRESS = `carla.${MARK}@mail.example`;
export const NAME = `Carla ${MARK.toUpperCase()}`;
export const ORDER = `ORD-20417-${MARK}`;
export const COMPLAINT = `The kettle whistles the ${MARK} tune all night and my neighbours knock at the wall about it, order ${ORDER}.`;

export interface Everywhere {
  carla: CustomerRow;
  /** Her own. */
  ticket: Ticket;
  /** Per's, on which she is in copy, wrote, and was quoted. */
  joint: Ticket;
  /** Of somebody who never met her; an agent quoted her there. */
  foreign: Ticket;
}

const base64 = (text: string) =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
const quotedPrintable = (text: string) => text.replace(/tune all/, 'tu=\nne all').replace(/night/, 'n=69ght');

export async function leaveEverywhere(place: Place): Promise<Everywhere> {
  const { app, ana } = place;
  const arrive = async (parts: Parameters<typeof letter>[0]) =>
    (await place.arrives(letter(parts))) as Ticket;

  const ticket = await arrive({
    from: `${NAME} <${ADDRESS}>`,
    subject: `About ${MARK} kettles`,
    id: `first-${MARK}@mail.example`,
    body: `${COMPLAINT}\n\n-- \n${NAME}\n+47 912 34 567 ${MARK}`,
  });
  await place.arrives(mimeLetter());
  const carla = findCustomerByAddress(app.db, ADDRESS) as CustomerRow;
  await fillOwnTicket(place, carla, ticket);
  chatAs(place);

  const per = { from: 'Per Olsen <per@mail.example>' };
  const joint = await arrive({
    ...per,
    cc: `${NAME} <${ADDRESS}>`,
    subject: 'Shared delivery',
    id: 'per-1@mail.example',
    body: 'We share one delivery, my colleague reads along.',
  });
  place.app.db.sql
    .prepare(
      "UPDATE participants SET state = 'accepted', customer_id = ? WHERE ticket_id = ? AND address_key = ?",
    )
    .run(carla.id, joint.id, ADDRESS);
  await arrive({
    from: `${NAME} <${ADDRESS}>`,
    subject: 'Re: Shared delivery',
    inReplyTo: 'per-1@mail.example',
    id: `second-${MARK}@mail.example`,
    body: `Yes, ${MARK}.\n${COMPLAINT}`,
  });
  await arrive({
    ...per,
    subject: 'Re: Shared delivery',
    inReplyTo: `second-${MARK}@mail.example`,
    id: 'per-2@mail.example',
    body: `I agree with her.\n\nOn Friday, ${NAME} <${ADDRESS}> wrote:\n> Yes, ${MARK}.\n> ${COMPLAINT.slice(0, 60)}\n> ${COMPLAINT.slice(60)}`,
  });
  await arrive({
    ...per,
    subject: 'Re: Shared delivery',
    inReplyTo: 'per-1@mail.example',
    id: 'per-3@mail.example',
    headers: 'Content-Transfer-Encoding: base64',
    body: base64(`Once more in another coding:\n> ${COMPLAINT}\n`),
  });
  const reply = {
    clientId: randomId(),
    seenSequence: 99,
    words: `Dear both, we saw that ${NAME} wrote about ${ORDER}.`,
    thenStatus: 'pending' as const,
    sendAnyway: true,
  };
  app.db.tx(() => replyToTicket(app, ana, place.ticketNow(joint), reply));
  await attachTo(place, joint, 'delivery.csv', `sender,words\nperson,${COMPLAINT}\n`);

  const foreign = await arrive({
    from: 'Inga Berg <inga@mail.example>',
    subject: 'A question',
    body: 'Do you sell spouts?',
  });
  app.db.tx(() =>
    noteOnTicket(app, ana, foreign, { clientId: randomId(), words: `Same as ${ADDRESS} said: ${COMPLAINT}` }),
  );
  app.db.tx(() => keepDraft(app, ana, foreign, 'reply', `As ${NAME} told us about ${ORDER}`));
  leaveTraces(place, carla, foreign);
  app.followers.catchUp();
  return { carla, ticket, joint: place.ticketNow(joint), foreign };
}

/** HTML, an inline picture and a file, in codings that hide words from a plain search. */
function mimeLetter(): string {
  const boundary = '----parts';
  return [
    `From: =?utf-8?B?${Buffer.from(NAME).toString('base64')}?= <${ADDRESS}>`,
    'To: desk@teapot.example',
    `Subject: =?utf-8?Q?Second_${MARK}?=`,
    `Message-ID: <mime-${MARK}@mail.example>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    quotedPrintable(`<p>${COMPLAINT}</p><blockquote>${MARK} quoted</blockquote>`),
    `--${boundary}`,
    `Content-Type: text/plain; name="${MARK}.txt"`,
    `Content-Disposition: attachment; filename="${MARK}.txt"`,
    'Content-Transfer-Encoding: base64',
    '',
    base64(`A file with ${MARK} in it. ${COMPLAINT}`),
    `--${boundary}--`,
    '',
  ].join('\n');
}

async function fillOwnTicket(place: Place, carla: CustomerRow, ticket: Ticket): Promise<void> {
  const { app, ana } = place;
  const words = (text: string) => ({ clientId: randomId(), words: text });
  app.db.tx(() => noteOnTicket(app, ana, place.ticketNow(ticket), words(`${NAME} called, ${MARK} again`)));
  const reply = {
    ...words(`Dear Carla, about ${MARK}: sorry.`),
    seenSequence: 99,
    thenStatus: 'solved' as const,
    sendAnyway: true,
  };
  app.db.tx(() => replyToTicket(app, ana, place.ticketNow(ticket), reply));
  app.db.tx(() => keepDraft(app, ana, ticket, 'note', `Ask ${MARK}`));
  const run = (sql: string, ...values: (string | number)[]) => app.db.sql.prepare(sql).run(...values);
  run(
    'INSERT INTO customer_notes (customer_id, agent_id, words, created_at) VALUES (?, 1, ?, 1)',
    carla.id,
    `Likes ${MARK}`,
  );
  run(
    "INSERT INTO customer_addresses (customer_id, kind, address, address_key, created_at) VALUES (?, 'phone', ?, ?, 1)",
    carla.id,
    `+4791234567${MARK}`,
    `+4791234567${MARK}`,
  );
  run(
    "INSERT INTO consents (customer_id, purpose, wording, wording_version, language, page, given_at) VALUES (?, 'news', ?, 1, 'en', '/', 1)",
    carla.id,
    `I, ${MARK}, agree`,
  );
  run(
    "INSERT INTO holds (customer_id, ground, reason, review_at, created_at, released_at) VALUES (?, 'e', ?, 1, 1, 2)",
    carla.id,
    `${MARK} sued`,
  );
  run(
    "INSERT INTO custom_fields (subject_kind, name, type, created_at) VALUES ('customer', 'Shoe', 'text', 1), ('ticket', 'Batch', 'text', 1)",
  );
  run(
    'INSERT INTO custom_field_values (field_id, subject_id, text_value) VALUES (1, ?, ?), (2, ?, ?)',
    carla.id,
    `${MARK} 42`,
    ticket.id,
    `${MARK} 7`,
  );
  run(
    "INSERT INTO outbox_attempts (outbox_id, at, server, outcome, answer) SELECT id, 1, 'mx', 'failed', ? FROM outbox LIMIT 1",
    `550 <${ADDRESS}> unknown`,
  );
  const publicId = app.db.tx(() => beginExport(app, ana, carla, { notes: [], reason: '' }));
  const [row] = place.rows<{ id: number }>('SELECT id FROM exports WHERE public_id = ?', publicId);
  await performExport(app, row?.id as number);
  insertRead(app.db, 1, ana.id, 'opened', carla.id, ticket.id);
}

function chatAs(place: Place): void {
  const asked = ask(place, openSite(place), {
    name: NAME,
    email: ADDRESS,
    words: `In the chat: ${COMPLAINT}`,
    page: `https://teapot.example/?who=${MARK}`,
  });
  say(place, asked, `And more of ${MARK}`);
}

async function attachTo(place: Place, ticket: Ticket, name: string, text: string): Promise<void> {
  const file = await storeBytes(place.app, Buffer.from(text));
  const [message] = place.messagesOf(ticket);
  place.app.db.tx(() =>
    attach(
      place.app,
      { kind: 'message', id: message?.id as number },
      { file, name, declaredType: 'text/csv', type: '' },
    ),
  );
}

/** Where nobody would look: tries, tags, answers of servers, other customers' notes, the tray. */
function leaveTraces(place: Place, carla: CustomerRow, foreign: Ticket): void {
  const { app } = place;
  const run = (sql: string, ...values: (string | number)[]) => app.db.sql.prepare(sql).run(...values);
  app.db.tx(() => countTry(app, [`sign-in ${ADDRESS} 192.0.2.0`]));
  run('INSERT INTO tags (name, name_key, created_at) VALUES (?, ?, 1)', ADDRESS, ADDRESS);
  run('INSERT INTO ticket_tags SELECT ?, id FROM tags', foreign.id);
  run(
    'INSERT INTO customer_notes (customer_id, agent_id, words, created_at) VALUES (?, 1, ?, 1)',
    foreign.customer_id,
    `Sister of ${NAME}, ${ADDRESS}`,
  );
  run('UPDATE mailboxes SET last_error = ?', `550 ${ADDRESS} was refused`);
  run(
    "INSERT INTO mail_checks (mailbox_id, folder, started_at, ended_at, missed, error) SELECT id, 'INBOX', 1, 2, 1, ? FROM mailboxes LIMIT 1",
    `NO ${ADDRESS} is over quota`,
  );
  run(
    "INSERT INTO mail_check_differences (check_id, uid, header_message_id, sender, subject, outcome) SELECT id, 1, ?, ?, ?, 'fetched' FROM mail_checks LIMIT 1",
    `missed-${MARK}@mail.example`,
    `${NAME} <${ADDRESS}>`,
    `Missed ${MARK}`,
  );
  run(
    "INSERT INTO organizations (public_id, name, notes, created_at, updated_at) VALUES ('consulting', ?, ?, 1, 1)",
    `${NAME} Consulting`,
    `Ask for ${NAME}, ${ADDRESS}`,
  );
  run(
    "INSERT INTO job_runs (name, started_at, outcome, error) VALUES ('x', 1, 'failed', ?)",
    `no room for ${ADDRESS}`,
  );
  run(
    'UPDATE messages SET facts = ? WHERE ticket_id = ? AND sequence = 1',
    JSON.stringify({ cc: [ADDRESS, 'inga@mail.example'] }),
    foreign.id,
  );
  run(
    `INSERT INTO rules (place, name, is_on, matches, conditions, deeds, created_at, updated_at) VALUES (1, ?, 0, 'any', ?, '{"tag":"vip"}', 1, 1)`,
    `Mails by ${NAME}`,
    JSON.stringify([
      { field: 'from', op: 'any', values: [ADDRESS] },
      { field: 'from', op: 'none', values: [ADDRESS, 'inga@mail.example'] },
      { field: 'subject', op: 'any', values: [`About ${ADDRESS}`] },
    ]),
  );
  run('UPDATE events SET facts = facts WHERE 0');
  expectKnown(carla);
}

function expectKnown(carla: CustomerRow | undefined): void {
  if (!carla) throw new Error('Carla is not known by her address.');
}

/** A mail of hers that nobody could file. */
export async function leaveInTray(place: Place): Promise<void> {
  const raw = Buffer.from(
    letter({ from: `${NAME} <${ADDRESS}>`, body: `Unread ${MARK}` }).replaceAll('\n', '\r\n'),
  );
  await keepMail(place.app, { mailboxId: localMailbox(place.app).id, source: 'deliver', raw });
  await place.house.intake.settled();
  place.app.db.sql
    .prepare(
      "UPDATE inbound_mails SET state = 'failed', reason = 'Error', ticket_id = NULL, message_id = NULL WHERE id = (SELECT max(id) FROM inbound_mails)",
    )
    .run();
  place.app.db.sql.prepare('DELETE FROM tickets WHERE id = (SELECT max(id) FROM tickets)').run();
}
