/** More than that would make one statement long enough to hold up the others. */
const ITEMS_MAX = 200;

interface BatchOptions<Item, Result> {
  /** Does it for all items; gives their results in the same order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** true: the error is about one of the items, nothing was done, and the others may go on. */
  readonly isOfOneItem?: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one statement out of those that are asked while an earlier one is under way. So an idle
 * service waits for nobody, and a busy one asks its database less often than it is asked itself.
 */
export function inBatches<Item, Result>({
  run,
  isOfOneItem = () => false,
}: BatchOptions<Item, Result>): (item: Item) => Promise<Result | undefined> {
  let queue: Waiting<Item, Result | undefined>[] = [];
  let isRunning = false;

  const runTogether = async (batch: typeof queue): Promise<void> => {
    try {
      const results = await run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => void resolve(results[index]));
    } catch (error) {
      if (batch.length === 1 || !isOfOneItem(error)) {
        batch.forEach(({ reject }) => void reject(error));
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await runTogether(batch.slice(0, half));
      await runTogether(batch.slice(half));
    }
  };
  const runAll = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      const batch = queue.slice(0, ITEMS_MAX);
      queue = queue.slice(ITEMS_MAX);
      await runTogether(batch);
    }
    isRunning = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      // It cannot fail: each of its errors is one of the callers'.
      if (!isRunning) void runAll();
    });
}
