// The firm's own fields beside a ticket: whoever is filling them in keeps what they have typed while the ticket changes around them, and
// with it what stood there when they began, so that the server can tell whether somebody was quicker (W3).
import { Controller } from '@hotwired/stimulus';
import { wasTaken } from './cut-off';

export class OwnFieldsController extends Controller<HTMLFormElement> {
  private onSent = (event: Event) => {
    if (wasTaken(event)) this.element.dataset['sent'] = '';
  };

  override connect(): void {
    this.element.addEventListener('turbo:submit-end', this.onSent);
  }

  override disconnect(): void {
    this.element.removeEventListener('turbo:submit-end', this.onSent);
  }
}

/** As a whole or not at all: when they were just sent, when something in them is wrong, or when nobody is filling them in. */
export function bringOwnFieldsUpToDate(now: Element, next: Element): void {
  const form = now.querySelector<HTMLFormElement>('form#own-fields');
  const fresh = next.querySelector('form#own-fields');
  if (!form || !fresh) return;
  const isAnswer = form.dataset['sent'] !== undefined || fresh.querySelector('[aria-invalid]') !== null;
  if (isAnswer || !isBeingFilledIn(form)) form.replaceWith(fresh.cloneNode(true));
}

const isBeingFilledIn = (form: HTMLFormElement): boolean =>
  [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input:not([type="hidden"]), select')].some(
    (field) => field === document.activeElement || isChanged(field),
  );

function isChanged(field: HTMLInputElement | HTMLSelectElement): boolean {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.type === 'checkbox'
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
}
