// Files chosen, dropped or pasted, listed with a way to take each off again. The file input stays what is sent.
import { Controller } from '@hotwired/stimulus';

export class FilesController extends Controller<HTMLFormElement> {
  static override targets = ['input', 'list'];
  static override values = { remove: String };

  declare readonly inputTarget: HTMLInputElement;
  declare readonly listTarget: HTMLElement;
  declare readonly removeValue: string;

  private chosen: File[] = [];
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

  override connect(): void {
    this.element.addEventListener('click', this.onRemove);
    this.element.addEventListener('drop', this.onDrop);
    this.element.addEventListener('dragover', this.onDragOver);
    this.element.addEventListener('paste', this.onPaste);
  }

  override disconnect(): void {
    this.element.removeEventListener('click', this.onRemove);
    this.element.removeEventListener('drop', this.onDrop);
    this.element.removeEventListener('dragover', this.onDragOver);
    this.element.removeEventListener('paste', this.onPaste);
  }

  list(): void {
    this.add(this.inputTarget.files ?? []);
  }

  private add(files: Iterable<File>): void {
    this.hold([...this.chosen, ...files]);
  }

  private hold(files: File[]): void {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.inputTarget.files = transfer.files;
    this.chosen = files;
    for (const item of this.listTarget.querySelectorAll('[data-chosen]')) item.remove();
    this.listTarget.append(...files.map((file, place) => this.item(file, place)));
    this.listTarget.hidden = this.listTarget.children.length === 0;
  }

  private item(file: File, place: number): HTMLElement {
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
      this.hold(this.chosen.filter((_, other) => other !== place));
      this.inputTarget.focus();
    });
    item.append(name, remove);
    return item;
  }
}
