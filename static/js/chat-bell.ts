// While somebody waits in the chat, the title of every page of the desk says so, also in a tab behind others. No sound.

const MARK = '● ';

export function ringInTitle(): void {
  const waiting = new Set<number>();
  const show = () => {
    const place = document.querySelector<HTMLElement>('.rail [data-place="chats"]');
    const plain = document.title.startsWith(MARK)
      ? document.title.slice(document.title.indexOf(' · ') + 3)
      : document.title;
    const rings = place !== null && (waiting.size > 0 || place.querySelector('.rail__count') !== null);
    document.title = rings ? `${MARK}${place.title} · ${plain}` : plain;
  };

  document.addEventListener('chat:waiting', (event) => {
    const { number, waits } = (event as CustomEvent<{ number: number; waits: boolean }>).detail;
    if (waits) waiting.add(number);
    else waiting.delete(number);
    show();
  });
  document.addEventListener('rail:changed', show);
  document.addEventListener('turbo:load', show);
}
