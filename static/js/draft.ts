// Drafts keep themselves (W4): a moment after the last key, when the page is left, and again and again while the line is down.
import { Controller } from '@hotwired/stimulus';
import { unsaved, wasTaken } from './cut-off';

const AFTER_LAST_KEY = 800;
const TRY_AGAIN_AFTER = 5_000;
/** Browsers send no more than 64 KB on behalf of a page that is gone. */
const MOST_KEPT_ALIVE = 60_000;

export class DraftController extends Controller<HTMLFormElement> {
  static override targets = ['words', 'said'];
  static override values = { address: String, kind: String, saved: String, failed: String };

  declare readonly wordsTarget: HTMLTextAreaElement;
  declare readonly saidTarget: HTMLElement;
  declare readonly addressValue: string;
  declare readonly kindValue: string;
  declare readonly savedValue: string;
  declare readonly failedValue: string;

  /** What the server has. */
  private kept = '';
  private sending = false;
  private hasFailed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | undefined;
  private onStart = () => this.stop();
  private onEnd = (event: Event) => {
    this.sending = wasTaken(event);
    if (!this.sending) this.change();
  };
  private onLeave = () => this.keepNow();
  /** The browser asks before it throws away what could not be saved. */
  private onUnload = (event: BeforeUnloadEvent) => {
    const isNowhereElse = this.isGone ? this.wordsTarget.value !== '' : this.isUnsaved && this.hasFailed;
    if (isNowhereElse) event.preventDefault();
  };

  override connect(): void {
    this.kept = this.wordsTarget.defaultValue;
    this.element.addEventListener('turbo:submit-start', this.onStart);
    this.element.addEventListener('turbo:submit-end', this.onEnd);
    window.addEventListener('pagehide', this.onLeave);
    window.addEventListener('beforeunload', this.onUnload);
    document.addEventListener('visibilitychange', this.onLeave);
    document.addEventListener('live:open', this.onLeave);
    // Words that the browser has brought back after a reload.
    if (this.isUnsaved) this.change();
  }

  override disconnect(): void {
    this.keepNow();
    unsaved.delete(this.element);
    clearTimeout(this.timer);
    this.element.removeEventListener('turbo:submit-start', this.onStart);
    this.element.removeEventListener('turbo:submit-end', this.onEnd);
    window.removeEventListener('pagehide', this.onLeave);
    window.removeEventListener('beforeunload', this.onUnload);
    document.removeEventListener('visibilitychange', this.onLeave);
    document.removeEventListener('live:open', this.onLeave);
  }

  change(): void {
    this.saidTarget.textContent = '';
    this.mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.keep(), AFTER_LAST_KEY);
  }

  /** While the words are on their way as a message, a late draft would only bring them back. */
  private stop(): void {
    this.sending = true;
    clearTimeout(this.timer);
    this.request?.abort();
  }

  private keepNow(): void {
    if (!this.isUnsaved) return;
    clearTimeout(this.timer);
    void this.keep({ keepalive: this.form().toString().length < MOST_KEPT_ALIVE });
  }

  private async keep(options: RequestInit = {}): Promise<void> {
    const words = this.wordsTarget.value;
    if (!this.isUnsaved || this.isGone) return;
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const response = await fetch(this.addressValue, {
      method: 'POST',
      body: this.form(),
      signal,
      ...options,
    }).catch(() => undefined);
    if (signal.aborted || !this.element.isConnected) return;
    if (!response?.ok || response.redirected) return this.failed();
    this.hasFailed = false;
    this.kept = words;
    this.mark();
    if (this.isUnsaved) return;
    this.saidTarget.textContent = this.savedValue;
    this.takeClientId((await response.json()) as { clientId?: string });
  }

  private failed(): void {
    this.hasFailed = true;
    this.saidTarget.textContent = this.failedValue;
    clearTimeout(this.timer);
    if (!this.isGone) this.timer = setTimeout(() => void this.keep(), TRY_AGAIN_AFTER);
  }

  /** The ticket is there no more (ticket.ts): nothing can be kept, and the browser asks before the words are lost. */
  private get isGone(): boolean {
    return this.element.dataset['gone'] !== undefined;
  }

  private get isUnsaved(): boolean {
    return !this.sending && this.wordsTarget.value !== this.kept;
  }

  private mark(): void {
    if (this.isUnsaved) unsaved.add(this.element);
    else unsaved.delete(this.element);
  }

  /** The draft's id is the id of the message it becomes, so that sending it twice makes one message. */
  private takeClientId({ clientId }: { clientId?: string }): void {
    const field = this.element.elements.namedItem('clientId');
    if (clientId && field instanceof HTMLInputElement && !this.sending) field.value = clientId;
  }

  private form(): URLSearchParams {
    return new URLSearchParams({ kind: this.kindValue, words: this.wordsTarget.value });
  }
}
