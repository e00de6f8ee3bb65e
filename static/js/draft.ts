// Drafts keep themselves (W4): a moment after the last key, when the page is left, and again when the line was down.
import { Controller } from '@hotwired/stimulus';

const AFTER_LAST_KEY = 800;
const TRY_AGAIN_AFTER = 5_000;

export class DraftController extends Controller<HTMLFormElement> {
  static override targets = ['words', 'said'];
  static override values = { address: String, kind: String, saved: String, failed: String };

  declare readonly wordsTarget: HTMLTextAreaElement;
  declare readonly saidTarget: HTMLElement;
  declare readonly addressValue: string;
  declare readonly kindValue: string;
  declare readonly savedValue: string;
  declare readonly failedValue: string;

  private kept = '';
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | undefined;
  private onStart = () => this.stop();
  private onEnd = (event: Event) => {
    this.sending = (event as CustomEvent<{ success: boolean }>).detail.success;
    if (!this.sending) this.change();
  };
  private onLeave = () => this.keepNow();

  override connect(): void {
    this.kept = this.wordsTarget.value;
    this.element.addEventListener('turbo:submit-start', this.onStart);
    this.element.addEventListener('turbo:submit-end', this.onEnd);
    window.addEventListener('pagehide', this.onLeave);
    document.addEventListener('visibilitychange', this.onLeave);
  }

  override disconnect(): void {
    this.keepNow();
    clearTimeout(this.timer);
    this.element.removeEventListener('turbo:submit-start', this.onStart);
    this.element.removeEventListener('turbo:submit-end', this.onEnd);
    window.removeEventListener('pagehide', this.onLeave);
    document.removeEventListener('visibilitychange', this.onLeave);
  }

  change(): void {
    this.saidTarget.textContent = '';
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
    if (this.sending || this.wordsTarget.value === this.kept) return;
    this.kept = this.wordsTarget.value;
    void fetch(this.addressValue, { method: 'POST', body: this.form(), keepalive: true }).catch(
      () => undefined,
    );
  }

  private async keep(): Promise<void> {
    const words = this.wordsTarget.value;
    if (this.sending || words === this.kept) return;
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const response = await fetch(this.addressValue, { method: 'POST', body: this.form(), signal }).catch(
      () => undefined,
    );
    if (signal.aborted || !this.element.isConnected) return;
    if (!response?.ok || response.redirected) return this.failed();
    this.kept = words;
    this.saidTarget.textContent = this.savedValue;
    this.takeClientId((await response.json()) as { clientId?: string });
  }

  private failed(): void {
    this.saidTarget.textContent = this.failedValue;
    this.timer = setTimeout(() => void this.keep(), TRY_AGAIN_AFTER);
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
