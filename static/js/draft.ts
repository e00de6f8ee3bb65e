// Drafts keep themselves (W4): a moment after the last key, when the page is left, and again and again while the line is down.
import { Controller } from '@hotwired/stimulus';
import { unsaved, wasTaken } from './cut-off';

const AFTER_LAST_KEY = 800;
const TRY_AGAIN_AFTER = 5_000;
/** Browsers send no more than 64 KB on behalf of a page that is gone. */
const MOST_KEPT_ALIVE = 60_000;

interface Answer {
  clientId?: string;
  base: string;
  /** Only when they are not those that were sent. */
  words?: string;
}

export class DraftController extends Controller<HTMLFormElement> {
  static override targets = ['words', 'said', 'base', 'writer'];
  static override values = {
    address: String,
    kind: String,
    saved: String,
    failed: String,
    merged: String,
    typed: Boolean,
  };

  declare readonly wordsTarget: HTMLTextAreaElement;
  declare readonly saidTarget: HTMLElement;
  declare readonly addressValue: string;
  declare readonly kindValue: string;
  declare readonly savedValue: string;
  declare readonly failedValue: string;
  declare readonly mergedValue: string;
  /** The words in the form are not those of the draft: they came back from a form that was not accepted. */
  declare readonly typedValue: boolean;
  declare readonly baseTarget: HTMLInputElement;
  declare readonly writerTarget: HTMLInputElement;

  /** What the server has; undefined when that is something else. */
  private kept: string | undefined;
  /** Likewise of whom it is to go to. */
  private keptPeople: string | undefined;
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
  private onCome = () => void this.look();
  /** The browser asks before it throws away what could not be saved. */
  private onUnload = (event: BeforeUnloadEvent) => {
    const isNowhereElse = this.isGone ? this.wordsTarget.value !== '' : this.isUnsaved && this.hasFailed;
    if (isNowhereElse) event.preventDefault();
  };

  override connect(): void {
    this.kept = this.typedValue ? undefined : this.wordsTarget.defaultValue;
    this.keptPeople = this.people.toString();
    // Anew each time: a tab that is duplicated has everything of the first but this.
    this.writerTarget.value = crypto.getRandomValues(new Uint32Array(3)).join('');
    this.element.addEventListener('turbo:submit-start', this.onStart);
    this.element.addEventListener('turbo:submit-end', this.onEnd);
    window.addEventListener('pagehide', this.onLeave);
    window.addEventListener('beforeunload', this.onUnload);
    window.addEventListener('focus', this.onCome);
    this.wordsTarget.addEventListener('focus', this.onCome);
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
    window.removeEventListener('focus', this.onCome);
    this.wordsTarget.removeEventListener('focus', this.onCome);
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
    const people = this.people.toString();
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
    const answer = (await response.json()) as Answer;
    this.hasFailed = false;
    this.kept = words;
    this.keptPeople = people;
    this.baseTarget.value = answer.base;
    if (answer.words !== undefined) this.merge(words, answer.words);
    this.mark();
    if (this.isUnsaved) return;
    this.saidTarget.textContent = answer.words === undefined ? this.savedValue : this.mergedValue;
    this.takeClientId(answer);
  }

  /** Another window of ours had written meanwhile: its words stand below these now, at the server and here. */
  private merge(sent: string, both: string): void {
    const { selectionStart, selectionEnd, value } = this.wordsTarget;
    this.wordsTarget.value = value === sent ? both : value + both.slice(sent.trimEnd().length);
    this.wordsTarget.setSelectionRange(selectionStart, selectionEnd);
    this.kept = both;
    this.sayChanged();
  }

  /** Whoever comes back to this window goes on with what was written in the other one, unless something is unsaved here. */
  private async look(): Promise<void> {
    if (this.isUnsaved || this.isGone) return;
    const before = this.wordsTarget.value;
    const response = await fetch(`${this.addressValue}/${this.kindValue}`, { cache: 'no-store' }).catch(
      () => undefined,
    );
    if (!response?.ok || response.redirected) return;
    const draft = (await response.json()) as Required<Answer>;
    if (!this.element.isConnected || this.isUnsaved || this.wordsTarget.value !== before) return;
    if (draft.base === this.baseTarget.value) return;
    this.baseTarget.value = draft.base;
    this.kept = draft.words;
    this.wordsTarget.value = draft.words;
    this.takeClientId(draft);
    this.sayChanged();
  }

  /** As if it had been typed: the field grows, and what is unsaved is kept in a moment. */
  private sayChanged(): void {
    this.wordsTarget.dispatchEvent(new Event('input', { bubbles: true }));
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
    const isKept = this.wordsTarget.value === this.kept && this.people.toString() === this.keptPeople;
    return !this.sending && !isKept;
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

  /** Whom somebody has chosen; empty while it goes to whom the ticket says. */
  private get people(): URLSearchParams {
    const chosen = this.element.querySelector('.recipients[data-touched]');
    const fields = chosen?.querySelectorAll<HTMLInputElement>('input[name]') ?? [];
    return new URLSearchParams([...fields].map(({ name, value }) => [name, value]));
  }

  private form(): URLSearchParams {
    return new URLSearchParams({
      ...Object.fromEntries(this.people),
      kind: this.kindValue,
      words: this.wordsTarget.value,
      draftBase: this.baseTarget.value,
      draftWriter: this.writerTarget.value,
    });
  }
}
