// Who is looking at the tickets of a list, or writing in them (W1), beside their rows. Rows come from the server without it, so
// that they can be remembered there.
import { tellServer } from './live';
import type { Person } from './presence';

interface Place {
  number: number;
  people: Person[];
}

/** What is said of somebody: "{who} is writing". */
export type Sentences = Record<Person['doing'], string>;

const places = new Map<number, Person[]>();

/** Asks once; what changes later is heard by `hearWhoIsWhere`. */
export function askWhoIsWhere(show: () => void): void {
  tellServer('presence:list', {}, (reply) => {
    if (!reply.ok) return;
    places.clear();
    for (const { number, people } of reply.tickets as Place[]) places.set(number, people);
    show();
  });
}

export function hearWhoIsWhere(event: Event): void {
  const { number, people } = (event as CustomEvent<Place>).detail;
  if (people.length > 0) places.set(number, people);
  else places.delete(number);
}

/** Oneself is not told. */
export function showWhoIsWhere(rows: Element, me: number, sentences: Sentences): void {
  for (const mark of rows.querySelectorAll('.row__present')) {
    if (!othersIn(numberOf(mark.closest('.row')), me)) mark.remove();
  }
  for (const number of places.keys()) {
    const row = rows.querySelector(`#ticket-${number}`);
    const others = othersIn(number, me);
    if (row && others) mark(row, others, sentences);
  }
}

const numberOf = (row: Element | null) => Number(row?.id.replace('ticket-', ''));

function othersIn(number: number, me: number): Person[] | undefined {
  const others = (places.get(number) ?? []).filter(({ agentId }) => agentId !== me);
  return others.length > 0 ? others : undefined;
}

function mark(row: Element, others: Person[], sentences: Sentences): void {
  const isWriting = others.some(({ doing }) => doing === 'writing');
  const words = others.map(({ name, doing }) => sentences[doing].replace('{who}', name)).join(' · ');
  const known = row.querySelector<HTMLElement>('.row__present');
  if (known?.title === words) return;
  const place = known ?? document.createElement('span');
  place.className = 'row__present';
  place.dataset['doing'] = isWriting ? 'writing' : 'looking';
  place.title = words;
  place.replaceChildren(icon(row, isWriting ? 'pencil' : 'eye', words));
  if (!known) row.querySelector('.row__end')?.prepend(place);
}

/** From the sprite that the row's own icon is taken from. */
function icon(row: Element, name: string, words: string): Element {
  const svg = row.querySelector('.row__who .icon')?.cloneNode(true) as Element;
  const use = svg.querySelector('use');
  use?.setAttribute('href', `${use.getAttribute('href')?.split('#')[0]}#${name}`);
  svg.setAttribute('aria-label', words);
  return svg;
}
