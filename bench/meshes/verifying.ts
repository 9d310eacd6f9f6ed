import { isSignedBy, Roster, unsigned } from "@claudemesh/crypto";
import type { EntryOf, RosterEntry } from "@claudemesh/protocol";
import { Chain, person } from "../../packages/crypto/src/roster/fixture.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";

export interface ChainSize {
  readonly members: number;
  /** mesh keys that were begun after the first; every fourth by a removal */
  readonly epochs: number;
}

/** A mesh's chain: everyone joins by one invite, then its key changes so many times. */
export function chainOf({ members, epochs }: ChainSize): Chain {
  const chain = new Chain();
  chain.invite(person(0), 1, "member", members - 1);
  for (let n = 1; n < members; n += 1) chain.join(person(n), 1);
  for (let n = 1; n <= epochs; n += 1) {
    if (n % 4 === 0) chain.remove(person(0), person(n));
    else chain.add(person(0), "epoch", chain.epoch());
  }
  return chain;
}

/** How long a device takes to verify a chain that it sees for the first time, then one entry more; beside it, what the signatures alone take. */
export function verifying(size: ChainSize): Row[] {
  const chain = chainOf(size);
  const [genesis, ...rest] = chain.entries as [EntryOf<"genesis">, ...RosterEntry[]];
  const next = chain.add(person(0), "epoch", chain.epoch());
  const whole = (): Roster => {
    const roster = Roster.fromGenesis(genesis);
    roster.append(rest);
    return roster;
  };
  const signatures = (): void => {
    for (const entry of rest) {
      const times = entry.type === "join" ? 2 : 1;
      for (let n = 0; n < times; n += 1) {
        if (!isSignedBy(entry.author, "claudemesh/roster/v1", unsigned(entry) as never, entry.sig))
          throw new Error(`entry ${entry.seq} does not verify`);
      }
    }
  };
  const named = `${size.members} members, ${size.epochs} epochs`;
  return [
    timed(`${named}: ${rest.length} entries verified`, false, () => whole),
    timed(`${named}: the same signatures, a statement each, nothing else`, true, () => signatures),
    timed(`${named}: one entry more`, false, () => {
      const roster = whole();
      return () => roster.append([next]);
    }),
  ];
}

/** `prepare` makes what is measured, once for each time. */
function timed(name: string, reference: boolean, prepare: () => () => unknown): Row {
  return {
    name,
    reference,
    measure: async ({ ms }) => {
      const times: number[] = [];
      const start = performance.now();
      while (times.length < 3 || performance.now() - start < ms) {
        const run = prepare();
        const began = performance.now();
        run();
        times.push(performance.now() - began);
      }
      return { "p50 ms": quantile(times, 0.5), "p99 ms": quantile(times, 0.99) };
    },
  };
}
