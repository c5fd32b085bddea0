/**
 * Runs one task at a time for each key, in the order in which they were added; tasks of different keys run side by
 * side. A task that fails fails for its own caller only: the next one runs all the same. It orders the tasks of this
 * process alone, and a task must not wait for another one of the same key.
 */
export class KeyedQueue {
  /** The end of the last task of each key that has unfinished tasks. It never rejects. */
  private readonly ends = new Map<string, Promise<void>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const result = (this.ends.get(key) ?? Promise.resolve()).then(task);
    const end = result.then(ignore, ignore);
    this.ends.set(key, end);
    try {
      return await result;
    } finally {
      if (this.ends.get(key) === end) this.ends.delete(key);
    }
  }

  /** How many keys have unfinished tasks. */
  get size(): number {
    return this.ends.size;
  }
}

function ignore(): void {
  // The caller of `run` gets the result and the error.
}
