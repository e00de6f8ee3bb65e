// A ticket opens at its newest message. Where that one is longer than the screen, reading begins at its first line and not at its
// last: rich mails grow to their height a moment after the page is there, so the place is kept until somebody moves.
import { Controller } from '@hotwired/stimulus';

/** What tells that the reader has taken over. */
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'];

export class ReadingController extends Controller<HTMLElement> {
  private sizes: ResizeObserver | undefined;
  private stop = () => {
    this.sizes?.disconnect();
    for (const move of MOVES) document.removeEventListener(move, this.stop);
  };

  override connect(): void {
    const newest = [...this.element.querySelectorAll<HTMLElement>('.message')].at(-1);
    if (!newest?.matches('.message--customer') || location.hash !== '') return;
    this.sizes = new ResizeObserver(() => this.beginAt(newest));
    this.sizes.observe(newest);
    for (const move of MOVES) document.addEventListener(move, this.stop, { passive: true });
  }

  override disconnect(): void {
    this.stop();
  }

  private beginAt(message: HTMLElement): void {
    const stream = this.element.getBoundingClientRect();
    const room = Number.parseFloat(getComputedStyle(this.element).paddingBlockStart);
    const above = stream.top + room - message.getBoundingClientRect().top;
    if (above > 0) this.element.scrollBy({ top: -above, behavior: 'instant' });
  }
}
