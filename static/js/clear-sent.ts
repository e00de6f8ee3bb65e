// A field for one thing after the other (tags): empty again for the next one, once the server has taken what was sent.
import { Controller } from '@hotwired/stimulus';
import { wasTaken } from './cut-off';

export class ClearSentController extends Controller<HTMLFormElement> {
  private onSent = (event: Event) => {
    if (wasTaken(event)) this.element.reset();
  };

  override connect(): void {
    this.element.addEventListener('turbo:submit-end', this.onSent);
  }

  override disconnect(): void {
    this.element.removeEventListener('turbo:submit-end', this.onSent);
  }
}
