// Going from ticket to ticket changes the conversation and the customer; the list beside them stays as it is, with its scroll
// and its selection. Going to the same ticket again (after a form) changes only what is different.
import { bringUpToDate } from './morph';
import { bringOwnFieldsUpToDate } from './own-fields';
import { markCurrentRow } from './rows';

/** What belongs to whoever writes, here or on the other side, and not to the page that comes. */
const BEING_WRITTEN = `.inbox__shelf, .recipients, form#own-fields, .composer [type="file"], .composer [name="seenSequence"], .composer [name^="draft"], .composer__files:has([data-chosen]),
  .composer__saved, .composer__mode input, .stream__sign, .stream__newer, .talk__presence`;

interface BeforeRender {
  newBody: HTMLBodyElement;
  render: (current: HTMLBodyElement, next: HTMLBodyElement) => void;
}

export function keepPanes(): void {
  document.addEventListener('turbo:before-render', (event) => {
    const { detail } = event as CustomEvent<BeforeRender>;
    // Turbo runs the scripts of an error page again, and one of us is enough.
    for (const script of detail.newBody.parentElement?.querySelectorAll('head script') ?? []) script.remove();
    const now = document.querySelector<HTMLElement>('.inbox');
    const next = detail.newBody.querySelector<HTMLElement>('.inbox');
    if (now && next) detail.render = (_body, newBody) => renderInbox(now, next, newBody);
  });
  document.addEventListener('turbo:load', () => {
    markCurrentRow();
    if (hasNavigated && document.activeElement === document.body)
      document.getElementById('main')?.focus({ preventScroll: true });
    hasNavigated = true;
  });
}

let hasNavigated = false;

function renderInbox(now: HTMLElement, next: HTMLElement, newBody: HTMLBodyElement): void {
  const hadFocus = document.activeElement?.id;
  const openedBefore = now.querySelector('.row[aria-current]')?.id;
  keepList(now, next);
  const current = now.querySelector<HTMLElement>('.talk');
  const other = next.querySelector<HTMLElement>('.talk');
  const isSame = current !== null && other !== null && isSameTicket(current, other);
  if (isSame) bringTicketUpToDate(now, next);
  else replacePanes(now, next);
  now.dataset['pane'] = next.dataset['pane'];
  for (const part of ['.rail', '#toasts']) replacePart(part, newBody);
  markCurrentRow();
  // Whoever has gone on to something else meanwhile stays there.
  if (isSame && document.activeElement !== document.body) return;
  giveFocusBack(isSame ? hadFocus : undefined, next.dataset['pane'] === 'list' ? openedBefore : undefined);
}

/** The list in place stays unless the page brings another view of it. */
function keepList(now: HTMLElement, next: HTMLElement): void {
  const list = now.querySelector('#list');
  const other = next.querySelector('#list');
  const source = (frame: Element | null) =>
    frame?.querySelector<HTMLElement>('.list')?.dataset['listSrcValue'];
  if (!list || !other || !source(other)) return;
  if (source(list) === source(other)) document.dispatchEvent(new CustomEvent('list:refresh'));
  else list.replaceWith(other);
}

const isSameTicket = (current: HTMLElement, next: HTMLElement) =>
  current.dataset['ticketNumberValue'] !== undefined &&
  current.dataset['ticketNumberValue'] === next.dataset['ticketNumberValue'];

/**
 * Everything of a ticket but what somebody is writing: words and chosen files stay, unless they were just sent.
 */
export function bringTicketUpToDate(now: Element, next: Element): void {
  for (const form of now.querySelectorAll<HTMLElement>('.composer form[data-sent]')) {
    const fresh = next.querySelector(`.composer form[data-mode="${form.dataset['mode']}"]`);
    if (fresh) form.replaceWith(fresh.cloneNode(true));
  }
  bringPeopleUpToDate(now, next);
  bringOwnFieldsUpToDate(now, next);
  bringUpToDate(now, next, isBeingWritten);
}

/** Whom the ticket says, unless somebody has chosen here, or what is wrong with whom they chose; script has made chips of the fields, so they change as a whole. */
function bringPeopleUpToDate(now: Element, next: Element): void {
  const people = now.querySelector<HTMLElement>('.composer .recipients');
  const fresh = next.querySelector<HTMLElement>('.composer .recipients');
  const isOther = fresh?.dataset['peopleKey'] !== people?.dataset['peopleKey'];
  const isInUse = people?.dataset['touched'] !== undefined || people?.contains(document.activeElement);
  const isRefused = fresh?.querySelector('[aria-invalid]');
  if (people && fresh && (isRefused || (isOther && !isInUse))) people.replaceWith(fresh.cloneNode(true));
}

/** An empty field that nobody is in takes what the page brings: words that were taken back, say. */
function isBeingWritten(element: Element): boolean {
  const isActive = element === document.activeElement;
  // What is to happen after sending is chosen before the words are.
  if (element instanceof HTMLSelectElement && element.closest('.composer')) return true;
  // So is how long it is to sleep, before the button is pressed.
  if (element.matches('.snooze select, .snooze input')) return true;
  if (element instanceof HTMLTextAreaElement) return isActive || element.value !== '';
  return element.matches(BEING_WRITTEN) || (isActive && element.matches('input, select'));
}

function replacePanes(now: HTMLElement, next: HTMLElement): void {
  for (const pane of now.querySelectorAll(':scope > .talk, :scope > .about')) pane.remove();
  now.append(...next.querySelectorAll(':scope > .talk, :scope > .about'));
}

/** The rail's numbers and what was just done; a reply that can still be taken back keeps its button. */
function replacePart(part: string, newBody: HTMLBodyElement): void {
  const current = document.querySelector(part);
  const next = newBody.querySelector(part);
  if (!current || !next) return;
  if (part === '.rail') {
    bringUpToDate(current, next);
    return;
  }
  const undo = current.querySelector('#undo');
  if (undo) next.append(undo);
  current.replaceWith(next);
}

/** Back from a ticket the focus is on its row, after a form where it was, on another ticket at its beginning. */
function giveFocusBack(hadFocus: string | undefined, row: string | undefined): void {
  const place = (row && document.getElementById(row)) || (hadFocus && document.getElementById(hadFocus));
  if (place instanceof HTMLElement) place.focus({ preventScroll: !row });
  if (!place || document.activeElement === document.body)
    document.getElementById('main')?.focus({ preventScroll: true });
}
