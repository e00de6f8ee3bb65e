// The conversation as the browser knows it. The server is the truth: whatever breaks, it asks for all after n, and what was
// not acknowledged is sent again under its old name (C1, C2).
import type { Shown, ShownChat, ShownMessage } from '../../server/chat/present-visitor';
import type { Line } from './line';
import { type Memory, newClientId, newToken } from './memory';

export interface Unsent {
  clientId: string;
  words: string;
  trouble?: 'failed' | 'tooMany';
}

export interface Question {
  name: string;
  email: string;
  words: string;
  page: string;
}

/** `asking`: no conversation yet; `starting`: the first words are on their way; `over`: ended by the visitor, here or elsewhere. */
export type Phase = 'asking' | 'starting' | 'talking' | 'over';

const AGAIN_AFTER = 3_000;
/** A token that nobody knows may be of a start that is still on its way, from another window or from before a reload. */
const DOUBTS = 2;
const TYPING_LASTS = 6_000;

const UNKNOWN: ShownChat = { state: 'queued', agentSeen: 0, visitorSeen: 0 };

export class Chat {
  phase: Phase;
  messages: ShownMessage[] = [];
  unsent: Unsent[] = [];
  state = UNKNOWN;
  /** Who writes at the moment. */
  typing = '';
  /** The first words were refused: something in the form is wrong, or it did not get through at the moment. */
  refused?: 'invalid' | 'notStarted';
  /** What was written into a conversation that took nothing any more, for the next one. */
  kept = '';
  /** It began in another window. */
  isFollowing = false;

  private upTo = 0;
  /** Up to where it was seen here, and up to where the desk knows. */
  private seen = 0;
  private saidSeen = 0;
  private question: (Question & { clientId: string }) | undefined;
  private asking = false;
  private askAgain = false;
  private sending = false;
  private typingEnds = 0;
  private doubts = 0;

  constructor(
    private readonly line: Line,
    private readonly memory: Memory,
    private readonly changed: () => void,
  ) {
    this.phase = memory.token() ? 'talking' : 'asking';
    memory.onElsewhere((token) => this.follow(token));
    line.on('online', () => void this.comeBack());
    line.on('refused', () => this.doubt());
    line.on('chat:changed', () => void this.catchUp());
    line.on('chat:taken', () => void this.catchUp());
    line.on('seen:changed', ({ sequence }) => this.agentSaw(Number(sequence)));
    line.on('typing:changed', ({ who, on }) => this.setTyping(on === true ? String(who) : ''));
  }

  start(question: Question): void {
    this.memory.keep(newToken());
    this.isFollowing = false;
    this.question = { ...question, clientId: newClientId() };
    this.phase = 'starting';
    this.refused = undefined;
    this.changed();
    void this.sendQuestion();
  }

  say(words: string): void {
    this.unsent.push({ clientId: newClientId(), words });
    this.changed();
    void this.sendUnsent();
  }

  writes(on: boolean): void {
    void this.line.ask('typing:set', { on });
  }

  /** Everything shown is seen, up to where nothing is missing. */
  see(): void {
    this.seen = Math.max(this.seen, this.upTo);
    void this.saySeen();
  }

  get unread(): number {
    return this.messages.filter((message) => !message.mine && message.sequence > this.seen).length;
  }

  /** Ends it and forgets it in this browser. */
  async end(): Promise<void> {
    const answer = await this.line.ask('chat:end', {});
    if (!answer?.ok) return;
    this.memory.forget();
    this.leave();
  }

  /** From the beginning, as a new visitor, with what was typed and not sent in the conversation before. */
  begin(typed = ''): void {
    this.kept = [...this.unsent.map(({ words }) => words), typed].filter(Boolean).join('\n');
    this.memory.forget();
    this.clear('asking');
  }

  private clear(phase: 'asking' | 'talking'): void {
    this.messages = [];
    this.unsent = [];
    this.upTo = 0;
    this.seen = 0;
    this.saidSeen = 0;
    this.doubts = 0;
    this.question = undefined;
    this.state = UNKNOWN;
    this.phase = phase;
    this.changed();
    this.line.reconnect();
  }

  /** It stays on the screen, and the desk sees that nobody is there to read an answer any more. */
  private leave(): void {
    this.phase = 'over';
    this.changed();
    this.line.reconnect();
  }

  /** What begins or ends in another window of the website does so here; a conversation of one's own goes on. */
  private follow(token: string | undefined): void {
    const begins = token !== undefined && (this.phase === 'asking' || this.phase === 'over');
    const ends = token === undefined && this.phase === 'talking';
    if (!begins && !ends) return;
    this.memory.follow(token);
    this.isFollowing = begins;
    if (begins) this.clear('talking');
    else this.leave();
  }

  private doubt(): void {
    this.doubts += 1;
    if (this.doubts > DOUBTS) this.begin();
    else setTimeout(() => this.line.reconnect(), AGAIN_AFTER);
  }

  private async comeBack(): Promise<void> {
    this.doubts = 0;
    if (this.phase === 'starting') return this.sendQuestion();
    if (this.phase !== 'talking') return;
    await this.catchUp();
    await this.sendUnsent();
    await this.saySeen();
  }

  private async saySeen(): Promise<void> {
    const { seen } = this;
    if (seen <= this.saidSeen || this.phase !== 'talking') return;
    this.saidSeen = seen;
    const answer = await this.line.ask('messages:seen', { sequence: seen });
    if (!answer?.ok) this.saidSeen = 0;
  }

  private async sendQuestion(): Promise<void> {
    const token = this.memory.token();
    if (!this.question || !token || this.sending) return;
    this.sending = true;
    const answer = await this.line.ask('chat:start', { token, ...this.question });
    this.sending = false;
    if (!answer) return;
    if (!answer.ok) return this.refuse(answer.error);
    this.question = undefined;
    this.phase = 'talking';
    this.take(answer as unknown as Shown);
  }

  private refuse(error: unknown): void {
    this.memory.forget();
    this.phase = 'asking';
    this.refused = error === 'invalid' ? 'invalid' : 'notStarted';
    this.changed();
  }

  /** In order, one after another; what has no answer waits for the connection. */
  private async sendUnsent(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let next = this.unsent[0]; next; next = this.unsent[0]) {
      const { clientId, words } = next;
      const answer = await this.line.ask('message:send', { clientId, words });
      if (!answer?.ok) {
        this.hold(next, answer?.error);
        break;
      }
      this.unsent = this.unsent.filter((other) => other !== next);
      this.merge([
        { sequence: Number(answer['sequence']), mine: true, words, at: Date.now(), clientId, files: [] },
      ]);
      this.changed();
    }
    this.sending = false;
  }

  private hold(message: Unsent, error: unknown): void {
    message.trouble = error === 'too-many' ? 'tooMany' : 'failed';
    if (error === 'conflict') void this.catchUp();
    else if (error === 'not-found') this.begin();
    else if (error !== undefined) setTimeout(() => void this.sendUnsent(), AGAIN_AFTER);
    this.changed();
  }

  private async catchUp(): Promise<void> {
    this.askAgain = true;
    if (this.asking) return;
    this.asking = true;
    while (this.askAgain && this.phase === 'talking') {
      this.askAgain = false;
      const answer = await this.line.ask('messages:after', { sequence: this.upTo });
      if (!answer?.ok) {
        if (answer?.error === 'not-found') this.begin();
        else if (answer) setTimeout(() => void this.catchUp(), AGAIN_AFTER);
        break;
      }
      const shown = answer as unknown as Shown;
      this.askAgain ||= shown.more;
      this.take(shown);
    }
    this.asking = false;
  }

  private take(shown: Shown): void {
    this.merge(shown.messages);
    this.upTo = Math.max(this.upTo, shown.upTo);
    this.state = { ...shown.chat, agentSeen: Math.max(shown.chat.agentSeen, this.state.agentSeen) };
    this.seen = Math.max(this.seen, shown.chat.visitorSeen);
    this.saidSeen = Math.max(this.saidSeen, shown.chat.visitorSeen);
    if (shown.messages.some((message) => !message.mine)) this.typing = '';
    this.changed();
  }

  private merge(messages: ShownMessage[]): void {
    const known = new Map(this.messages.map((message) => [message.sequence, message]));
    for (const message of messages) known.set(message.sequence, message);
    this.messages = [...known.values()].sort((a, b) => a.sequence - b.sequence);
    const stored = new Set(messages.map((message) => message.clientId));
    this.unsent = this.unsent.filter((message) => !stored.has(message.clientId));
  }

  private agentSaw(sequence: number): void {
    this.state = { ...this.state, agentSeen: Math.max(this.state.agentSeen, sequence) };
    this.changed();
  }

  private setTyping(who: string): void {
    this.typing = who;
    clearTimeout(this.typingEnds);
    if (who) this.typingEnds = window.setTimeout(() => this.setTyping(''), TYPING_LASTS);
    this.changed();
  }
}
