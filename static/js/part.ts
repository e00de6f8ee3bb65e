// A part of a page that follows what happens: after a signal its page is fetched again and the part changed in place.
import { Controller } from '@hotwired/stimulus';
import { bringUpToDate, fetchPage } from './morph';
import { whenSeen } from './when-seen';

/** At most one refresh in this time, in ms. */
const REST = 500;

export class PartController extends Controller<HTMLElement> {
  static override values = { src: String };

  declare readonly srcValue: string;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private refreshWhenSeen = whenSeen(() => void this.refresh());
  private onChanged = () => {
    this.timer ??= setTimeout(this.refreshWhenSeen, REST);
  };

  override connect(): void {
    document.addEventListener('list:changed', this.onChanged);
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    document.removeEventListener('list:changed', this.onChanged);
  }

  private async refresh(): Promise<void> {
    this.timer = undefined;
    const next = (await fetchPage(this.srcValue))?.getElementById(this.element.id);
    if (next && this.element.isConnected) bringUpToDate(this.element, next);
  }
}
