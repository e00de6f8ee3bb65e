// Who else is looking at this ticket or writing in it (W1): told while this page is looked at, shown beside its facts.
import { Controller } from '@hotwired/stimulus';
import { tellServer } from './live';

/** The server forgets somebody 25 s after the last sign of life. */
const SIGN_EVERY = 10_000;

export interface Person {
  agentId: number;
  name: string;
  doing: 'looking' | 'writing';
}

export class PresenceController extends Controller<HTMLElement> {
  static override values = { number: Number, me: Number, looking: String, writing: String };

  declare readonly numberValue: number;
  declare readonly meValue: number;
  declare readonly lookingValue: string;
  declare readonly writingValue: string;

  private timer: ReturnType<typeof setInterval> | undefined;
  private wroteAt = 0;
  private toldAt = 0;
  private onOpen = () => this.look();
  private onChanged = (event: Event) => {
    const { number, people } = (event as CustomEvent<{ number: number; people: Person[] }>).detail;
    if (number === this.numberValue) this.show(people);
  };
  private onInput = (event: Event) => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.wroteAt = Date.now();
    if (this.wroteAt - this.toldAt < SIGN_EVERY) return;
    this.toldAt = this.wroteAt;
    this.tell('presence:write');
  };

  override connect(): void {
    this.look();
    this.timer = setInterval(() => this.look(), SIGN_EVERY);
    document.addEventListener('live:open', this.onOpen);
    document.addEventListener('presence:changed', this.onChanged);
    document.addEventListener('input', this.onInput);
  }

  override disconnect(): void {
    clearInterval(this.timer);
    document.removeEventListener('live:open', this.onOpen);
    document.removeEventListener('presence:changed', this.onChanged);
    document.removeEventListener('input', this.onInput);
  }

  private look(): void {
    const isWriting = Date.now() - this.wroteAt < SIGN_EVERY;
    if (document.visibilityState === 'visible' && !isWriting) this.tell('presence:look');
  }

  private tell(event: string): void {
    tellServer(event, { number: this.numberValue }, (reply) => {
      if (reply.ok) this.show(reply.people as Person[]);
    });
  }

  private show(people: Person[]): void {
    const others = people.filter(({ agentId }) => agentId !== this.meValue);
    const words = others.map(({ name, doing }) =>
      (doing === 'writing' ? this.writingValue : this.lookingValue).replace('{who}', name),
    );
    this.element.textContent = words.join(' · ');
    this.element.hidden = words.length === 0;
  }
}
