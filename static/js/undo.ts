// A reply that has not left can be taken back (O4). The bar stays while one goes on to other tickets, until the time is up.
import { Controller } from '@hotwired/stimulus';
import { wasTaken } from './cut-off';
import { serverNow } from './server-clock';

export class UndoController extends Controller<HTMLElement> {
  static override targets = ['left'];
  static override values = { until: String };

  declare readonly leftTarget: HTMLElement;
  declare readonly untilValue: string;

  private timer: ReturnType<typeof setInterval> | undefined;
  private onUndone = (event: Event) => {
    if (wasTaken(event)) this.element.remove();
  };

  override connect(): void {
    const place = document.getElementById('toasts');
    if (place && !place.contains(this.element)) this.moveTo(place);
    else this.countDown();
  }

  override disconnect(): void {
    clearInterval(this.timer);
    this.element.removeEventListener('turbo:submit-end', this.onUndone);
  }

  private countDown(): void {
    this.tick();
    this.timer = setInterval(() => this.tick(), 250);
    this.element.addEventListener('turbo:submit-end', this.onUndone);
  }

  /** A page that is brought up to date brings the bar again: the one that stands stays, with the focus that may be in it. */
  private moveTo(place: HTMLElement): void {
    const earlier = place.querySelector<HTMLElement>('#undo');
    if (earlier && actionOf(earlier) === actionOf(this.element)) return this.element.remove();
    earlier?.remove();
    place.append(this.element);
  }

  private tick(): void {
    const left = Math.ceil((Date.parse(this.untilValue) - serverNow()) / 1_000);
    this.leftTarget.textContent = String(left);
    if (left <= 0) this.element.remove();
  }
}

const actionOf = (bar: HTMLElement) => bar.querySelector('form')?.getAttribute('action');
