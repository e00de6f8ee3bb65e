// Files chosen, dropped or pasted, listed with a way to take each off again. Where there is a draft they go to it at once (W4), so
// that they are there after a reload; until then, and where that fails, the file input holds them and they go with the form.
import { Controller } from '@hotwired/stimulus';
import { fetchPage } from './morph';

export class FilesController extends Controller<HTMLFormElement> {
  static override targets = ['input', 'list'];
  static override values = { remove: String, address: String, largest: Number, tooLarge: String };

  declare readonly inputTarget: HTMLInputElement;
  declare readonly listTarget: HTMLElement;
  declare readonly removeValue: string;
  declare readonly addressValue: string;
  /** Bytes that the server takes in one file. */
  declare readonly largestValue: number;
  declare readonly tooLargeValue: string;

  private refused: File[] = [];
  private chosen: File[] = [];
  /** Files on their way to the draft; sending waits for them, or they would go twice. */
  private onTheirWay: Promise<void> | undefined;
  private onDrop = (event: DragEvent) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.add(event.dataTransfer.files);
  };
  private onDragOver = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  /** A file the draft had already is taken off by its own form; the page that answers knows it no more. */
  private onRemove = (event: Event) => {
    if (event.target instanceof Element)
      event.target.closest('.file__remove[form]')?.closest('.file')?.setAttribute('hidden', '');
  };
  private onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData?.files.length) this.add(event.clipboardData.files);
  };
  private onSubmit = (event: SubmitEvent) => {
    if (!this.onTheirWay) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void this.onTheirWay.then(() => this.element.requestSubmit(event.submitter));
  };

  /** The browser asks before it throws away what only this page has. */
  private onUnload = (event: BeforeUnloadEvent) => {
    if (this.chosen.length > 0) event.preventDefault();
  };

  override connect(): void {
    window.addEventListener('beforeunload', this.onUnload);
    this.element.addEventListener('click', this.onRemove);
    this.element.addEventListener('drop', this.onDrop);
    this.element.addEventListener('dragover', this.onDragOver);
    this.element.addEventListener('paste', this.onPaste);
    this.element.addEventListener('submit', this.onSubmit);
  }

  override disconnect(): void {
    window.removeEventListener('beforeunload', this.onUnload);
    this.element.removeEventListener('click', this.onRemove);
    this.element.removeEventListener('drop', this.onDrop);
    this.element.removeEventListener('dragover', this.onDragOver);
    this.element.removeEventListener('paste', this.onPaste);
    this.element.removeEventListener('submit', this.onSubmit);
  }

  list(): void {
    this.add(this.inputTarget.files ?? []);
  }

  private add(files: Iterable<File>): void {
    const isTooLarge = ({ size }: File) => size > this.largestValue;
    this.refused = [...files].filter(isTooLarge);
    this.hold([...this.chosen, ...[...files].filter((file) => !isTooLarge(file))]);
    if (!this.addressValue || this.chosen.length === 0) return;
    const way = (this.onTheirWay ?? Promise.resolve()).then(() => this.keep());
    this.onTheirWay = way;
    void way.then(() => {
      if (this.onTheirWay === way) this.onTheirWay = undefined;
    });
  }

  /** Gives what is held to the draft. What cannot be given stays, and goes with the form. */
  private async keep(): Promise<void> {
    const files = this.chosen;
    if (files.length === 0) return;
    const body = new FormData();
    for (const file of files) body.append('files', file);
    const kept = await fetchPage(this.addressValue, { method: 'POST', body });
    const list = kept?.querySelector('.composer__files');
    if (!kept || !list || !this.element.isConnected) return;
    for (const item of this.listTarget.querySelectorAll('.file:not([data-chosen])')) item.remove();
    this.listTarget.prepend(...list.children);
    for (const removals of kept.querySelectorAll('[id$="-removals"]'))
      document.getElementById(removals.id)?.replaceWith(removals);
    this.hold(this.chosen.filter((file) => !files.includes(file)));
  }

  private hold(files: File[]): void {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.inputTarget.files = transfer.files;
    this.chosen = files;
    for (const item of this.listTarget.querySelectorAll('[data-chosen]')) item.remove();
    const without = (list: File[], file: File) => list.filter((other) => other !== file);
    this.listTarget.append(
      ...files.map((file) => this.item(file, () => this.hold(without(this.chosen, file)))),
      ...this.refused.map((file) => this.refusedItem(file)),
    );
    this.listTarget.hidden = this.listTarget.children.length === 0;
  }

  /** Said where it was chosen, and not after it was sent in vain. */
  private refusedItem(file: File): HTMLElement {
    const item = this.item(file, () => {
      this.refused = this.refused.filter((other) => other !== file);
      this.hold(this.chosen);
    });
    const why = document.createElement('span');
    why.className = 'file__problem';
    why.role = 'alert';
    why.textContent = this.tooLargeValue;
    item.querySelector('.file__name')?.after(why);
    return item;
  }

  private item(file: File, takeOff: () => void): HTMLElement {
    const item = document.createElement('li');
    item.className = 'file';
    item.dataset['chosen'] = '';
    const name = document.createElement('span');
    name.className = 'file__name';
    name.dir = 'auto';
    name.textContent = file.name;
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.className = 'file__remove';
    remove.textContent = '×';
    remove.ariaLabel = this.removeValue.replace('{name}', file.name);
    remove.addEventListener('click', () => {
      takeOff();
      this.inputTarget.focus();
    });
    item.append(name, remove);
    return item;
  }
}
