// Macros as pages show them: in the settings, to choose from beside a ticket, and what one will do when the reply is sent.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import { mayRole } from '../../roles';
import { type BadForm, errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../../web';
import type { Choice } from '../page-models';
import { excerptOf, PRIORITIES, type Ticket } from '../ticket';
import { type Deeds, deedsOf, type MacroRow, mayChange, REPLY_STATUSES } from './macro';
import { findMacros, findMacrosCalled } from './macros';
import { filledIn, PLACEHOLDERS, unknownIn } from './words';

/** views/macros/index */
export interface MacrosPage extends PageModel {
  t: Reader['t'];
  create: string;
  macros: { name: string; href?: string; words: string; deeds: string; whose: string }[];
}

/** views/macros/edit */
export interface MacroPage extends PageModel {
  t: Reader['t'];
  action: string;
  values: { name: string; words: string; status: string; priority: string; tag: string };
  takes: boolean;
  shared: boolean;
  /** Whether this reader may write in everybody's name. */
  mayShare: boolean;
  errors: FieldErrors;
  statuses: Choice[];
  priorities: Choice[];
  placeholders: { text: string; meaning: string }[];
  remove?: string;
}

/** views/macros/remove */
export interface MacroRemovalPage extends PageModel {
  t: Reader['t'];
  action: string;
  back: string;
  words: string;
}

/** One to choose: views/tickets/macros and, while somebody writes, views/tickets/_macro-options. */
export interface MacroChoice {
  publicId: string;
  name: string;
  words: string;
  deeds: string;
}

/** views/tickets/macros */
export interface MacroChoicePage extends PageModel {
  t: Reader['t'];
  back: string;
  q: string;
  action: string;
  macros: MacroChoice[];
  settings: string;
}

/** views/tickets/_doing: what sending does besides; the form carries it as it stands there. */
export interface Doing {
  t: Reader['t'];
  action: string;
  deeds: Deeds;
  takeFrom: string;
  parts: { aside: 'priority' | 'tag' | 'take'; text: string }[];
}

const frame = { layout: 'settings', current: 'settings.macros' } as const;

export const statusText = (t: Reader['t'], status: string) => t(`tickets.status.${status.replace(' ', '-')}`);

export function partsOf({ t }: Pick<Reader, 't'>, deeds: Deeds): Doing['parts'] {
  const parts: Doing['parts'] = [];
  if (deeds.priority)
    parts.push({
      aside: 'priority',
      text: t('tickets.doing.priority', { priority: t(`tickets.priority.${deeds.priority}`) }),
    });
  if (deeds.tag) parts.push({ aside: 'tag', text: t('tickets.doing.tag', { tag: deeds.tag }) });
  if (deeds.take) parts.push({ aside: 'take', text: t('tickets.doing.take') });
  return parts;
}

function deedsText({ t }: Pick<Reader, 't'>, deeds: Deeds): string {
  const status = deeds.status ? [t('tickets.doing.status', { status: statusText(t, deeds.status) })] : [];
  return [...status, ...partsOf({ t }, deeds).map(({ text }) => text)].join(' · ');
}

export function doing(reader: Reader, ticket: Ticket, deeds: Deeds): Doing {
  return {
    t: reader.t,
    action: `/tickets/${ticket.number}/macros`,
    deeds,
    takeFrom: String(ticket.assignee_id ?? ''),
    parts: partsOf(reader, deeds),
  };
}

export function macrosPage(app: App, agent: Agent, reader: Reader): MacrosPage {
  const { t } = reader;
  return {
    ...frame,
    title: t('tickets.macros.title'),
    t,
    create: '/settings/macros/new',
    macros: findMacros(app, agent).map((macro) => ({
      name: macro.name,
      ...(mayChange(agent, macro) ? { href: `/settings/macros/${macro.public_id}` } : {}),
      words: excerptOf(macro.words),
      deeds: deedsText(reader, deedsOf(macro)),
      whose: t(macro.agent_id === null ? 'tickets.macros.everybodys' : 'tickets.macros.own'),
    })),
  };
}

export function macroPage(
  agent: Agent,
  { t }: Reader,
  macro: MacroRow | undefined,
  form?: BadForm,
): MacroPage {
  const typed = (field: keyof MacroPage['values']) =>
    form ? typedIn(form.values, field) : (macro?.[field] ?? '');
  const ticked = (field: string, stored: boolean) => (form ? form.values[field] === 'on' : stored);
  return {
    ...frame,
    title: macro ? macro.name : t('tickets.macros.new'),
    t,
    action: macro ? `/settings/macros/${macro.public_id}` : '/settings/macros',
    values: {
      name: typed('name'),
      words: typed('words'),
      status: typed('status'),
      priority: typed('priority'),
      tag: typed('tag'),
    },
    takes: ticked('takes', macro?.takes === 1),
    shared: ticked('shared', macro?.agent_id === null),
    mayShare: mayRole(agent.role, 'macros.share'),
    errors: form ? errorsOf(t, form) : {},
    statuses: [
      { value: '', text: t('tickets.macros.asItIs') },
      ...REPLY_STATUSES.map((value) => ({ value, text: statusText(t, value) })),
    ],
    priorities: [
      { value: '', text: t('tickets.macros.asItIs') },
      ...PRIORITIES.map((value) => ({ value, text: t(`tickets.priority.${value}`) })),
    ],
    placeholders: PLACEHOLDERS.map((name) => ({
      text: `{{${name}}}`,
      meaning: t(`tickets.macros.placeholder.${name.replace(' ', '-')}`),
    })),
    ...(macro ? { remove: `/settings/macros/${macro.public_id}/removal` } : {}),
  };
}

/** Which placeholder there is not is said by its name. */
function errorsOf(t: Reader['t'], form: BadForm): FieldErrors {
  const unknown =
    form.errors['words'] === 'tickets.macros.unknown' && unknownIn(typedIn(form.values, 'words'));
  const { words: _said, ...others } = form.errors;
  if (!unknown) return errorWords(t, form.errors);
  const allowed = PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ');
  return { ...errorWords(t, others), words: t('tickets.macros.unknown', { name: unknown, allowed }) };
}

export function macroRemovalPage({ t }: Reader, macro: MacroRow): MacroRemovalPage {
  return {
    ...frame,
    title: t('tickets.macros.remove.title', { name: macro.name }),
    t,
    action: `/settings/macros/${macro.public_id}/removal`,
    back: `/settings/macros/${macro.public_id}`,
    words: t(macro.agent_id === null ? 'tickets.macros.remove.shared' : 'tickets.macros.remove.own'),
  };
}

const choiceOf = (app: App, agent: Agent, reader: Reader, ticket: Ticket, macro: MacroRow): MacroChoice => ({
  publicId: macro.public_id,
  name: macro.name,
  words: excerptOf(filledIn(macro.words, { app, agent, ticket })),
  deeds: deedsText(reader, deedsOf(macro)),
});

export function macroChoicePage(
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  q: string,
): MacroChoicePage {
  const { t } = reader;
  const found = q.trim() === '' ? findMacros(app, agent) : findMacrosCalled(app, agent, q);
  return {
    title: t('tickets.macros.choose', { number: String(ticket.number) }),
    current: 'inbox',
    t,
    back: `/tickets/${ticket.number}?mode=reply#composer`,
    q,
    action: `/tickets/${ticket.number}/macros`,
    macros: found.map((macro) => choiceOf(app, agent, reader, ticket, macro)),
    settings: '/settings/macros',
  };
}

/** The few that a name begins with, for whoever is writing. */
export const macroChoices = (
  app: App,
  agent: Agent,
  reader: Reader,
  ticket: Ticket,
  q: string,
): MacroChoice[] =>
  findMacrosCalled(app, agent, q).map((macro) => choiceOf(app, agent, reader, ticket, macro));
