// Macros while somebody writes: "/" at the start of a line offers them, and the chosen one takes the place of what was typed.
import { announce } from './announce';
import { tellCutOff } from './cut-off';
import { type Begun, OfferingController } from './offering';

interface Answer {
  words: string;
  status?: string;
  doingHtml: string;
}

export class MacrosController extends OfferingController {
  static override targets = ['doing', 'button'];
  static override values: Record<string, StringConstructor> = { action: String, none: String };

  declare readonly doingTarget: HTMLElement;
  declare readonly buttonTarget: HTMLButtonElement;
  declare readonly actionValue: string;
  declare readonly noneValue: string;

  /** From the start of its line. */
  protected readonly sign = /(?:^|\n)(\/([^\n/]{0,60}))$/;

  /** The button and its key: as if a slash had been typed on a line of its own. */
  begin(event: Event): void {
    event.preventDefault();
    this.wordsTarget.focus();
    const { value, selectionEnd } = this.wordsTarget;
    if (!this.begun) {
      const isNewLine = selectionEnd === 0 || value[selectionEnd - 1] === '\n';
      this.wordsTarget.setRangeText(isNewLine ? '/' : '\n/', selectionEnd, selectionEnd, 'end');
    }
    this.offerNow(value);
  }

  /** When there is none yet, the page to choose from says how to get one. */
  protected foundNothing({ name }: Begun, before: string | undefined): void {
    if (before !== undefined && name === '') {
      this.wordsTarget.value = before;
      return this.element.requestSubmit(this.buttonTarget);
    }
    announce(this.noneValue);
    this.close();
  }

  protected choose(option: HTMLElement): void {
    void this.use(option);
  }

  private async use(option: HTMLElement): Promise<void> {
    const { begun } = this;
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
}
