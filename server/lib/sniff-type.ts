// What a file is by its own bytes; what its sender calls it proves nothing (AC-04).
import { fileTypeFromBuffer } from 'file-type';

/** Enough for every signature; the rest of a file is never unpacked or walked through. */
const ENOUGH = 4_100;

/** The media type, or empty when the bytes tell nothing (as text never does). */
export async function sniffType(content: Uint8Array): Promise<string> {
  const found = await fileTypeFromBuffer(content.subarray(0, ENOUGH));
  return found?.mime ?? '';
}
