// One field of recipients: each address is a chip with its own way out, what is typed is completed from the customers. The
// field of the form stays, hidden, and holds the same people as text.
import { Controller } from '@hotwired/stimulus';
import { announce } from './announce';
import { fetchPage } from './morph';
import { activeOf, moveActive, optionsIn } from './options';

const AFTER_LAST_KEY = 120;
const PIECES = /[,;\n]/;
const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
/** Room that the list wants below the field. */
const ROOM = 240;

export class RecipientsController extends Controller<HTMLElement> {
  static override targets = ['box', 'field', 'options'];
  static override values = { address: String, remove: String, offered: String };

  declare readonly boxTarget: HTMLElement;
  declare readonly fieldTarget: HTMLInputElement;
  declare readonly optionsTarget: HTMLElement;
  declare readonly hasFieldTarget: boolean;
  declare readonly hasOptionsTarget: boolean;
  declare readonly addressValue: string;
  declare readonly removeValue: string;
  declare readonly offeredValue: string;

  private chips = document.createElement('ul');
  private entry = document.createElement('input');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  private onInput = (event: Event) => {
    // What is being typed is nobody yet; the field itself says when it is.
    event.stopPropagation();
    if (PIECES.test(this.entry.value)) return this.commit();
    clearTimeout(this.timer);
    if (this.entry.value.trim() === '') return this.close();
    this.timer = setTimeout(() => void this.offer(), AFTER_LAST_KEY);
  };
  private onKey = (event: KeyboardEvent) => this.press(event);
  private onLeave = () => this.commit();
  private onSet = (event: Event) => this.put((event as CustomEvent<string>).detail);
  private onPoint = (event: Event) => {
    event.preventDefault();
    const option = (event.target as Element).closest<HTMLElement>('[role="option"]');
    if (option) this.choose(option);
  };

  override connect(): void {
    const { fieldTarget: field, entry, chips, boxTarget: box } = this;
    // A page that the browser kept has them already.
    for (const old of box.querySelectorAll('.recipients__chips, [data-entry]')) old.remove();
    const id = field.dataset['id'] ?? field.id;
    field.dataset['id'] = id;
    field.removeAttribute('id');
    field.hidden = true;
    chips.className = 'recipients__chips';
    entry.className = 'recipients__text';
    entry.id = id;
    entry.dataset['entry'] = '';
    entry.autocomplete = 'off';
    entry.spellcheck = false;
    entry.dir = 'auto';
    entry.inputMode = 'email';
    const state = {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': this.optionsTarget.id,
    };
    for (const [name, value] of Object.entries(state)) entry.setAttribute(name, value);
    for (const name of ['aria-invalid', 'aria-describedby']) {
      const value = field.getAttribute(name);
      if (value) entry.setAttribute(name, value);
    }
    box.prepend(chips);
    box.append(entry);
    this.draw();
    if (field.hasAttribute('aria-invalid')) entry.focus();
    entry.addEventListener('input', this.onInput);
    entry.addEventListener('keydown', this.onKey);
    entry.addEventListener('blur', this.onLeave);
    field.addEventListener('recipients:set', this.onSet);
    this.optionsTarget.addEventListener('pointerdown', this.onPoint);
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    // Where all of it is being replaced, its parts may have gone before.
    if (this.hasFieldTarget) this.fieldTarget.removeEventListener('recipients:set', this.onSet);
    if (this.hasOptionsTarget) this.optionsTarget.removeEventListener('pointerdown', this.onPoint);
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing || event.altKey) return;
    // Ctrl with Enter sends: whoever is still being typed goes along.
    if (event.ctrlKey || event.metaKey) return event.key === 'Enter' ? this.commit() : undefined;
    const { active, isClosed } = this;
    if (event.key === 'Backspace' && this.entry.value === '') this.takeLast();
    else if (event.key === 'ArrowDown' && isClosed) void this.offer(true);
    else if (event.key === 'ArrowDown') this.move(1);
    else if (event.key === 'ArrowUp' && !isClosed) this.move(-1);
    else if (event.key === 'Enter' && active) this.choose(active);
    else if (event.key === 'Enter') this.commit();
    else if (event.key === 'Escape' && !isClosed) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What was typed is somebody now; whether mail can go there, the server says. */
  private commit(): void {
    const typed = this.entry.value.split(PIECES).map((piece) => piece.trim());
    this.entry.value = '';
    this.close();
    const fresh = typed.filter((piece) => piece !== '' && !this.people.includes(piece));
    if (fresh.length > 0) this.put([...this.people, ...fresh].join(', '));
  }

  private takeLast(): void {
    const { people } = this;
    if (people.length > 0) this.put(people.slice(0, -1).join(', '));
  }

  private put(people: string): void {
    this.fieldTarget.value = people;
    this.draw();
    this.fieldTarget.dispatchEvent(new Event('input', { bubbles: true }));
  }

  private draw(): void {
    this.chips.replaceChildren(...this.people.map((piece, place) => this.chip(piece, place)));
  }

  private chip(piece: string, place: number): HTMLElement {
    const [, name = '', written = piece] = /^([^<>]*)<([^<>]*)>$/.exec(piece) ?? [];
    const address = written.trim();
    const chip = document.createElement('li');
    chip.className = ADDRESS.test(address) ? 'chip' : 'chip chip--late';
    const words = document.createElement('span');
    words.dir = 'auto';
    if (name.trim()) {
      const who = document.createElement('b');
      who.textContent = name.trim();
      words.append(who, ' ');
    }
    words.append(address);
    const button = document.createElement('button');
    button.type = 'button';
    button.title = this.removeValue.replace('{who}', address);
    button.setAttribute('aria-label', button.title);
    button.append('×');
    button.addEventListener('click', () => this.remove(place));
    chip.append(words, button);
    return chip;
  }

  private remove(place: number): void {
    this.put(this.people.filter((_, n) => n !== place).join(', '));
    const next = this.chips.querySelectorAll('button')[place];
    (next ?? this.entry).focus();
  }

  private async offer(first = false): Promise<void> {
    const turn = ++this.asked;
    const page = await fetchPage(`${this.addressValue}?${new URLSearchParams({ q: this.entry.value })}`);
    const list = page?.querySelector('ul');
    if (turn !== this.asked || !list || document.activeElement !== this.entry) return;
    this.optionsTarget.replaceChildren(...list.children);
    const { options } = this;
    for (const [n, option] of options.entries()) option.id = `${this.optionsTarget.id}-${n}`;
    if (options.length === 0) return this.close();
    this.open();
    if (first) this.move(1);
    else announce(this.offeredValue.replace('{n}', String(options.length)));
  }

  private choose(option: HTMLElement): void {
    this.entry.value = option.dataset['typed'] ?? '';
    this.commit();
  }

  /** In the top layer, because the composer scrolls; where there is room. */
  private open(): void {
    const { left, width, top, bottom } = this.boxTarget.getBoundingClientRect();
    const { style } = this.optionsTarget;
    const isBelow = window.innerHeight - bottom > Math.min(ROOM, top);
    style.insetInlineStart = `${left}px`;
    style.inlineSize = `${Math.min(width, 440)}px`;
    style.insetBlock = isBelow ? `${bottom + 4}px auto` : `auto ${window.innerHeight - top + 4}px`;
    style.maxBlockSize = `${Math.max(120, isBelow ? window.innerHeight - bottom - 16 : top - 16)}px`;
    if (!this.optionsTarget.matches(':popover-open')) this.optionsTarget.showPopover();
    this.entry.setAttribute('aria-expanded', 'true');
    this.entry.removeAttribute('aria-activedescendant');
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    if (!this.isClosed) this.optionsTarget.hidePopover();
    this.entry.setAttribute('aria-expanded', 'false');
    this.entry.removeAttribute('aria-activedescendant');
  }

  private move(step: 1 | -1): void {
    moveActive(this.entry, this.options, step);
  }

  private get people(): string[] {
    return this.fieldTarget.value
      .split(PIECES)
      .map((piece) => piece.trim())
      .filter(Boolean);
  }

  private get isClosed(): boolean {
    return !this.optionsTarget.isConnected || !this.optionsTarget.matches(':popover-open');
  }

  private get options(): HTMLElement[] {
    return optionsIn(this.optionsTarget);
  }

  private get active(): HTMLElement | undefined {
    return activeOf(this.options);
  }
}
