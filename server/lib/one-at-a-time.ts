// Heavy work on the data folder that must not meet itself: erasures, retention, copies. One after another, in their order.

const lines = new WeakMap<object, Promise<unknown>>();

/** Runs `work` when all that was given for the same `house` before has ended, well or badly. */
export function oneAtATime<Result>(house: object, work: () => Promise<Result>): Promise<Result> {
  const before = lines.get(house) ?? Promise.resolve();
  const result = before.then(work, work);
  lines.set(
    house,
    result.catch(() => undefined),
  );
  return result;
}
