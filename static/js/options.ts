// A list of options below a field: which is the active one, told to screen readers through the field.

export const optionsIn = (list: HTMLElement): HTMLElement[] => [
  ...list.querySelectorAll<HTMLElement>('[role="option"]'),
];

export const activeOf = (options: HTMLElement[]): HTMLElement | undefined =>
  options.find((option) => option.getAttribute('aria-selected') === 'true');

/** Up from the first one and down from the last one leads back into the field alone. */
export function moveActive(field: HTMLElement, options: HTMLElement[], step: 1 | -1): void {
  const places = options.length + 1;
  const place = (options.indexOf(activeOf(options) as HTMLElement) + 1 + step + places) % places;
  for (const [n, option] of options.entries()) option.setAttribute('aria-selected', String(n === place - 1));
  const chosen = options[place - 1];
  if (!chosen) return field.removeAttribute('aria-activedescendant');
  field.setAttribute('aria-activedescendant', chosen.id);
  chosen.scrollIntoView({ block: 'nearest' });
}

/** Round and round: with something to choose there is always one that is chosen. */
export function stepTo(field: HTMLElement, options: HTMLElement[], step: 1 | -1): void {
  const active = activeOf(options);
  const place = active ? options.indexOf(active) + step : 0;
  const chosen = options[(place + options.length) % options.length];
  for (const option of options) option.setAttribute('aria-selected', String(option === chosen));
  if (!chosen) return;
  field.setAttribute('aria-activedescendant', chosen.id);
  chosen.scrollIntoView({ block: 'nearest' });
}

export const isShown = (list: HTMLElement): boolean => list.isConnected && list.matches(':popover-open');

/** In the top layer, because the composer scrolls; above the words, where there is room. */
export function showAbove(field: HTMLElement, list: HTMLElement): void {
  const { left, width, top } = field.getBoundingClientRect();
  const { style } = list;
  style.insetInlineStart = `${left}px`;
  style.inlineSize = `${Math.min(width, 520)}px`;
  style.insetBlockEnd = `${window.innerHeight - top + 4}px`;
  style.maxBlockSize = `${Math.max(120, top - 16)}px`;
  if (!isShown(list)) list.showPopover();
  field.setAttribute('aria-controls', list.id);
}

export function hideOptions(field: HTMLElement, list: HTMLElement): void {
  if (isShown(list)) list.hidePopover();
  field.removeAttribute('aria-activedescendant');
  field.removeAttribute('aria-controls');
}
