// Long work on the thread that serves, cut into slices so that no request waits for it.

/** Milliseconds after which others are let in. */
const A_SLICE = 8;

export class Slices {
  private since = performance.now();

  /** Call it after each small piece; most calls return at once. */
  async pause(): Promise<void> {
    if (performance.now() - this.since < A_SLICE) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.since = performance.now();
  }
}
