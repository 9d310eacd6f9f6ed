import {
  createMeshKey,
  type EntryAuthor,
  keyCommitment,
  type Roster,
  sealKeyBundle,
  uncovered,
} from "@claudemesh/crypto";
import {
  type Epoch,
  type Hash,
  type MemberId,
  type MemberKeys,
  MeshError,
  type RosterEntry,
  type TopicId,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { allowed } from "../mesh-link/allowed-by-newest.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { keyArrived } from "./key-arrived.ts";
import { putRows } from "./put-rows.ts";
import { renewInvites } from "./renew-invites.ts";

const maxTries = 20;

/** An act that begins a new key. */
export interface KeyAct<E extends RosterEntry, R> {
  /** the private topic whose key it is; a mesh key when left out */
  readonly topic?: TopicId;
  /** the keys that a `rekey` is about to bring */
  readonly rekeyed?: { readonly member: MemberId; readonly seal: MemberKeys["seal"] };
  /** Makes the signed entry for the roster as it is now; throws when the act is not wanted or allowed any more. */
  readonly make: (roster: Roster, key: { epoch: Epoch; commitment: Hash }, by: EntryAuthor) => E;
  readonly send: (entry: E) => Promise<R>;
}

interface Drawn {
  readonly key: string;
  readonly commitment: Hash;
  /** the last removal, rekey or key before it was drawn */
  readonly barrier: number;
  readonly covered: Set<MemberId>;
}

/**
 * Draws a key, leaves its bundle with the broker, and has the entry appended that begins it. After a lost race newcomers' rows are added and the entry is signed again;
 * where the winner took someone's keys away, a fresh key is drawn. Throws what `make`, `Roster.check` and the broker refuse.
 */
export async function appendWithKey<E extends RosterEntry, R>(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  act: KeyAct<E, R>,
): Promise<R> {
  const { signer } = ctx.secretOf(row);
  const { random } = ctx;
  let drawn: Drawn | undefined;
  for (let tries = 1; ; tries++) {
    const roster = ctx.rosters.of(row.mesh);
    const barrier = roster.barrierAt(roster.head.seq, act.topic);
    if (drawn?.barrier !== barrier) drawn = draw(ctx, row, barrier);
    const { key, commitment, covered } = drawn;
    const epoch = { number: roster.epochs.length, commitment };
    const by = { signer, now: ctx.now() + link.clockAheadMs };
    const entry = await allowed(ctx, row, link, () => {
      const made = act.make(roster, { epoch, commitment }, by);
      roster.check(made);
      return made;
    });
    if (entry === undefined) continue;
    const recipients = uncovered(roster, entry, covered);
    const { rekeyed } = act;
    const rekeying = rekeyed === undefined ? {} : { rekeyed };
    await putRows(
      link.client,
      sealKeyBundle({ roster, key, signer, random, recipients, ...rekeying }),
    );
    for (const id of recipients) covered.add(id);
    try {
      const answer = await act.send(entry);
      ctx.rosters.take(row.mesh, [entry]);
      keep(ctx, row, drawn);
      await keyArrived(ctx, row.mesh);
      await renewQuietly(ctx, row, link);
      return answer;
    } catch (error) {
      if (tries >= maxTries || !isPassing(error, covered)) throw error;
      await syncRoster(ctx.rosters, row.mesh, link.client);
    }
  }
}

/** The act itself is done; what an invite gives is brought up to date when the mesh is connected to the next time. */
async function renewQuietly(ctx: DeviceContext, row: MembershipRow, link: MeshLink): Promise<void> {
  try {
    await renewInvites(ctx, row, link);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    ctx.log("warn", `open invites were not brought up to date: ${error.message}`);
  }
}

function draw(ctx: DeviceContext, { mesh }: MembershipRow, barrier: number): Drawn {
  const key = createMeshKey(ctx.random);
  return { key, commitment: keyCommitment(mesh, key), barrier, covered: new Set() };
}

/** Stores the key if the chain has it: one's own rekey or leaving may have made it another's. */
function keep(ctx: DeviceContext, { mesh }: MembershipRow, { key, commitment }: Drawn): void {
  const place = ctx.rosters.of(mesh).keyPlace(commitment);
  if (place !== undefined) ctx.rings.add(mesh, [{ ...place, key }]);
}

/** Whether the act may succeed when it is made again: another entry came first, or rows of the bundle are not there any more. */
function isPassing(error: unknown, covered: Set<MemberId>): boolean {
  if (!(error instanceof MeshError)) return false;
  if (error.code === "roster_conflict") return true;
  const { missing, reason } = error.detail ?? {};
  if (reason !== "uncovered" || !Array.isArray(missing)) return false;
  for (const id of missing as MemberId[]) covered.delete(id);
  return true;
}
