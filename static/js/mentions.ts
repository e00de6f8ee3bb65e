// Colleagues while a note is written: "@" offers them, and the chosen name takes the place of what was typed.
import { OfferingController } from './offering';

export class MentionsController extends OfferingController {
  /** From the start of a word; a name may be of two words. */
  protected readonly sign = /(?:^|[\s([{"'])(@([^\n@]{0,40}))$/;

  protected choose(option: HTMLElement): void {
    const { begun } = this;
    this.close();
    if (!begun) return;
    this.wordsTarget.setRangeText(`@${option.dataset['name']} `, begun.from, begun.to, 'end');
    this.refused = begun.from;
    this.wordsTarget.dispatchEvent(new Event('input', { bubbles: true }));
  }

  protected foundNothing(): void {
    this.close();
  }
}
