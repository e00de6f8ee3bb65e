// A choice that sends its form by itself. With the keyboard it waits until one has arrived at what one wants.
import { Controller } from '@hotwired/stimulus';

export class SendOnChangeController extends Controller<HTMLFormElement> {
  private byKey = false;
  private changed = false;

  private onKey = (event: KeyboardEvent) => {
    this.byKey = event.key !== 'Enter';
    if (event.key === 'Enter' && this.changed) this.send();
    if (event.key === 'Escape') this.forget();
  };
  private onPointer = () => {
    this.byKey = false;
  };
  private onChange = () => {
    this.changed = true;
    if (!this.byKey) this.send();
  };
  private onLeave = () => {
    if (this.changed) this.send();
  };

  override connect(): void {
    this.element.addEventListener('keydown', this.onKey);
    this.element.addEventListener('pointerdown', this.onPointer);
    this.element.addEventListener('change', this.onChange);
    this.element.addEventListener('focusout', this.onLeave);
  }

  override disconnect(): void {
    this.element.removeEventListener('keydown', this.onKey);
    this.element.removeEventListener('pointerdown', this.onPointer);
    this.element.removeEventListener('change', this.onChange);
    this.element.removeEventListener('focusout', this.onLeave);
  }

  /** Back to what the page said. */
  private forget(): void {
    this.changed = false;
    this.element.reset();
  }

  private send(): void {
    this.changed = false;
    this.element.requestSubmit();
  }
}
