import { setImmediate } from "node:timers/promises";
import { median } from "./stats.ts";

/** What one row measured in one round: figure name to value. */
export type Figures = Readonly<Record<string, number>>;

/** One line of the table: measured once per round, in turn with all others, so that drift of the machine hits all alike. */
export interface Row {
  readonly name: string;
  /** what stands beside our figures to compare with, not a thing of ours */
  readonly reference: boolean;
  /** measured in the first rounds only, when it takes long */
  readonly rounds?: number;
  /** why it cannot be measured here */
  readonly skipped?: string;
  measure(round: { ms: number }): Promise<Figures>;
}

/** A row that says why this machine cannot measure it. */
export const skippedRow = (name: string, skipped: string, reference = true): Row => ({
  name,
  reference,
  skipped,
  measure: async () => ({}),
});

export interface RowResult {
  readonly name: string;
  readonly reference: boolean;
  readonly figures: Figures;
  readonly rounds: number;
  readonly skipped?: string;
}

/** Measures every row `rounds` times in turn; each figure is the median of its rounds. */
export async function measureAll(
  rows: readonly Row[],
  options: { rounds: number; ms: number; progress: (text: string) => void },
): Promise<RowResult[]> {
  const seen = new Map<string, Figures[]>();
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const row of rows) {
      if (row.skipped !== undefined || round > (row.rounds ?? options.rounds)) continue;
      options.progress(`round ${round} of ${options.rounds}: ${row.name}`);
      // A row that blocks must not starve the pings of all connections that wait for their turn.
      await setImmediate();
      const figures = await row.measure({ ms: options.ms });
      seen.set(row.name, [...(seen.get(row.name) ?? []), figures]);
    }
  }
  return rows.map((row) => {
    const all = seen.get(row.name) ?? [];
    const names = Object.keys(all[0] ?? {});
    const figures = Object.fromEntries(
      names.map((name) => [name, median(all.map((one) => one[name] ?? Number.NaN))]),
    );
    const skipped = row.skipped === undefined ? {} : { skipped: row.skipped };
    return { name: row.name, reference: row.reference, figures, rounds: all.length, ...skipped };
  });
}
