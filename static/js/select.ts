// Tickets that are chosen in a list: how many there are, and choosing with keys or from one to another.
import { Controller } from '@hotwired/stimulus';
import { announce } from './announce';
import { wasTaken } from './cut-off';

export class SelectController extends Controller<HTMLElement> {
  static override targets = ['pick', 'count', 'everything'];
  static override values = { chosen: String };

  declare readonly pickTargets: HTMLInputElement[];
  declare readonly countTarget: HTMLElement;
  declare readonly hasCountTarget: boolean;
  declare readonly everythingTarget: HTMLInputElement;
  declare readonly hasEverythingTarget: boolean;
  declare readonly chosenValue: string;

  /** Where a range begins: the one that was chosen or left last. */
  private last: HTMLInputElement | undefined;
  private onChange = () => this.tell();
  private onClick = (event: MouseEvent) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement) || !target.matches('.row__pick')) return;
    if (event.shiftKey) this.choose(target, target.checked);
    this.last = target;
    this.tell();
  };
  private onPick = (event: Event) => {
    const { row, isRange } = (event as CustomEvent<{ row: Element; isRange: boolean }>).detail;
    const pick = row.parentElement?.querySelector<HTMLInputElement>('.row__pick');
    if (!pick || !this.hasCountTarget) return;
    if (isRange) this.choose(pick, true);
    else pick.checked = !pick.checked;
    this.last = pick;
    this.tell();
    announce(this.words);
  };
  private onSent = (event: Event) => {
    if ((event.target as Element).id === 'bulk' && wasTaken(event)) this.clear();
  };

  override connect(): void {
    this.element.addEventListener('change', this.onChange);
    this.element.addEventListener('click', this.onClick);
    this.element.addEventListener('turbo:submit-end', this.onSent);
    document.addEventListener('row:pick', this.onPick);
  }

  override disconnect(): void {
    this.element.removeEventListener('change', this.onChange);
    this.element.removeEventListener('click', this.onClick);
    this.element.removeEventListener('turbo:submit-end', this.onSent);
    document.removeEventListener('row:pick', this.onPick);
  }

  /** Rows come and go with the list. */
  pickTargetDisconnected(): void {
    this.tell();
  }

  clear(): void {
    for (const pick of this.pickTargets) pick.checked = false;
    if (this.hasEverythingTarget) this.everythingTarget.checked = false;
    this.tell();
  }

  /** From the last one to this one, whichever comes first. */
  private choose(pick: HTMLInputElement, isChosen: boolean): void {
    const picks = this.pickTargets;
    const [from, to] = [picks.indexOf(this.last ?? pick), picks.indexOf(pick)].sort((a, b) => a - b);
    for (const one of picks.slice(Math.max(from ?? 0, 0), (to ?? 0) + 1)) one.checked = isChosen;
  }

  private tell(): void {
    if (this.hasCountTarget) this.countTarget.textContent = this.words;
  }

  private get words(): string {
    return this.chosenValue.replace('{n}', String(this.pickTargets.filter(({ checked }) => checked).length));
  }
}
