// Macros while somebody writes: "/" at the start of a line offers them, the letters after it narrow them down, and the chosen one
// takes the place of what was typed. The caret stays in the reply all the time.
import { Controller } from '@hotwired/stimulus';
import { announce } from './announce';
import { tellCutOff } from './cut-off';
import { fetchPage } from './morph';
import { activeOf, hideOptions, isShown, optionsIn, showAbove, stepTo } from './options';

const AFTER_LAST_KEY = 100;
/** From the start of its line up to the caret. */
const BEGUN = /(?:^|\n)(\/([^\n/]{0,60}))$/;

interface Answer {
  words: string;
  status?: string;
  doingHtml: string;
}

export class MacrosController extends Controller<HTMLFormElement> {
  static override targets = ['words', 'options', 'doing', 'button'];
  static override values = { offered: String, action: String, said: String, none: String };

  declare readonly wordsTarget: HTMLTextAreaElement;
  declare readonly optionsTarget: HTMLElement;
  declare readonly doingTarget: HTMLElement;
  declare readonly buttonTarget: HTMLButtonElement;
  declare readonly offeredValue: string;
  declare readonly actionValue: string;
  declare readonly saidValue: string;
  declare readonly noneValue: string;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  /** Where Escape said that a slash is only a slash. */
  private refused = -1;

  private onInput = () => {
    clearTimeout(this.timer);
    const begun = this.begun;
    if (!begun) {
      this.refused = -1;
      return this.close();
    }
    if (begun.from !== this.refused) this.timer = setTimeout(() => void this.offer(), AFTER_LAST_KEY);
  };
  private onKey = (event: KeyboardEvent) => this.press(event);
  private onLeave = () => this.close();
  /** Before the words would lose the focus to the list. */
  private onPoint = (event: Event) => {
    event.preventDefault();
    const option = (event.target as Element).closest<HTMLElement>('[role="option"]');
    if (option) void this.choose(option);
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
    this.close();
    this.wordsTarget.removeEventListener('input', this.onInput);
    this.wordsTarget.removeEventListener('keydown', this.onKey);
    this.wordsTarget.removeEventListener('blur', this.onLeave);
    this.optionsTarget.removeEventListener('pointerdown', this.onPoint);
  }

  /** The button and its key: as if a slash had been typed on a line of its own. */
  begin(event: Event): void {
    event.preventDefault();
    this.wordsTarget.focus();
    const { value, selectionEnd } = this.wordsTarget;
    if (!this.begun) {
      const isNewLine = selectionEnd === 0 || value[selectionEnd - 1] === '\n';
      this.wordsTarget.setRangeText(isNewLine ? '/' : '\n/', selectionEnd, selectionEnd, 'end');
    }
    this.refused = -1;
    clearTimeout(this.timer);
    void this.offer(value);
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !isShown(this.optionsTarget))
      return;
    const active = activeOf(this.options);
    if (event.key === 'ArrowDown') stepTo(this.wordsTarget, this.options, 1);
    else if (event.key === 'ArrowUp') stepTo(this.wordsTarget, this.options, -1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && active) void this.choose(active);
    else if (event.key === 'Escape') this.refuse();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** `before` is what was written when the button was pressed. */
  private async offer(before?: string): Promise<void> {
    const begun = this.begun;
    if (!begun) return;
    const turn = ++this.asked;
    const page = await fetchPage(`${this.offeredValue}?${new URLSearchParams({ q: begun.name })}`);
    const list = page?.querySelector('ul');
    if (turn !== this.asked || !list || document.activeElement !== this.wordsTarget) return;
    this.optionsTarget.replaceChildren(...list.children);
    const options = this.options.length;
    // There is none yet: the page to choose from says how to get one.
    if (options === 0 && before !== undefined && begun.name === '') {
      this.wordsTarget.value = before;
      return this.element.requestSubmit(this.buttonTarget);
    }
    if (options === 0) {
      announce(this.noneValue);
      return this.close();
    }
    showAbove(this.wordsTarget, this.optionsTarget);
    stepTo(this.wordsTarget, this.options, 1);
    announce(this.saidValue.replace('{n}', String(options)));
  }

  private async choose(option: HTMLElement): Promise<void> {
    const begun = this.begun;
    this.close();
    const response = await fetch(`${this.actionValue}/${option.dataset['macro']}/words`, {
      method: 'POST',
      headers: { Accept: 'application/json' },
    }).catch(() => undefined);
    if (!response) return tellCutOff(true);
    if (!response.ok || response.redirected || !this.element.isConnected) return;
    const answer = (await response.json()) as Answer;
    const { selectionEnd } = this.wordsTarget;
    this.wordsTarget.setRangeText(
      answer.words,
      begun?.from ?? selectionEnd,
      begun?.to ?? selectionEnd,
      'end',
    );
    const doing = new DOMParser().parseFromString(answer.doingHtml, 'text/html').body.firstElementChild;
    if (doing) this.doingTarget.replaceWith(doing);
    const status = this.element.elements.namedItem('thenStatus');
    if (answer.status && status instanceof HTMLSelectElement) status.value = answer.status;
    this.wordsTarget.dispatchEvent(new Event('input', { bubbles: true }));
    if (this.doingTarget.textContent?.trim()) announce(this.doingTarget.innerText);
  }

  private refuse(): void {
    this.refused = this.begun?.from ?? -1;
    this.close();
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asked += 1;
    hideOptions(this.wordsTarget, this.optionsTarget);
  }

  private get begun(): { from: number; to: number; name: string } | undefined {
    const { value, selectionStart, selectionEnd } = this.wordsTarget;
    if (selectionStart !== selectionEnd) return undefined;
    const [, typed = '', name = ''] = BEGUN.exec(value.slice(0, selectionStart)) ?? [];
    return typed ? { from: selectionStart - typed.length, to: selectionStart, name } : undefined;
  }

  private get options(): HTMLElement[] {
    return optionsIn(this.optionsTarget);
  }
}
