// Says something to whoever listens instead of looking, without touching the focus.

export function announce(words: string): void {
  const live = document.getElementById('live');
  if (!live) return;
  // The same words twice would be said once.
  live.textContent = '';
  requestAnimationFrame(() => {
    live.textContent = words;
  });
}
