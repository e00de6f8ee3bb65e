// The program inside the widget's frame: the form that asks, the conversation, and what is said when nothing gets through.

import { inkOn } from '../../server/chat/ink';
import type { FrameConfig } from '../../server/chat/present-widget';
import { Chat } from './chat';
import { onPreview, openHost } from './host';
import { openLine } from './line';
import { openLog } from './log';
import { openMemory } from './memory';
import { saveFile } from './save-file';

const config = JSON.parse(document.body.dataset['config'] ?? '{}') as FrameConfig;
const { words } = config;
const byId = <Kind extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as Kind;
const ask = byId<HTMLFormElement>('ask');
const say = byId<HTMLFormElement>('say');
const field = byId<HTMLTextAreaElement>('say-words');
const siteName = byId('name').textContent ?? '';
const OFFLINE_FOR = 4_000;
const SAYS_TYPING_EVERY = 3_000;

paint(config.colour, config.ink);
if (config.preview) preview();
else run();

function paint(colour: string, ink: string): void {
  document.documentElement.style.setProperty('--brand', colour);
  document.documentElement.style.setProperty('--on-brand', ink);
}

/** On the settings page: the form as visitors meet it, without a connection. */
function preview(): void {
  ask.hidden = false;
  ask.onsubmit = (event) => event.preventDefault();
  onPreview(({ name, colour, greeting, notice }) => {
    byId('name').textContent = name;
    byId('greeting').textContent = greeting;
    byId('notice').textContent = notice;
    if (/^#[0-9a-f]{6}$/i.test(colour)) paint(colour, inkOn(colour));
  });
}

function run(): void {
  const memory = openMemory(config.site);
  // A token that the desk has not heard of yet would be refused, so the first words go before it.
  const line = openLine(config.site, () => (chat.phase === 'starting' ? undefined : memory.token()));
  const host = openHost(config, () => {
    look();
    memory.noteOpen(host.isOpen());
    if (!host.isOpen()) return;
    if (!host.isAgain()) focusField();
    // Hidden frames forget how far they were scrolled; there is nothing to draw before this one is shown.
    requestAnimationFrame(log.goToEnd);
  });
  const chat = new Chat(line, memory, render);
  const log = openLog(byId('log'), words, (file) => void saveFile(file, memory.token()));
  let offline = 0;
  let saidTyping = 0;

  line.on('online', () => {
    clearTimeout(offline);
    offline = 0;
    byId('trouble').hidden = true;
  });
  line.on('offline', () => {
    offline ||= window.setTimeout(showTrouble, OFFLINE_FOR);
  });
  document.addEventListener('visibilitychange', look);
  byId('close').onclick = () => host.shut();
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') host.shut();
  });

  ask.onsubmit = (event) => {
    event.preventDefault();
    const value = (name: string) => (ask.elements.namedItem(name) as HTMLInputElement).value.trim();
    chat.start({ name: value('name'), email: value('email'), words: value('words'), page: host.page() });
  };
  say.onsubmit = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = '';
    growField();
    saidTyping = 0;
    chat.say(text);
  };
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say.requestSubmit();
  };
  field.oninput = () => {
    growField();
    const now = Date.now();
    const writes = field.value.trim() !== '';
    const isKnown = writes ? now - saidTyping < SAYS_TYPING_EVERY : saidTyping === 0;
    if (isKnown) return;
    saidTyping = writes ? now : 0;
    chat.writes(writes);
  };
  byId('end').onclick = () => void chat.end();
  for (const id of ['again', 'anew']) {
    byId(id).onclick = () => {
      chat.begin(field.value.trim());
      field.value = '';
    };
  }
  render();

  function render(): void {
    const asking = chat.phase === 'asking' || chat.phase === 'starting';
    const wasAsking = !ask.hidden;
    const isOver = chat.phase === 'over' || chat.state.state === 'closed';
    ask.hidden = !asking;
    byId('talk').hidden = asking;
    say.hidden = isOver;
    byId('foot').hidden = isOver;
    byId('new').hidden = !isOver;
    byId('end').hidden = chat.state.state !== 'queued' && chat.state.state !== 'active';
    byId('anew').hidden = isOver || asking || !byId('end').hidden;
    ask.querySelector('button')!.disabled = chat.phase === 'starting';
    keepWords(wasAsking, asking);
    const refused = chat.refused && words[chat.refused];
    byId('ask-trouble').hidden = !refused;
    byId('ask-trouble').textContent = refused ?? '';
    log.render(chat);
    renderHead();
    look();
    if (wasAsking && !asking && host.isOpen()) focusField();
  }

  /** Nothing that was typed is lost when a conversation ends, or begins in another window. */
  function keepWords(wasAsking: boolean, asking: boolean): void {
    const question = byId<HTMLTextAreaElement>('ask-words');
    if (asking && chat.kept) {
      question.value ||= chat.kept;
      chat.kept = '';
    } else if (wasAsking && !asking) {
      if (chat.isFollowing) field.value ||= question.value.trim();
      question.value = '';
    }
  }

  function renderHead(): void {
    const { agent, state } = chat.state;
    const face = byId('face');
    face.hidden = !agent;
    if (agent) {
      face.textContent = agent.initials;
      face.style.setProperty('--hue', String(agent.hue));
    }
    setText('name', agent ? fill('agent', agent.name) : siteName);
    // As long as nothing has come, how it stands is not known.
    const isKnown = chat.phase === 'talking' && chat.messages.length > 0;
    const waits = isKnown && state === 'queued' ? words['queued'] : '';
    setText('status', agent && chat.phase === 'talking' ? words['talking'] : waits);
    const isLive = chat.phase === 'talking' && (state === 'queued' || state === 'active');
    setText('typing', chat.typing && isLive ? fill('typing', chat.typing) : '');
  }

  /** Seen is what stands on an open frame in a visible page. */
  function look(): void {
    if (host.isOpen() && document.visibilityState === 'visible') chat.see();
    host.unread(chat.unread, (words['newMessages'] ?? '').replace('{n}', String(chat.unread)));
  }

  function showTrouble(): void {
    byId('trouble').hidden = false;
    setText('trouble-words', words['offline']);
    byId<HTMLInputElement>('trouble-token').value = memory.token() ?? '';
  }

  function focusField(): void {
    if (chat.phase === 'asking') byId('ask-name').focus();
    else if (!say.hidden) field.focus();
  }
}

const fill = (word: string, name: string) => (words[word] ?? '').replace('{name}', () => name);

/** Written only when it differs, so that a live region does not speak twice. */
function setText(id: string, text: string | undefined): void {
  const element = byId(id);
  if (element.textContent !== (text ?? '')) element.textContent = text ?? '';
}

/** The field grows with its words, up to a few lines. */
function growField(): void {
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
}
