// Keeps the list up to date: after a signal it is fetched again, with as many pages as were loaded, and changed in place.
import { Controller } from '@hotwired/stimulus';
import { listJustChanged } from './live';
import { bringUpToDate, fetchPage } from './morph';
import { markCurrentRow } from './rows';
import { rememberList } from './shelf';
import { whenSeen } from './when-seen';
import { askWhoIsWhere, hearWhoIsWhere, showWhoIsWhere } from './who-is-where';

/** At most one refresh in this time, in ms. */
const REST = 1_000;
const TRY_AGAIN_AFTER = 5_000;

/** What is being typed or chosen stays as it is; a selection that was begun keeps what it is about to do. */
const isInUse = (element: Element): boolean =>
  !element.matches('.bulk') || document.querySelector('.row__pick:checked') !== null;

export class ListController extends Controller<HTMLElement> {
  static override targets = ['rows', 'more', 'trouble'];
  static override values = { src: String, failed: String, me: Number, looking: String, writing: String };

  declare readonly rowsTarget: HTMLElement;
  declare readonly moreTarget: HTMLAnchorElement;
  declare readonly hasMoreTarget: boolean;
  declare readonly troubleTarget: HTMLElement;
  declare readonly srcValue: string;
  declare readonly failedValue: string;
  declare readonly meValue: number;
  declare readonly lookingValue: string;
  declare readonly writingValue: string;

  private pages = 1;
  private refreshing = false;
  private again = false;
  private refreshSoon = () => this.refresh();
  private refreshWhenSeen = whenSeen(() => this.refresh());
  private onPresence = (event: Event) => {
    hearWhoIsWhere(event);
    this.showPeople();
  };
  private onOpen = () => askWhoIsWhere(() => this.showPeople());

  override connect(): void {
    rememberList(this.srcValue);
    markCurrentRow();
    document.addEventListener('list:changed', this.refreshWhenSeen);
    document.addEventListener('list:refresh', this.refreshSoon);
    document.addEventListener('presence:changed', this.onPresence);
    document.addEventListener('live:open', this.onOpen);
    this.onOpen();
    if (listJustChanged()) this.refreshWhenSeen();
  }

  override disconnect(): void {
    document.removeEventListener('list:changed', this.refreshWhenSeen);
    document.removeEventListener('list:refresh', this.refreshSoon);
    document.removeEventListener('presence:changed', this.onPresence);
    document.removeEventListener('live:open', this.onOpen);
  }

  /** Appends the next page below; without script the same link leads to a page of its own. */
  async more(event: Event): Promise<void> {
    event.preventDefault();
    const link = this.moreTarget;
    const page = await fetchPage(link.dataset['src'] ?? link.href);
    const rows = page?.getElementById('rows');
    if (!page || !rows) return this.tellTrouble();
    const first = rows.querySelector<HTMLElement>('.row');
    this.rowsTarget.append(...rows.children);
    this.pages += 1;
    this.showPeople();
    this.replaceMore(page);
    first?.focus({ preventScroll: true });
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) {
      this.again = true;
      return;
    }
    this.refreshing = true;
    const page = await this.fetchAllPages();
    const list = page?.getElementById('list');
    const current = this.element.closest('#list');
    if (page && list && current) {
      this.troubleTarget.hidden = true;
      bringUpToDate(
        current,
        list,
        (element) => element.matches('.find, .row__pick, .bulk:has(:checked)') && isInUse(element),
      );
      markCurrentRow();
      this.showPeople();
    } else if (this.element.isConnected) this.tellTrouble();
    setTimeout(() => this.rested(), page ? REST : TRY_AGAIN_AFTER);
  }

  private rested(): void {
    this.refreshing = false;
    const again = this.again || !this.troubleTarget.hidden;
    this.again = false;
    if (again && this.element.isConnected) void this.refresh();
  }

  /** The first page with the rows of the further ones, as if the server had sent them at once. */
  private async fetchAllPages(): Promise<Document | undefined> {
    const first = await fetchPage(this.srcValue);
    let last = first;
    for (let page = 1; page < this.pages && last; page++) {
      const more = last.querySelector<HTMLElement>('[data-list-target="more"]')?.dataset['src'];
      if (!more) break;
      last = await fetchPage(more);
      first?.getElementById('rows')?.append(...(last?.getElementById('rows')?.children ?? []));
      first?.getElementById('more')?.replaceWith(...(last?.querySelectorAll('#more') ?? []));
    }
    return last && first;
  }

  private replaceMore(page: Document): void {
    const next = page.getElementById('more');
    const current = this.element.querySelector('#more');
    if (next) current?.replaceWith(next);
    else current?.remove();
  }

  private showPeople(): void {
    const sentences = { looking: this.lookingValue, writing: this.writingValue };
    showWhoIsWhere(this.element, this.meValue, sentences);
  }

  private tellTrouble(): void {
    this.troubleTarget.textContent = this.failedValue;
    this.troubleTarget.hidden = false;
  }
}
