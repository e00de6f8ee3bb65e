// Saves a file that an agent sent. It is asked for with the token in a header, because the frame has no cookie.
import type { ShownFile } from '../../server/chat/present-visitor';

export async function saveFile(file: ShownFile, token: string | undefined): Promise<void> {
  const answer = await fetch(file.href, {
    headers: { authorization: `Bearer ${token}` },
    credentials: 'omit',
  });
  if (!answer.ok) return;
  const address = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement('a'), { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
