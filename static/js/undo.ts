// A reply that has not left can be taken back (O4). The bar stays while one goes on to other tickets, until the time is up.
import { Controller } from '@hotwired/stimulus';

export class UndoController extends Controller<HTMLElement> {
  static override targets = ['left'];
  static override values = { until: String };

  declare readonly leftTarget: HTMLElement;
  declare readonly untilValue: string;

  private timer: ReturnType<typeof setInterval> | undefined;
  private onUndone = () => this.element.remove();

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

  private moveTo(place: HTMLElement): void {
    for (const earlier of place.querySelectorAll('#undo')) earlier.remove();
    place.append(this.element);
  }

  private tick(): void {
    const left = Math.ceil((Date.parse(this.untilValue) - Date.now()) / 1_000);
    this.leftTarget.textContent = String(left);
    if (left <= 0) this.element.remove();
  }
}
