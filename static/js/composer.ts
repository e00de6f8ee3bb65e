// The composer: changing between reply and note, growing with what is written, sending with Ctrl+Enter.
import { Controller } from '@hotwired/stimulus';
import { wasTaken } from './cut-off';

export class ComposerController extends Controller<HTMLElement> {
  static override targets = ['mode'];

  declare readonly modeTargets: HTMLInputElement[];

  private onSent = (event: Event) => {
    // The page that comes knows the form as it is after sending, and is allowed to put it here (panes.ts).
    if (wasTaken(event) && event.target instanceof HTMLFormElement) event.target.dataset['sent'] = '';
  };
  private onInput = (event: Event) => {
    if (event.target instanceof HTMLTextAreaElement) grow(event.target);
  };

  override connect(): void {
    this.element.addEventListener('turbo:submit-end', this.onSent);
    this.element.addEventListener('input', this.onInput);
    for (const words of this.element.querySelectorAll('textarea')) grow(words);
  }

  override disconnect(): void {
    this.element.removeEventListener('turbo:submit-end', this.onSent);
    this.element.removeEventListener('input', this.onInput);
  }

  choose(): void {
    this.writtenForm?.querySelector('textarea')?.focus();
  }

  /** Ctrl or Cmd with Enter sends. */
  sendByKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const form = this.writtenForm;
    const button = form?.querySelector<HTMLButtonElement>('.button--main');
    if (button && !button.disabled) form?.requestSubmit(button);
  }

  private get writtenForm(): HTMLFormElement | null {
    const mode = this.modeTargets.find((radio) => radio.checked)?.value;
    return this.element.querySelector(`form[data-mode="${mode}"]`);
  }
}

/** Where the browser does not size a field by what is in it. */
function grow(words: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  words.style.blockSize = 'auto';
  words.style.blockSize = `${words.scrollHeight}px`;
}
