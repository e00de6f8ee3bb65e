// The search field offers how to go on: a combobox whose list is walked with the arrows while the caret stays in the field.
import { Controller } from '@hotwired/stimulus';
import { announce } from './announce';
import { fetchPage } from './morph';
import { activeOf, moveActive, optionsIn } from './options';

const AFTER_LAST_KEY = 120;

export class FindController extends Controller<HTMLFormElement> {
  static override targets = ['field', 'options'];
  static override values = { address: String, offered: String };

  declare readonly fieldTarget: HTMLInputElement;
  declare readonly optionsTarget: HTMLElement;
  declare readonly addressValue: string;
  declare readonly offeredValue: string;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private from = 0;
  private to = 0;

  private onInput = () => {
    clearTimeout(this.timer);
    // An empty field is left alone: whoever wants to see everything presses the arrow.
    if (this.fieldTarget.value.trim() === '') return this.close();
    this.timer = setTimeout(() => void this.offer(), AFTER_LAST_KEY);
  };
  private onKey = (event: KeyboardEvent) => this.press(event);
  private onLeave = () => this.close();
  /** Before the field would lose the focus to the list. */
  private onPoint = (event: Event) => {
    event.preventDefault();
    const option = (event.target as Element).closest<HTMLElement>('[role="option"]');
    if (option) this.choose(option);
  };

  override connect(): void {
    // Without script it is an ordinary search field.
    this.fieldTarget.setAttribute('role', 'combobox');
    this.fieldTarget.setAttribute('aria-autocomplete', 'list');
    this.fieldTarget.setAttribute('aria-expanded', 'false');
    this.fieldTarget.setAttribute('aria-controls', this.optionsTarget.id);
    this.fieldTarget.addEventListener('input', this.onInput);
    this.fieldTarget.addEventListener('keydown', this.onKey);
    this.fieldTarget.addEventListener('blur', this.onLeave);
    this.optionsTarget.addEventListener('pointerdown', this.onPoint);
  }

  override disconnect(): void {
    this.close();
    this.fieldTarget.removeEventListener('input', this.onInput);
    this.fieldTarget.removeEventListener('keydown', this.onKey);
    this.fieldTarget.removeEventListener('blur', this.onLeave);
    this.optionsTarget.removeEventListener('pointerdown', this.onPoint);
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { active } = this;
    if (event.key === 'ArrowDown' && this.isClosed) void this.offer(true);
    else if (this.isClosed) return;
    else if (event.key === 'ArrowDown') this.move(1);
    else if (event.key === 'ArrowUp') this.move(-1);
    else if (event.key === 'Enter' && active) this.choose(active);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private async offer(first = false): Promise<void> {
    const { value, selectionStart } = this.fieldTarget;
    const turn = ++this.asked;
    const question = new URLSearchParams({ q: value, at: String(selectionStart ?? value.length) });
    const page = await fetchPage(`${this.addressValue}?${question}`);
    const list = page?.querySelector('ul');
    if (turn !== this.asked || !list || document.activeElement !== this.fieldTarget) return;
    this.from = Number(list.dataset['from']);
    this.to = Number(list.dataset['to']);
    this.optionsTarget.replaceChildren(...list.children);
    const options = this.options.length;
    if (options === 0) return this.close();
    this.optionsTarget.hidden = false;
    this.fieldTarget.setAttribute('aria-expanded', 'true');
    this.fieldTarget.removeAttribute('aria-activedescendant');
    if (first) this.move(1);
    else announce(this.offeredValue.replace('{n}', String(options)));
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    this.optionsTarget.hidden = true;
    this.fieldTarget.setAttribute('aria-expanded', 'false');
    this.fieldTarget.removeAttribute('aria-activedescendant');
  }

  private move(step: 1 | -1): void {
    moveActive(this.fieldTarget, this.options, step);
  }

  /** After an operator its values are offered at once. */
  private choose(option: HTMLElement): void {
    const insert = option.dataset['insert'] ?? '';
    const { value } = this.fieldTarget;
    const after = value.slice(this.to);
    this.fieldTarget.value =
      value.slice(0, this.from) + insert + (insert.endsWith(' ') ? after.trimStart() : after);
    const caret = this.from + insert.length;
    this.fieldTarget.setSelectionRange(caret, caret);
    this.close();
    if (insert.endsWith(':')) void this.offer();
  }

  private get isClosed(): boolean {
    return this.optionsTarget.hidden !== false;
  }

  private get options(): HTMLElement[] {
    return optionsIn(this.optionsTarget);
  }

  private get active(): HTMLElement | undefined {
    return activeOf(this.options);
  }
}
