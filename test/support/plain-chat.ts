// The chat's plain page as somebody without script fills it in.
import type { Answer, Person } from './doors';

/** What a hidden field of a page holds. */
export const hidden = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? '';

/** Opens the page and sends its form. */
export async function startOn(
  path: string,
  person: Person,
  more: Record<string, string> = {},
): Promise<Answer> {
  const { html } = await person.get(path);
  const fields = { token: hidden(html, 'token'), clientId: hidden(html, 'clientId') };
  return person.post(path, {
    ...fields,
    name: 'Carla',
    email: '',
    words: 'Do you ship to Svalbard?',
    ...more,
  });
}
