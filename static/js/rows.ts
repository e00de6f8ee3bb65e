// The rows of a list: which one is open, and moving among them.

/** The row of the ticket in the address. Rows come from the server without it, so that they can be remembered there. */
export function markCurrentRow(): void {
  const number = /^\/tickets\/(\d+)/.exec(location.pathname)?.[1];
  for (const row of document.querySelectorAll('.row[aria-current]')) row.removeAttribute('aria-current');
  const row = number === undefined ? null : document.getElementById(`ticket-${number}`);
  row?.setAttribute('aria-current', 'true');
  row?.scrollIntoView({ block: 'nearest' });
}

/** Chooses the row that has the focus, else the open ticket's; `isRange` takes those from the last one to it as well. */
export function pickRow(isRange: boolean): void {
  const row =
    document.activeElement?.closest('.row') ??
    document.activeElement?.closest('.row__place')?.querySelector('.row') ??
    document.querySelector('.row[aria-current]');
  if (row) document.dispatchEvent(new CustomEvent('row:pick', { detail: { row, isRange } }));
}

/** Moves the focus one row down or up; from nowhere to the open ticket's row, or the first. */
export function moveAmongRows(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.row, [data-row]')].filter(
    (row) => row.offsetParent !== null,
  );
  const focused = rows.indexOf(document.activeElement as HTMLElement);
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute('aria-current'));
  const next = rows[current < 0 ? 0 : Math.min(Math.max(current + step, 0), rows.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}
