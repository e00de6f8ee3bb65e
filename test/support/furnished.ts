// A desk with one of everything, so that every route has something to point at.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSite, newSite } from '../../server/chat';
import { noteOnCustomer, saveOrganization } from '../../server/customers';
import { randomId } from '../../server/lib/ids';
import { blockSender, keepMail, localMailbox } from '../../server/mail';
import { addAlias, findAliases } from '../../server/mail/aliases';
import { insertCheck } from '../../server/mail/checks';
import type { Ticket } from '../../server/tickets';
import { beginRun, runAtOnce } from '../../server/tickets/bulk/run';
import { readCustomers } from '../../server/tickets/customer-csv/import';
import { createField } from '../../server/tickets/fields/fields';
import { saveMacro } from '../../server/tickets/macros/macros';
import { insertRun } from '../../server/tickets/moving-in/import';
import { createRule } from '../../server/tickets/rules/rules';
import { createView } from '../../server/tickets/views/change-view';
import { keepDraft } from '../../server/tickets/writing/drafts';
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
  const macro = app.db.tx(() =>
    saveMacro(app, desk.owner, undefined, {
      name: 'Thanks',
      words: 'Thank you, {{customer.first name}}',
      status: 'solved',
      priority: '',
      tag: 'thanked',
      takes: true,
      shared: true,
    }),
  );
  const made = app.db.tx(() =>
    createRule(app, desk.owner, {
      name: 'Invoices',
      isOn: true,
      matches: 'all',
      conditions: [{ field: 'subject', op: 'any', values: ['invoice'] }],
      deeds: { tag: 'billing' },
      onAnswers: false,
      stops: false,
    }),
  );
  const rule = 'id' in made ? made.id : 0;
  const own = (subject: 'ticket' | 'customer', name: string) =>
    app.db.tx(() =>
      createField(app, desk.owner, { subject, type: 'text' }, { name, choices: [], isNeeded: false }),
    );
  const field = own('ticket', 'Order number');
  own('customer', 'Shoe size');
  const mailbox = desk.mailbox('support@teapot.example');
  app.db.tx(() => addAlias(app, desk.owner, mailbox, 'sales@teapot.example'));
  const alias = findAliases(app.db, mailbox.id)[0]?.id ?? 0;
  const check = insertCheck(app.db, mailbox.id, 'INBOX', app.clock.now(), null);
  const options = JSON.stringify({ openDays: 30, ownAddresses: [] });
  const moving = insertRun(app.db, mailbox.id, desk.owner.id, options, app.clock.now());
  const vera = desk.agent('Vera', 'viewer');
  const team = desk.team('Repairs', desk.ben);
  const definition = { match: 'all' as const, sort: 'activity' as const, conditions: [] };
  const saved = app.db.tx(() =>
    createView(app, desk.owner, { name: 'All of it', isShared: true, definition }),
  );
  const view = 'id' in saved ? saved.id : 0;
  const run = app.db.tx(() =>
    beginRun(app, desk.owner, { kind: 'priority', to: 'high' }, { tickets: [ticket.id] }),
  );
  await runAtOnce(app, run);
  const one = <Row>(sql: string, ...values: (string | number)[]) => desk.rows<Row>(sql, ...values)[0] as Row;
  app.db.tx(() => blockSender(app, desk.owner, { kind: 'domain', value: 'nuisance.example' }));
  const blocked = one<{ id: number }>('SELECT id FROM blocked_senders').id;
  const customer = one<{ public_id: string }>(
    'SELECT public_id FROM customers WHERE id = ?',
    ticket.customer_id,
  ).public_id;
  const club = app.db.tx(() =>
    saveOrganization(app, desk.owner, undefined, { name: 'Club', domains: ['club.example'], notes: 'Tea' }),
  );
  app.db.tx(() => noteOnCustomer(app, desk.owner, { id: ticket.customer_id }, 'Calls on Mondays'));
  const customersFile = join(desk.data, 'customers.csv');
  writeFileSync(customersFile, 'name,email\nDora,dora@club.example\n');
  await readCustomers(app, desk.owner, customersFile);
  const organization = 'publicId' in club ? club.publicId : '';
  const attachment = one<{ id: number }>("SELECT id FROM attachments WHERE owner_kind = 'message'").id;
  const draftAttachment = one<{ id: number }>(
    "SELECT id FROM attachments WHERE owner_kind = 'draft' AND owner_id = ?",
    draft.id,
  ).id;

  const ids: [start: string, id: string | number][] = [
    ['/settings/mailboxes', mailbox.id],
    ['/settings/mail-tray', mail],
    ['/settings/moving-in', moving],
    ['/settings/blocked-senders', blocked],
    ['/settings/agents', vera.publicId],
    ['/settings/macros', macro.public_id],
    ['/settings/rules', rule],
    ['/settings/fields', 'id' in field ? field.id : 0],
    ['/settings/teams', team],
    ['/views', view],
    ['/bulk', run],
    ['/customers', customer],
    ['/organizations', organization],
  ];
  return {
    ticket,
    pathOf({ path }) {
      const id = ids.find(([start]) => path.startsWith(start))?.[1] ?? 1;
      const values: Record<string, string | number> = {
        number: ticket.number,
        message: /\/(undo$|evidence)/.test(path) ? answer.id : message.id,
        attachment,
        file: draftAttachment,
        kind: 'reply',
        macro: macro.public_id,
        check,
        id,
        site: site.public_id,
        token: randomId(),
        publicId: randomId(),
        provider: 'microsoft',
        alias,
        sequence: 1,
        note: 1,
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
