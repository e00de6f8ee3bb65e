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
