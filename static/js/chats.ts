// The page of all chats: after a signal it is fetched again and changed in place.
import { Controller } from '@hotwired/stimulus';
import { bringUpToDate, fetchPage } from './morph';
import { whenSeen } from './when-seen';

/** At most one refresh in this time, in ms. */
const REST = 500;

export class ChatsController extends Controller<HTMLElement> {
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
    const next = (await fetchPage(this.srcValue))?.getElementById('chats');
    if (next && this.element.isConnected) bringUpToDate(this.element, next);
  }
}
