// What is offered while one writes: a sign begins it, the letters after it narrow the list down, and what is chosen takes the place of
// what was typed. The caret stays in the words all the time; so does the focus.
import { Controller } from '@hotwired/stimulus';
import { announce } from './announce';
import { fetchPage } from './morph';
import { activeOf, hideOptions, isShown, optionsIn, showAbove, stepTo } from './options';

const AFTER_LAST_KEY = 100;

/** The sign and what follows it up to the caret: its place in the words, and the letters without the sign. */
export interface Begun {
  from: number;
  to: number;
  name: string;
}

export abstract class OfferingController extends Controller<HTMLFormElement> {
  static override targets = ['words', 'options'];
  static override values: Record<string, StringConstructor> = { offered: String, said: String };

  declare readonly wordsTarget: HTMLTextAreaElement;
  declare readonly optionsTarget: HTMLElement;
  declare readonly hasOptionsTarget: boolean;
  declare readonly offeredValue: string;
  declare readonly saidValue: string;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  /** Where Escape said that it is only a sign, or where something was chosen. */
  protected refused = -1;

  /** At the end of the words up to the caret: the sign with its letters, and the letters alone. */
  protected abstract readonly sign: RegExp;
  protected abstract choose(option: HTMLElement): void;
  /** Nothing fits. `before` is what `offerNow` was given. */
  protected abstract foundNothing(begun: Begun, before: string | undefined): void;

  private onInput = () => {
    clearTimeout(this.timer);
    const { begun } = this;
    if (!begun) this.refused = -1;
    if (!begun || begun.from === this.refused) return this.close();
    this.timer = setTimeout(() => void this.offer(), AFTER_LAST_KEY);
  };
  private onKey = (event: KeyboardEvent) => this.press(event);
  private onLeave = () => this.close();
  /** Before the words would lose the focus to the list. */
  private onPoint = (event: Event) => {
    event.preventDefault();
    const option = (event.target as Element).closest<HTMLElement>('[role="option"]');
    if (option) this.choose(option);
  };

  override connect(): void {
    this.wordsTarget.setAttribute('aria-autocomplete', 'list');
    this.wordsTarget.addEventListener('input', this.onInput);
    // Before the composer and the desk, which have a use for the same keys.
    this.wordsTarget.addEventListener('keydown', this.onKey);
    this.wordsTarget.addEventListener('blur', this.onLeave);
    this.optionsTarget.addEventListener('pointerdown', this.onPoint);
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    if (this.hasOptionsTarget) {
      hideOptions(this.wordsTarget, this.optionsTarget);
      this.optionsTarget.removeEventListener('pointerdown', this.onPoint);
    }
    this.wordsTarget.removeEventListener('input', this.onInput);
    this.wordsTarget.removeEventListener('keydown', this.onKey);
    this.wordsTarget.removeEventListener('blur', this.onLeave);
  }

  /** At once, also where Escape had refused it. `before` is what was written before the sign was put there. */
  protected offerNow(before: string): void {
    this.refused = -1;
    clearTimeout(this.timer);
    void this.offer(before);
  }

  protected close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    hideOptions(this.wordsTarget, this.optionsTarget);
  }

  protected get begun(): Begun | undefined {
    const { value, selectionStart, selectionEnd } = this.wordsTarget;
    if (selectionStart !== selectionEnd) return undefined;
    const [, typed = '', name = ''] = this.sign.exec(value.slice(0, selectionStart)) ?? [];
    return typed ? { from: selectionStart - typed.length, to: selectionStart, name } : undefined;
  }

  private press(event: KeyboardEvent): void {
    const isPlain = !(event.isComposing || event.ctrlKey || event.metaKey || event.altKey);
    if (!isPlain || !isShown(this.optionsTarget)) return;
    const options = optionsIn(this.optionsTarget);
    const active = activeOf(options);
    if (event.key === 'ArrowDown') stepTo(this.wordsTarget, options, 1);
    else if (event.key === 'ArrowUp') stepTo(this.wordsTarget, options, -1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && active) this.choose(active);
    else if (event.key === 'Escape') this.refuse();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private async offer(before?: string): Promise<void> {
    const { begun } = this;
    if (!begun) return;
    const turn = ++this.asked;
    const page = await fetchPage(`${this.offeredValue}?${new URLSearchParams({ q: begun.name })}`);
    const list = page?.querySelector('ul');
    if (turn !== this.asked || !list || document.activeElement !== this.wordsTarget) return;
    this.optionsTarget.replaceChildren(...list.children);
    const options = optionsIn(this.optionsTarget);
    if (options.length === 0) return this.foundNothing(begun, before);
    showAbove(this.wordsTarget, this.optionsTarget);
    stepTo(this.wordsTarget, options, 1);
    announce(this.saidValue.replace('{n}', String(options.length)));
  }

  private refuse(): void {
    this.refused = this.begun?.from ?? -1;
    this.close();
  }
}
