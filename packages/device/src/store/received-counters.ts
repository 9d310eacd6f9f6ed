import { audienceOfGroup, type EnvelopeHeader, type MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

interface Counter {
  readonly first_n: number;
  readonly last_n: number;
}

interface Gap {
  readonly id: number;
  readonly from_n: number;
  readonly to_n: number;
}

/** What a message's counter says: in order, after a jump, filling an earlier jump, or used before. */
export type CounterVerdict = "first" | "next" | "jump" | "filled" | "early" | "reused";

/** Takes in a message's counter `n`; counting starts with the first one seen. Part of the caller's transaction. */
export function countReceived(
  store: HomeStore,
  header: EnvelopeHeader,
  at: number,
): CounterVerdict {
  const { mesh, n } = header;
  const key = [mesh, header.from.member, header.from.device, header.to] as const;
  const where = "WHERE mesh = ? AND member = ? AND device = ? AND audience = ?";
  const counter = store.get<Counter>(
    `SELECT first_n, last_n FROM received_counter ${where}`,
    ...key,
  );
  if (counter === undefined) {
    store.run("INSERT INTO received_counter VALUES (?, ?, ?, ?, ?, ?)", ...key, n, n);
    return "first";
  }
  if (n < counter.first_n) return "early";
  if (n > counter.last_n) {
    store.run(`UPDATE received_counter SET last_n = ? ${where}`, n, ...key);
    if (n === counter.last_n + 1) return "next";
    addGap(store, key, counter.last_n + 1, n - 1, at);
    return "jump";
  }
  const gap = store.get<Gap>(
    `SELECT id, from_n, to_n FROM gap ${where} AND from_n <= ? AND to_n >= ?`,
    ...key,
    n,
    n,
  );
  if (gap === undefined) return "reused";
  store.run("DELETE FROM gap WHERE id = ?", gap.id);
  if (gap.from_n < n) addGap(store, key, gap.from_n, n - 1, at);
  if (n < gap.to_n) addGap(store, key, n + 1, gap.to_n, at);
  return "filled";
}

const addGap = (
  store: HomeStore,
  key: readonly [string, string, string, string],
  from: number,
  to: number,
  at: number,
): number =>
  store.run(
    "INSERT INTO gap (mesh, member, device, audience, from_n, to_n, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...key,
    from,
    to,
    at,
  );

/** Forgets where counting stood in all groups but these, and what was missing there: it begins anew with the next message seen. Part of the caller's transaction. */
export function forgetOtherGroups(store: HomeStore, mesh: MeshId, groups: readonly string[]): void {
  const kept = JSON.stringify(groups.map(audienceOfGroup));
  const where = `WHERE mesh = ? AND audience LIKE 'g:%'
    AND audience NOT IN (SELECT value FROM json_each(?))`;
  store.run(`DELETE FROM received_counter ${where}`, mesh, kept);
  store.run(`DELETE FROM gap ${where}`, mesh, kept);
}
