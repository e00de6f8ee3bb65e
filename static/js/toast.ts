// A sentence about what was just done goes by itself, but not while somebody is at it.
import { Controller } from '@hotwired/stimulus';

const STAYS = 10_000;

export class ToastController extends Controller<HTMLElement> {
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connect(): void {
    this.timer = setTimeout(() => this.go(), STAYS);
  }

  override disconnect(): void {
    clearTimeout(this.timer);
  }

  private go(): void {
    if (this.element.matches(':hover, :focus-within')) this.connect();
    else this.element.remove();
  }
}
