// The numbers in the rail follow what happens. They are read from the smallest page there is, unhurriedly.
import { fetchPage } from './morph';
import { whenSeen } from './when-seen';

/** At most once in this time, in ms. */
const REST = 3_000;
/** The search page before anything was asked: the frame and nothing else. */
const SMALLEST_PAGE = '/search';

export function watchRail(): void {
  let isDue = false;
  const refresh = whenSeen(async () => {
    const page = await fetchPage(SMALLEST_PAGE);
    for (const place of document.querySelectorAll<HTMLElement>('.rail [data-place]')) {
      const count = page?.querySelector(`.rail [data-place="${place.dataset['place']}"] .rail__count`);
      if (page) place.querySelector('.rail__count')?.remove();
      if (count) place.append(count);
    }
    document.dispatchEvent(new Event('rail:changed'));
  });
  const refreshSoon = () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      refresh();
    }, REST);
  };
  document.addEventListener('list:changed', refreshSoon);
  document.addEventListener('mailboxes:changed', refreshSoon);
  document.addEventListener('notices:changed', refreshSoon);
}
