// What is typed into a form that has no draft on the server stays in this tab until it was sent: a reload, a look elsewhere or a
// server that is away must not lose it. Files are not kept.
import { Controller } from '@hotwired/stimulus';
import { wasTaken } from './cut-off';

type Field = HTMLInputElement | HTMLTextAreaElement;

export class KeepTypedController extends Controller<HTMLFormElement> {
  /** Of the form and whoever fills it in. */
  static override values = { key: String };

  declare readonly keyValue: string;

  private onInput = () => sessionStorage.setItem(this.keyValue, JSON.stringify(this.typed()));
  private onEnd = (event: Event) => {
    if (wasTaken(event)) sessionStorage.removeItem(this.keyValue);
  };

  override connect(): void {
    const kept = JSON.parse(sessionStorage.getItem(this.keyValue) ?? '{}') as Record<string, string>;
    for (const field of this.fields) if (field.value === '') field.value = kept[field.name] ?? '';
    this.element.addEventListener('input', this.onInput);
    this.element.addEventListener('turbo:submit-end', this.onEnd);
  }

  override disconnect(): void {
    this.element.removeEventListener('input', this.onInput);
    this.element.removeEventListener('turbo:submit-end', this.onEnd);
  }

  private typed(): Record<string, string> {
    return Object.fromEntries(this.fields.map(({ name, value }) => [name, value]));
  }

  private get fields(): Field[] {
    return [
      ...this.element.querySelectorAll<Field>('textarea, input[name]:not([type="hidden"], [type="file"])'),
    ];
  }
}
