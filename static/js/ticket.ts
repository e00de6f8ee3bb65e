// The open conversation: new messages appear in place, nothing that is read or written moves, and what the server is told to
// have been seen is what was really on the screen (W2).
import { Controller } from '@hotwired/stimulus';
import { announce } from './announce';
import { wasTaken } from './cut-off';
import { isGone, lastChangeOf, type TicketChange } from './live';
import { fetchPage } from './morph';
import { bringTicketUpToDate } from './panes';
import { whenSeen } from './when-seen';

/** At most one look at the whole page in this time, in ms. */
const REST = 1_000;

export class TicketController extends Controller<HTMLElement> {
  static override targets = ['stream', 'messages', 'entry', 'newer', 'later', 'seen', 'gone'];
  static override values = { number: Number, sequence: Number, changed: Number, arrived: String };

  declare readonly streamTarget: HTMLElement;
  declare readonly messagesTarget: HTMLElement;
  declare readonly entryTargets: HTMLElement[];
  declare readonly newerTarget: HTMLElement;
  /** Only on a page of earlier messages, below which something is missing. */
  declare readonly hasLaterTarget: boolean;
  declare readonly seenTargets: HTMLInputElement[];
  declare readonly goneTarget: HTMLElement;
  declare readonly numberValue: number;
  declare readonly sequenceValue: number;
  declare readonly changedValue: number;
  declare readonly arrivedValue: string;

  private seen = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private observer: IntersectionObserver | undefined;
  /** Counts looks, so that one which began before something was sent does not bring back the page of before. */
  private looks = 0;
  private isSending = false;
  /** Whoever reads further up and answers looks at the answer next. */
  private followsOwn = false;
  private onSend = (event: Event) => {
    this.isSending = event.type === 'turbo:submit-start';
    this.looks += 1;
    const isWritten = event.target instanceof Element && event.target.closest('.composer') !== null;
    this.followsOwn = isWritten && (this.isSending || wasTaken(event));
  };
  private onGone = (event: Event) => {
    if ((event as CustomEvent<TicketChange>).detail.number === this.numberValue) this.sayGone();
  };
  /** What was typed would give way to the error page. */
  private onAnswer = (event: Event) => {
    const { response } = (event as CustomEvent<{ fetchResponse: { response: Response } }>).detail
      .fetchResponse;
    if (response.status !== 404 || !(event.target as Element).matches('.composer form')) return;
    event.preventDefault();
    this.sayGone();
  };
  private lookWhenSeen = whenSeen(() => void this.look());
  private onChanged = (event: Event) => this.change((event as CustomEvent<TicketChange>).detail);
  private onOpen = () => this.lookWhenSeen();

  override connect(): void {
    this.seen = this.sequenceValue;
    this.observer = new IntersectionObserver((entries) => this.see(entries), {
      root: this.streamTarget,
      threshold: 0.2,
    });
    this.element.addEventListener('turbo:submit-start', this.onSend);
    this.element.addEventListener('turbo:submit-end', this.onSend);
    this.element.addEventListener('turbo:before-fetch-response', this.onAnswer);
    document.addEventListener('ticket:changed', this.onChanged);
    document.addEventListener('ticket:gone', this.onGone);
    document.addEventListener('live:open', this.onOpen);
    const last = lastChangeOf(this.numberValue);
    if (last) void this.change(last);
    if (isGone(this.numberValue, this.changedValue)) this.sayGone();
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    this.observer?.disconnect();
    this.seen = 0;
    this.element.removeEventListener('turbo:submit-start', this.onSend);
    this.element.removeEventListener('turbo:submit-end', this.onSend);
    this.element.removeEventListener('turbo:before-fetch-response', this.onAnswer);
    document.removeEventListener('ticket:changed', this.onChanged);
    document.removeEventListener('ticket:gone', this.onGone);
    document.removeEventListener('live:open', this.onOpen);
  }

  /** A message came, from wherever it was put in. Those of the page itself come before `connect` and are seen. */
  entryTargetConnected(entry: HTMLElement): void {
    if (this.seen === 0 || sequenceOf(entry) <= this.seen) return;
    this.observer?.observe(entry);
    if (this.followsOwn && !entry.matches('.message--customer, .message--third, .line')) this.scrollDown();
    this.newerTarget.hidden = this.isAtTheEnd;
    const author =
      entry.matches('.message--customer, .message--third') &&
      entry.querySelector('.message__by b')?.textContent;
    if (author) announce(this.arrivedValue.replace('{who}', author));
  }

  goDown(): void {
    this.scrollDown();
    this.newerTarget.hidden = true;
    this.streamTarget.focus({ preventScroll: true });
  }

  private scrollDown(): void {
    this.streamTarget.scrollTo({ top: this.streamTarget.scrollHeight });
  }

  private async change({ number, sequence, changedSequence }: TicketChange): Promise<void> {
    if (number !== this.numberValue) return;
    if (!this.goneTarget.hidden) return this.comeBack();
    if (sequence > this.newest && !this.hasLaterTarget) await this.fetchNewer();
    if (changedSequence > this.changedValue) this.timer ??= setTimeout(this.lookWhenSeen, REST);
  }

  /** Only what is new, at once. The rest of the page follows unhurriedly. */
  private async fetchNewer(): Promise<void> {
    const page = await fetchPage(`/tickets/${this.numberValue}/messages?after=${this.newest}`);
    const fresh = [...(page?.body.children ?? [])].filter((entry) => !document.getElementById(entry.id));
    this.messagesTarget.append(...fresh);
  }

  /** The whole page again: status, assignee, deliveries, the customer. */
  private async look(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isSending) return;
    this.looks += 1;
    const look = this.looks;
    const page = await fetchPage(location.href, {}, () => this.sayGone());
    const next = page?.querySelector('.inbox');
    const inbox = this.element.closest('.inbox');
    const number = next?.querySelector<HTMLElement>('.talk')?.dataset['ticketNumberValue'];
    if (next && inbox && look === this.looks && Number(number) === this.numberValue)
      bringTicketUpToDate(inbox, next);
  }

  /**
   * Deleted, erased, or no longer for these eyes: what others wrote leaves the screen as it left the desk; what was typed here
   * stays to be copied, because nobody else has it.
   */
  private sayGone(): void {
    if (!this.goneTarget.hidden) return;
    this.goneTarget.hidden = false;
    this.messagesTarget.replaceChildren();
    this.newerTarget.hidden = true;
    document.querySelector('.inbox > .about')?.remove();
    this.element.querySelector('.talk__do')?.remove();
    for (const field of this.element.querySelectorAll('.composer textarea'))
      (field as HTMLTextAreaElement).readOnly = true;
    for (const part of this.element.querySelectorAll<HTMLElement>(
      '.composer__foot, .composer__files, .composer .recipients',
    ))
      part.hidden = true;
    for (const form of this.element.querySelectorAll('.composer form')) form.setAttribute('data-gone', '');
    announce(this.goneTarget.innerText);
  }

  /** It was brought back from the trash: the words that were kept can be sent again, and the rest of the page is fetched. */
  private comeBack(): Promise<void> {
    this.goneTarget.hidden = true;
    for (const field of this.element.querySelectorAll<HTMLTextAreaElement>('.composer textarea'))
      field.readOnly = false;
    for (const part of this.element.querySelectorAll<HTMLElement>(
      '.composer__foot, .composer__files, .composer .recipients',
    ))
      part.hidden = part.childElementCount === 0;
    for (const form of this.element.querySelectorAll('.composer form')) form.removeAttribute('data-gone');
    return this.look();
  }

  private see(entries: IntersectionObserverEntry[]): void {
    if (document.visibilityState !== 'visible') return;
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.observer?.unobserve(target);
      this.seen = Math.max(this.seen, sequenceOf(target as HTMLElement));
    }
    for (const input of this.seenTargets) input.value = String(this.seen);
    document.dispatchEvent(
      new CustomEvent('ticket:seen', { detail: { number: this.numberValue, sequence: this.seen } }),
    );
    if (this.seen >= this.newest) this.newerTarget.hidden = true;
  }

  private get newest(): number {
    return Math.max(0, ...this.entryTargets.map(sequenceOf));
  }

  /** The stream is laid out from its end, so its end is where nothing has been scrolled. */
  private get isAtTheEnd(): boolean {
    return Math.abs(this.streamTarget.scrollTop) < 80;
  }
}

const sequenceOf = (entry: HTMLElement) => Number(entry.dataset['sequence']);
