// The live part of a conversation, for the agent: that the visitor is writing, how far they have read, and the same told to them.
import { Controller } from '@hotwired/stimulus';
import { tellServer } from './live';

/** A sign of writing lasts so long without another, in ms. */
const LASTS = 5_000;
const SIGN_EVERY = 3_000;

export class ChatController extends Controller<HTMLElement> {
  static override targets = ['typing', 'seen'];
  static override values = { number: Number, seenSequence: Number };

  declare readonly numberValue: number;
  declare readonly seenSequenceValue: number;
  declare readonly typingTarget: HTMLElement;
  declare readonly seenTarget: HTMLElement;

  private timer: ReturnType<typeof setTimeout> | undefined;
  private wroteAt = 0;
  /** How far the visitor has read; a page that was rendered before they did must not take it back. */
  private seenUpTo = 0;
  /** The newest words of the visitor that stand here. */
  private theirs = 0;
  private onTyping = (event: Event) => this.mine<{ on: boolean }>(event, ({ on }) => this.showTyping(on));
  private onSeen = (event: Event) =>
    this.mine<{ sequence: number }>(event, ({ sequence }) => this.showSeen(sequence));
  private onRead = (event: Event) =>
    this.mine<{ sequence: number }>(event, ({ sequence }) => this.tellSeen(sequence));
  /** What stands on the page when it is opened is seen, too. */
  private onOpen = () => {
    if (document.visibilityState === 'visible') this.tellSeen(this.newest());
  };
  private onInput = (event: Event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.id === 'reply-words')
      this.tellTyping(event.target.value !== '');
  };
  /** The words that came ended the sign of writing on the other side; the next ones are told at once. */
  private onSent = () => {
    this.wroteAt = 0;
  };

  override connect(): void {
    document.addEventListener('typing:changed', this.onTyping);
    document.addEventListener('seen:changed', this.onSeen);
    document.addEventListener('ticket:seen', this.onRead);
    document.addEventListener('live:open', this.onOpen);
    document.addEventListener('visibilitychange', this.onOpen);
    document.addEventListener('input', this.onInput);
    document.addEventListener('turbo:submit-end', this.onSent);
    this.showSeen(this.seenSequenceValue);
    this.onOpen();
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    document.removeEventListener('typing:changed', this.onTyping);
    document.removeEventListener('seen:changed', this.onSeen);
    document.removeEventListener('ticket:seen', this.onRead);
    document.removeEventListener('live:open', this.onOpen);
    document.removeEventListener('visibilitychange', this.onOpen);
    document.removeEventListener('input', this.onInput);
    document.removeEventListener('turbo:submit-end', this.onSent);
    if (this.wroteAt > 0) this.tellTyping(false);
  }

  private mine<Detail>(event: Event, act: (detail: Detail) => void): void {
    const { detail } = event as CustomEvent<Detail & { number: number }>;
    if (detail.number === this.numberValue) act(detail);
  }

  private showTyping(on: boolean): void {
    clearTimeout(this.timer);
    this.typingTarget.hidden = !on;
    if (on) this.timer = setTimeout(() => this.showTyping(false), LASTS);
  }

  /** Stands under our newest message when the visitor has read it and has not answered yet. */
  private showSeen(sequence: number): void {
    this.seenUpTo = Math.max(sequence, this.seenUpTo, this.seenSequenceValue);
    const newest = [...this.element.querySelectorAll<HTMLElement>('.message--agent, .message--customer')].at(
      -1,
    );
    const isOurs = newest?.classList.contains('message--agent') ?? false;
    this.seenTarget.hidden = !isOurs || Number(newest?.dataset['sequence']) > this.seenUpTo;
  }

  private newest(which = '[data-sequence]'): number {
    const entries = this.element.querySelectorAll<HTMLElement>(which);
    return Math.max(0, ...Array.from(entries, (entry) => Number(entry.dataset['sequence'])));
  }

  /** Words that came end the sign that they are being written; ours do not. */
  private tellSeen(sequence: number): void {
    const theirs = this.newest('.message--customer');
    if (theirs > this.theirs) this.showTyping(false);
    this.theirs = theirs;
    this.showSeen(this.seenUpTo);
    tellServer('messages:seen', { number: this.numberValue, sequence });
  }

  private tellTyping(on: boolean): void {
    if (on && Date.now() - this.wroteAt < SIGN_EVERY) return;
    this.wroteAt = on ? Date.now() : 0;
    tellServer('typing:set', { number: this.numberValue, on });
  }
}
