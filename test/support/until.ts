// Waiting for something that another program brings about.

/** Resolves as soon as `check` holds; rejects after `patience` milliseconds, saying what was waited for. */
export async function until(what: string, check: () => boolean, patience = 10_000): Promise<void> {
  const end = performance.now() + patience;
  while (!check()) {
    if (performance.now() > end) throw new Error(`It was waited in vain for this: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
