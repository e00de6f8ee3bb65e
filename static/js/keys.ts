// The keys of the desk. They do nothing while somebody types, and nothing where what they do does not exist.
import { visit } from '@hotwired/turbo';
import { moveAmongRows, pickRow } from './rows';

/** "g" waits so long for its second letter, in ms. */
const SECOND_KEY = 1_200;

const actions: Record<string, () => void> = {
  j: () => moveAmongRows(1),
  k: () => moveAmongRows(-1),
  r: () => write('reply'),
  n: () => write('note'),
  a: () => choose('assignee'),
  s: () => choose('status'),
  t: () => choose('tag'),
  m: chooseMacro,
  x: () => pickRow(false),
  X: () => pickRow(true),
  z: () => document.querySelector<HTMLElement>('[data-key="z"]')?.click(),
  '/': search,
  'g i': () => visit('/tickets'),
  '?': () => document.getElementById('keys')?.togglePopover(),
};

export function listenToKeys(): void {
  let first = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  document.addEventListener('keydown', (event) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.isComposing ||
      (event.repeat && !/^[jk]$/.test(event.key))
    )
      return;
    if (isTyping(event.target)) return event.key === 'Escape' ? leave(event.target) : undefined;
    const key = first ? `${first} ${event.key}` : event.key;
    clearTimeout(timer);
    first = '';
    if (event.key === 'g' && key === 'g') {
      first = 'g';
      timer = setTimeout(() => {
        first = '';
      }, SECOND_KEY);
      return;
    }
    const action = actions[key];
    if (!action || (isAsking() && key !== '?')) return;
    event.preventDefault();
    action();
  });
}

function isTyping(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type="radio"], [type="checkbox"]), textarea, select'))
  );
}

/** Escape leaves a field, so that the keys of the desk work again; what lies over the page closes by itself. */
function leave(field: HTMLElement): void {
  if (!field.closest('dialog, :popover-open'))
    document.getElementById('main')?.focus({ preventScroll: true });
}

/** Something lies over the page and has the keys for itself. */
const isAsking = () =>
  document.querySelector('dialog[open], .menu:popover-open, .keys:popover-open') !== null;

function write(mode: 'reply' | 'note'): void {
  const radio = document.querySelector<HTMLInputElement>(`.composer [name="mode"][value="${mode}"]`);
  if (!radio) return;
  radio.checked = true;
  document.getElementById(`${mode}-words`)?.focus();
}

function chooseMacro(): void {
  if (!document.getElementById('reply-words')) return;
  write('reply');
  document.querySelector<HTMLElement>('.composer [data-key="m"]')?.click();
}

/** Beside the conversation, or in the pane that folds away where there is no room. */
function choose(id: string): void {
  const field = document.getElementById(id);
  if (!field) return;
  const pane = document.getElementById('about');
  if (pane && field.offsetParent === null && !pane.matches(':popover-open')) pane.showPopover();
  field.focus();
  if (field instanceof HTMLSelectElement) field.showPicker?.();
}

function search(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('[data-key="/"]')];
  const field = fields.find((candidate) => candidate.offsetParent !== null);
  if (field) field.select();
  else visit('/search');
}
