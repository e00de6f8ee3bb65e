// Tickets that a layout fears: long words, many messages, large pictures, wide mails; and poison in every field there is.
import type { Agent } from '../../server/agents';
import type { App } from '../../server/app';
import { attach, storeBytes } from '../../server/attachments';
import { knowCustomerByMail } from '../../server/customers';
import { addressKey, localMailbox } from '../../server/mail';
import { addMessage, addTag, openTicket, type Ticket } from '../../server/tickets';
import { noisePng } from '../support/pictures';

const LONG_WORD = 'Donaudampfschifffahrtsgesellschaft'.repeat(12).slice(0, 400);
const LONG_SUBJECT = 'A subject that goes on and on about kettles, lids and deliveries '
  .repeat(6)
  .slice(0, 300);
const ARABIC_NAME = 'عبد الرحمن بن محمد الأنصاري';
const ARABIC_WORDS = 'مرحبا، هذا سؤال عن إبريق الشاي.';
const WIDE_HTML = `<h1>Sale</h1><table width="1400"><tr><td bgcolor="yellow">${LONG_WORD}</td></tr></table>`;

/** Opens them; where they are, by what is hard about them. */
export async function openHardTickets(app: App, agent: Agent): Promise<Record<string, string>> {
  const picture = await storeBytes(app, noisePng(1_300, 1_300));
  const other = await storeBytes(app, noisePng(1_300, 1_300));
  const tickets = await app.write(() => {
    const long = open(app, 'hans', ARABIC_NAME, LONG_SUBJECT);
    say(app, long, `${LONG_WORD}\n\n${ARABIC_WORDS}`);
    addTag(app, agent, long, LONG_WORD.slice(0, 60));

    const many = open(app, 'petra', LONG_WORD.slice(0, 100), LONG_WORD.slice(0, 300));
    for (let n = 1; n <= 200; n += 1)
      say(app, many, `Message ${n}, about the same kettle as before.`, agentEveryThird(agent, n));

    const large = open(app, 'frida', 'Frida Foto', 'A picture of 5 MB');
    const owner = { kind: 'message' as const, id: say(app, large, 'See for yourself.').id };
    const name = LONG_WORD.slice(0, 120);
    attach(app, owner, { file: picture, name: `${name}.png`, declaredType: 'image/png', type: 'image/png' });
    attach(app, owner, { file: other, name: `${name}.bin`, declaredType: '', type: '' });

    const wide = open(app, 'rita', 'Rich Rita', 'Spring sale');
    const { id } = say(app, wide, 'Sale');
    app.db.sql
      .prepare("UPDATE messages SET html_kind = 'rich', html_words = ? WHERE id = ?")
      .run(WIDE_HTML, id);
    return { long, many, large, wide };
  });
  app.followers.catchUp();
  return Object.fromEntries(
    Object.entries(tickets).map(([name, { number }]) => [name, `/tickets/${number}`]),
  );
}

function open(app: App, who: string, name: string, subject: string): Ticket {
  const address = `${who}@mail.example`;
  const customer = knowCustomerByMail(app, { kind: 'system', id: null }, { name, address });
  const mailboxId = localMailbox(app).id;
  const given = {
    subject,
    channel: 'email' as const,
    customer,
    address: { address, key: addressKey(address) },
    mailboxId,
  };
  return openTicket(app, { kind: 'customer', id: customer.id }, given);
}

const say = (app: App, ticket: Ticket, words: string, more: { kind?: 'note'; agent?: Agent } = {}) =>
  addMessage(app, ticket, {
    kind: more.kind ?? 'reply',
    author: more.agent
      ? { kind: 'agent', id: more.agent.id, name: more.agent.name }
      : { kind: 'customer', id: ticket.customer_id, name: '' },
    channel: 'email',
    words,
  });

const agentEveryThird = (agent: Agent, n: number) =>
  n % 9 === 0 ? { kind: 'note' as const, agent } : n % 3 === 0 ? { agent } : {};

/** Runs, asks, breaks out or counts to 49 wherever somebody forgets what it is. */
export const POISON = `"><img src=x onerror=alert(1)><svg/onload=alert(2)></title><!--{{7*7}}<%= 7*7 %>\${7*7}`;

/** Columns whose text the program itself wrote and reads: words of the code, keys, JSON, HTML that is sanitised already. */
const OURS =
  /^(key|value|kind|state|status|role|priority|channel|language|time_zone|type|colour|origins|source|actor_kind|subject_kind|facts|definition|counts|payload|recipients|mail|imap|smtp|authserv_seen|options|day|fact|sha256|step|certificate|withheld|chat_state|sender_state|reopen_closed|disk_name|client_id|verified_how|content_id|password_hash)$|_(key|id|hash|kind)$|^html_/;
const OUR_TABLES = /^(events|followers|jobs|job_runs|settings|sqlite_|search|daily_facts|failed_tries)/;

/** Fills every other text in the database with it; the company's name too. Columns that exist later are filled as well. */
export async function poisonEverything(app: App): Promise<void> {
  const { sql } = app.db;
  await app.write(() => {
    for (const [table, column] of textColumns(app)) {
      if (!OURS.test(column)) sql.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ?`).run(POISON);
    }
    sql.prepare("UPDATE settings SET value = json_set(value, '$.company', ?) WHERE key = 'firm'").run(POISON);
  });
}

function textColumns({ db: { sql } }: App): [table: string, column: string][] {
  const found = sql.prepare(`
    SELECT t.name AS "table", c.name AS "column" FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
     WHERE t.schema = 'main' AND t.type = 'table' AND c.type = 'TEXT'`);
  return (found.all() as { table: string; column: string }[])
    .filter(({ table }) => !OUR_TABLES.test(table))
    .map(({ table, column }) => [table, column]);
}
