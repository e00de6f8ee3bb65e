// To whom a mail goes, all its fields together: "Reply" or "Reply to all" fills them, and whatever differs from the ticket is kept.
import { Controller } from '@hotwired/stimulus';

export class PeopleController extends Controller<HTMLElement> {
  static override targets = ['option', 'more'];

  declare readonly optionTargets: HTMLButtonElement[];
  declare readonly moreTarget: HTMLDetailsElement;
  declare readonly hasMoreTarget: boolean;

  private onInput = (event: Event) => {
    if (!(event.target as Element).matches('[name]')) return;
    this.element.dataset['touched'] = '';
    this.mark();
    this.dispatch('change');
  };

  override connect(): void {
    this.element.addEventListener('input', this.onInput);
    this.mark();
  }

  override disconnect(): void {
    this.element.removeEventListener('input', this.onInput);
  }

  choose(event: Event): void {
    event.preventDefault();
    const { to = '', cc = '' } = (event.currentTarget as HTMLElement).dataset;
    if (this.hasMoreTarget && cc !== '') this.moreTarget.open = true;
    this.fill('to', to);
    this.fill('cc', cc);
  }

  private fill(name: string, people: string): void {
    const field = this.field(name);
    field?.dispatchEvent(new CustomEvent('recipients:set', { detail: people }));
  }

  private mark(): void {
    for (const option of this.optionTargets) {
      const isNow = this.isIn('to', option.dataset['to']) && this.isIn('cc', option.dataset['cc']);
      option.setAttribute('aria-pressed', String(isNow));
    }
  }

  private isIn(name: string, people = ''): boolean {
    return addressesOf(this.field(name)?.value ?? '') === addressesOf(people);
  }

  private field(name: string): HTMLInputElement | null {
    return this.element.querySelector(`input[name="${name}"]`);
  }
}

const addressesOf = (people: string) =>
  people
    .split(/[,;\n]/)
    .map((piece) => (/<([^<>]*)>/.exec(piece)?.[1] ?? piece).trim().toLowerCase())
    .filter(Boolean)
    .sort()
    .join(' ');
