// A desk with one of everything, so that every route has something to point at.

import { createSite, newSite } from '../../server/chat';
import { randomId } from '../../server/lib/ids';
import { keepMail, localMailbox } from '../../server/mail';
import type { Ticket } from '../../server/tickets';
import { keepDraft } from '../../server/tickets/drafts';
import type { Desk } from './desk';
import { letter, receive } from './letters';
import type { Route } from './routes';
import { reply, uploaded } from './writing';

export interface Furnished {
  ticket: Ticket;
  /** A route's path with everything in it that it names. */
  pathOf(route: Pick<Route, 'path'>): string;
}

export async function furnish(desk: Desk): Promise<Furnished> {
  const { app } = desk;
  const image = {
    name: 'kettle.png',
    declaredType: 'image/png',
    type: 'image/png',
    inline: false,
    content: Buffer.from('x'),
    size: 1,
  };
  const { file } = await uploaded(desk, 'x', 'the picture');
  const html = {
    kind: 'rich' as const,
    words: '<p>Hello</p>',
    quote: '',
    signature: '',
    sanitiserVersion: 1,
  };
  const { ticket, message } = receive(
    desk,
    letter({ messageId: 'first@mail.example', html, attachments: [image] }),
    undefined,
    [file],
  );
  receive(desk, letter({ from: 'emil@mail.example', inReplyTo: ['first@mail.example'] }));
  const kept = await keepMail(app, {
    mailboxId: localMailbox(app).id,
    source: 'deliver',
    raw: Buffer.from('Subject: tray\r\n\r\nHello'),
  });
  await desk.house.intake.settled();
  const mail = 'id' in kept ? kept.id : 0;
  app.db.sql
    .prepare("UPDATE inbound_mails SET state = 'failed', reason = 'Error', ticket_id = NULL WHERE id = ?")
    .run(mail);
  app.db.sql.prepare('UPDATE messages SET inbound_mail_id = ? WHERE id = ?').run(mail, message.id);
  const answer = reply(desk, ticket, 'Hello');
  const draftFile = await uploaded(desk, 'y.txt', 'draft');
  const draft = app.db.tx(() => keepDraft(app, desk.owner, ticket, 'reply', 'Begun', [draftFile]));
  const site = app.db.tx(() =>
    createSite(app, desk.owner, { ...newSite(app), origins: ['https://teapot.example'] }),
  );
  const mailbox = desk.mailbox('support@teapot.example');
  const vera = desk.agent('Vera', 'viewer');
  const one = <Row>(sql: string, ...values: (string | number)[]) => desk.rows<Row>(sql, ...values)[0] as Row;
  const customer = one<{ public_id: string }>(
    'SELECT public_id FROM customers WHERE id = ?',
    ticket.customer_id,
  ).public_id;
  const attachment = one<{ id: number }>("SELECT id FROM attachments WHERE owner_kind = 'message'").id;
  const draftAttachment = one<{ id: number }>(
    "SELECT id FROM attachments WHERE owner_kind = 'draft' AND owner_id = ?",
    draft.id,
  ).id;

  const ids: [start: string, id: string | number][] = [
    ['/settings/mailboxes', mailbox.id],
    ['/settings/mail-tray', mail],
    ['/settings/agents', vera.publicId],
    ['/customers', customer],
  ];
  return {
    ticket,
    pathOf({ path }) {
      const id = ids.find(([start]) => path.startsWith(start))?.[1] ?? 1;
      const values: Record<string, string | number> = {
        number: ticket.number,
        message: path.endsWith('/undo') ? answer.id : message.id,
        attachment,
        file: draftAttachment,
        kind: 'reply',
        id,
        site: site.public_id,
        token: randomId(),
        publicId: randomId(),
        provider: 'microsoft',
        sequence: 1,
      };
      return path.replace(/:([a-zA-Z]+)/g, (_, name: string) => {
        const value = values[name];
        if (value === undefined) throw new Error(`Nobody has said what :${name} is in ${path}.`);
        return String(value);
      });
    },
  };
}

/** Everything that is stored, as one text; without what a mere visit changes. */
export function everythingOf(
  desk: Desk,
  without: string[] = ['sessions', 'failed_tries', 'read_log'],
): string {
  const tables = desk
    .rows<{ name: string }>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .map(({ name }) => name)
    .filter((name) => !without.includes(name));
  return tables.map((name) => `${name} ${JSON.stringify(desk.rows(`SELECT * FROM ${name}`))}`).join('\n');
}
