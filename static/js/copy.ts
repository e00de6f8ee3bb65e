// Takes a piece of text along.
import { Controller } from '@hotwired/stimulus';

export class CopyController extends Controller<HTMLElement> {
  static override targets = ['code', 'said'];
  static override values = { done: String };

  declare readonly codeTarget: HTMLElement;
  declare readonly saidTarget: HTMLElement;
  declare readonly doneValue: string;

  /** Without HTTPS browsers have no clipboard for pages; then the text is selected, ready for Ctrl+C. */
  async copy(): Promise<void> {
    if (!navigator.clipboard) return getSelection()?.selectAllChildren(this.codeTarget);
    await navigator.clipboard.writeText(this.codeTarget.textContent ?? '');
    this.saidTarget.textContent = this.doneValue;
  }
}
