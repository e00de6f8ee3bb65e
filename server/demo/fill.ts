// Fills a desk with believable tickets, through the same functions that real ones go through.
import type { Agent } from '../agents';
import type { App } from '../app';
import { attach, type StoredFile, storeBytes } from '../attachments';
import { createSite, endChat, newSite, type SiteRow, startChat, takeChat } from '../chat';
import { type CustomerRow, knowCustomerByMail } from '../customers';
import { checkpoint } from '../db';
import { SYSTEM } from '../events';
import { LOCALES, type Locale } from '../i18n';
import { DAY, HOUR, MINUTE } from '../lib/clock';
import { addressKey, localMailbox } from '../mail';
import {
  addMessage,
  addTag,
  assignTicket,
  moveTicket,
  noteOnTicket,
  openTicket,
  type Ticket,
} from '../tickets';
import { demoPdf, demoPicture } from './files';
import { Dice } from './random';
import { type DemoTexts, TEXTS, type Topic } from './texts';

const TICKETS_A_TRANSACTION = 200;
const LANGUAGES: Locale[] = ['en', 'en', 'nb', 'lv'];
const SPREAD = 365 * DAY;
const CHATS_IN_A_HUNDRED = 12;

export interface DemoCounts {
  tickets: number;
  customers: number;
}

interface Setting {
  app: App;
  dice: Dice;
  agents: Agent[];
  people: { language: Locale; customer: CustomerRow; address: string }[];
  pictures: StoredFile[];
  invoice: StoredFile;
  mailboxId: number;
  sites: Record<string, SiteRow>;
  /** The clock of the past: every command writes the time it shows. */
  at(time: number): App;
}

/** `tickets` tickets, one customer for ten of them and 2,000 at most; deterministic for the same seed. */
export async function fillDesk(
  app: App,
  agents: Agent[],
  wanted: { tickets: number; seed: number },
): Promise<DemoCounts> {
  const dice = new Dice(wanted.seed);
  let time = 0;
  const past: App = { ...app, clock: { now: () => time } };
  const setting: Setting = {
    app: past,
    dice,
    agents,
    people: [],
    pictures: [],
    invoice: await storeBytes(app, demoPdf('Invoice 20417')),
    mailboxId: await app.write(() => localMailbox(app).id),
    sites: await app.write(() => demoSites(app, agents)),
    at: (moment) => {
      time = moment;
      return past;
    },
  };
  for (const hue of [20, 120, 220]) setting.pictures.push(await storeBytes(app, demoPicture(hue)));

  const end = app.clock.now();
  const customers = Math.min(2_000, Math.max(1, Math.ceil(wanted.tickets / 10)));
  await app.write(() => {
    for (let i = 0; i < customers; i++) setting.people.push(person(setting, i, end - SPREAD));
  });
  for (let done = 0; done < wanted.tickets; ) {
    const upTo = Math.min(done + TICKETS_A_TRANSACTION, wanted.tickets);
    await app.write(() => {
      for (; done < upTo; done++) {
        const opened = end - SPREAD + Math.floor((SPREAD * (done + 1)) / (wanted.tickets + 1));
        if (dice.chance(CHATS_IN_A_HUNDRED)) chat(setting, opened, end);
        else conversation(setting, opened, end);
      }
    });
    // No clock does it here, and every page that is read is looked for in the whole journal first.
    checkpoint(app.db);
  }
  return { tickets: wanted.tickets, customers };
}

function person(setting: Setting, i: number, at: number): Setting['people'][number] {
  const { dice } = setting;
  const language = dice.pick(LANGUAGES);
  const { firstNames, lastNames } = TEXTS[language];
  const name = `${dice.pick(firstNames)} ${dice.pick(lastNames)}`;
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ø/gi, 'o')
    .replace(/å/gi, 'a')
    .toLowerCase();
  const address = `${plain.replace(/[^a-z]+/g, '.')}.${i + 1}@mail.example`;
  const customer = knowCustomerByMail(setting.at(at), SYSTEM, { name, address }, language);
  return { language, customer, address };
}

/** One ticket: a question, most often an answer, sometimes thanks; where it stands depends on its age. */
function conversation(setting: Setting, opened: number, end: number): void {
  const { dice } = setting;
  const { language, customer, address } = dice.pick(setting.people);
  const texts = TEXTS[language];
  const topic = dice.pick(texts.topics);
  const fill = filler(dice, texts, customer.name);
  const app = setting.at(opened);
  const actor = { kind: 'customer' as const, id: customer.id };
  const ticket = openTicket(app, actor, {
    subject: fill(dice.pick(topic.subjects)),
    channel: 'email',
    customer,
    address: { address, key: addressKey(address) },
    mailboxId: setting.mailboxId,
  });
  const ask = customerWrites(
    app,
    ticket,
    customer,
    letter(dice.pick(texts.greetings), fill(dice.pick(topic.asks)), dice.pick(texts.closings), customer.name),
  );
  if (dice.chance(12)) {
    const file = dice.pick(setting.pictures);
    attach(
      app,
      { kind: 'message', id: ask },
      {
        file,
        name: `${dice.pick(['photo', 'bilde', 'foto'])}.png`,
        declaredType: 'image/png',
        type: 'image/png',
      },
    );
  }
  answer(setting, { ticket, customer, texts, topic, fill, opened, end });
}

/** A visitor asks on the website and gets an answer within minutes; nobody leaves an address, so nothing waits to be mailed. */
function chat(setting: Setting, opened: number, end: number): void {
  const { dice, agents } = setting;
  const language = dice.pick(LANGUAGES);
  const texts = TEXTS[language];
  const topic = dice.pick(texts.topics);
  const name = `${dice.pick(texts.firstNames)} ${dice.pick(texts.lastNames)}`;
  const fill = filler(dice, texts, name);
  const app = setting.at(opened);
  const input = {
    token: `${hex(dice)}${hex(dice)}`.slice(0, 43),
    clientId: hex(dice),
    name,
    email: '',
    words: fill(dice.pick(topic.asks)),
    page: 'https://shop.example/tea',
  };
  const { ticket } = startChat(app, setting.sites[language] as SiteRow, input, true);
  const agent = dice.pick(agents);
  takeChat(setting.at(Math.min(opened + MINUTE, end)), agent, ticket);
  const author = { kind: 'agent' as const, id: agent.id, name: agent.name };
  addMessage(setting.at(Math.min(opened + 2 * MINUTE, end)), ticket, {
    kind: 'reply',
    author,
    channel: 'chat',
    words: fill(dice.pick(topic.answers)),
    clientId: hex(dice),
  });
  addTag(app, agent, ticket, topic.tag);
  const visitor = { kind: 'customer' as const, id: ticket.customer_id, name };
  addMessage(setting.at(Math.min(opened + 4 * MINUTE, end)), ticket, {
    kind: 'reply',
    author: visitor,
    channel: 'chat',
    words: fill(dice.pick(topic.thanks)),
    clientId: hex(dice),
  });
  endChat(setting.at(Math.min(opened + 5 * MINUTE, end)), agent, ticket);
  moveTicket(setting.at(Math.min(opened + 5 * MINUTE, end)), agent, ticket, 'solved', { quiet: true });
}

/** One website a language. */
function demoSites(app: App, [agent]: Agent[]): Record<string, SiteRow> {
  const sites = LOCALES.map((language) => {
    const site = createSite(app, agent as Agent, {
      ...newSite(app, language),
      name: `Teapot (${language})`,
      origins: ['https://shop.example'],
    });
    return [language, site] as const;
  });
  return Object.fromEntries(sites);
}

interface Course {
  ticket: Ticket;
  customer: CustomerRow;
  texts: DemoTexts;
  topic: Topic;
  fill: (text: string) => string;
  opened: number;
  end: number;
}

function answer(setting: Setting, { ticket, customer, texts, topic, fill, opened, end }: Course): void {
  const { dice } = setting;
  const isRecent = end - opened < 3 * DAY;
  if (isRecent && dice.chance(60)) return;
  const agent = dice.pick(setting.agents);
  const taken = opened + 5 * MINUTE + dice.below(4 * HOUR);
  const app = setting.at(Math.min(taken, end));
  assignTicket(app, agent, ticket, agent, null);
  addTag(app, agent, ticket, topic.tag);
  if (topic.note && dice.chance(15))
    noteOnTicket(app, agent, ticket, { clientId: hex(dice), words: topic.note });
  const words = letter(
    fill(dice.pick(texts.agentGreetings)),
    fill(dice.pick(topic.answers)),
    dice.pick(texts.agentClosings),
    agent.name,
  );
  const reply = addMessage(setting.at(Math.min(taken + 10 * MINUTE, end)), ticket, {
    kind: 'reply',
    author: { kind: 'agent', id: agent.id, name: agent.name },
    channel: 'email',
    words,
    clientId: hex(dice),
  });
  if (topic === texts.topics[1] && dice.chance(50)) {
    attach(
      app,
      { kind: 'message', id: reply.id },
      {
        file: setting.invoice,
        name: 'invoice-20417.pdf',
        declaredType: 'application/pdf',
        type: 'application/pdf',
      },
    );
  }
  moveTicket(app, agent, ticket, 'pending', { quiet: true });
  const thanked = taken + HOUR + dice.below(2 * DAY);
  if (thanked < end && dice.chance(90)) {
    customerWrites(setting.at(thanked), ticket, customer, fill(dice.pick(topic.thanks)));
    moveTicket(setting.at(thanked), SYSTEM, ticket, 'open', { quiet: true });
  }
  const age = end - opened;
  if (age > 7 * DAY && dice.chance(92))
    moveTicket(setting.at(Math.min(thanked + HOUR, end)), agent, ticket, 'solved', { quiet: true });
  if (age > 120 * DAY && dice.chance(50))
    moveTicket(setting.at(Math.min(thanked + 30 * DAY, end)), SYSTEM, ticket, 'closed', { quiet: true });
}

function customerWrites(app: App, ticket: Ticket, customer: CustomerRow, words: string): number {
  const author = { kind: 'customer' as const, id: customer.id, name: customer.name };
  return addMessage(app, ticket, { kind: 'reply', author, channel: ticket.channel, words }).id;
}

const letter = (greeting: string, body: string, closing: string, name: string) =>
  `${greeting}\n\n${body}\n\n${closing}\n${name}`;

const hex = (dice: Dice) => Array.from({ length: 32 }, () => dice.below(16).toString(16)).join('');

function filler(dice: Dice, texts: DemoTexts, name: string): (text: string) => string {
  const values: Record<string, string> = {
    item: dice.pick(texts.items),
    number: String(20_000 + dice.below(9_000)),
    day: dice.pick(texts.days),
    amount: String(19 + dice.below(80)),
    name: name.split(' ')[0] ?? name,
  };
  return (text) => text.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
}
