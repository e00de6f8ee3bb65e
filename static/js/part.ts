// A part of a page that follows what happens: after a signal its page is fetched again and the part changed in place.
import { Controller } from '@hotwired/stimulus';
import { bringUpToDate, fetchPage } from './morph';
import { whenSeen } from './when-seen';

/** At most one refresh in this time, in ms. */
const REST = 500;
/** Something of tickets and their mails is different, of the mailboxes themselves, or of what one was told. */
const SIGNALS = ['list:changed', 'mailboxes:changed', 'notices:changed'];

export class PartController extends Controller<HTMLElement> {
  static override values = { src: String };

  declare readonly srcValue: string;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private refreshWhenSeen = whenSeen(() => void this.refresh());
  private onChanged = () => {
    this.timer ??= setTimeout(this.refreshWhenSeen, REST);
  };

  override connect(): void {
    for (const event of SIGNALS) document.addEventListener(event, this.onChanged);
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    for (const event of SIGNALS) document.removeEventListener(event, this.onChanged);
  }

  private async refresh(): Promise<void> {
    this.timer = undefined;
    const next = (await fetchPage(this.srcValue))?.getElementById(this.element.id);
    if (next && this.element.isConnected) bringUpToDate(this.element, next);
  }
}
