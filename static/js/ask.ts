// Opens the question that stands in the page already, instead of going to a page that asks it.
import { Controller } from '@hotwired/stimulus';

export class AskController extends Controller<HTMLElement> {
  static override values = { dialog: String };

  declare readonly dialogValue: string;

  private onClick = (event: Event) => {
    const dialog = document.getElementById(this.dialogValue);
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.showModal();
  };

  override connect(): void {
    this.element.addEventListener('click', this.onClick);
  }

  override disconnect(): void {
    this.element.removeEventListener('click', this.onClick);
  }
}
