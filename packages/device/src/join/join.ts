import {
  buildJoin,
  deriveMember,
  type InviteSecret,
  memberIdOf,
  newDeviceId,
  signInviteProof,
  signProfile,
} from "@claudemesh/crypto";
import {
  type EntryOf,
  type ErrorCode,
  type InviteId,
  MeshError,
  type MeshId,
  type Profile,
} from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { explainSkew } from "../mesh-link/clock-skew.ts";
import {
  getMembership,
  listMemberships,
  type MembershipRow,
  nextGeneration,
} from "../store/memberships.ts";
import { acceptWelcome } from "./accept-welcome.ts";
import { fetchChain, type JoinChain } from "./fetch-chain.ts";
import { type PendingJoin, pendingByInvite, savePending } from "./pending-join.ts";
import { refuseBanned } from "./refuse-banned.ts";

const maxTries = 10;

export interface JoinWish {
  readonly secret: InviteSecret;
  readonly broker: string;
  readonly name: string;
}

/**
 * Joins a mesh: reads and verifies its chain with the invite in hand, has a signed `join` appended, opens the welcome, and stores the membership. What is sent
 * is stored before, so that after a crash or a lost reply the same call repeats the same join and gets the same answer.
 */
export async function join(ctx: DeviceContext, wish: JoinWish): Promise<MembershipRow> {
  const client = await ctx.links.anonymous(wish.broker);
  try {
    const unfinished = pendingByInvite(ctx.store, wish.secret.id);
    if (unfinished !== undefined) {
      const repeated = await repeat(ctx, client, wish, unfinished);
      if (repeated !== undefined) return repeated;
    }
    return await joinAnew(ctx, client, wish);
  } catch (error) {
    throw explainSkew(error, ctx.now());
  } finally {
    await client.close();
  }
}

/** Says that a join did not arrive and cannot any more: the roster has moved on, or it was signed too long ago. */
const neverArrived: ReadonlySet<ErrorCode> = new Set(["clock_skew", "roster_conflict"]);

/** Sends a join of which it is not known whether it arrived; undefined when it did not, and has to be signed again. */
async function repeat(
  ctx: DeviceContext,
  client: Client,
  { secret }: JoinWish,
  pending: PendingJoin,
): Promise<MembershipRow | undefined> {
  try {
    const { entry, profile } = pending;
    const answer = await client.invite.claim({ entry, profile });
    return acceptWelcome(ctx, secret, pending, answer);
  } catch (error) {
    if (error instanceof MeshError && neverArrived.has(error.code)) return undefined;
    throw error;
  }
}

async function joinAnew(
  ctx: DeviceContext,
  client: Client,
  wish: JoinWish,
): Promise<MembershipRow> {
  const { secret, broker, name } = wish;
  refuseKnown(ctx, secret.id);
  const { mesh } = await client.invite.preview({ invite: secret.id });
  refuseSecond(ctx, mesh);
  const generation = nextGeneration(ctx.store, mesh);
  const { signer, keys } = deriveMember(ctx.seed(), { mesh }, generation);
  const proof = signInviteProof({ mesh, invite: secret.id, keys }, secret.signer);
  const device = newDeviceId(ctx.random);
  let chain: JoinChain | undefined;
  for (let tries = 1; ; tries++) {
    chain = await fetchChain(client, secret, mesh, chain);
    for (const seed of [ctx.seed(), ...ctx.earlierSeeds()]) {
      refuseBanned(seed, chain.roster, generation);
    }
    const now = ctx.now();
    const entry = buildJoin(chain.roster, { keys, invite: secret.id, proof, signer, now });
    chain.roster.check(entry);
    const profile = profileOf(entry, mesh, name, ctx.now(), signer);
    const place = { mesh, invite: secret.id, broker, generation, device, created_at: now };
    const pending: PendingJoin = { ...place, entry, profile, chain: chain.entries };
    savePending(ctx.store, pending);
    try {
      const answer = await client.invite.claim({ entry, profile });
      return acceptWelcome(ctx, secret, pending, answer, chain);
    } catch (error) {
      const isConflict = error instanceof MeshError && error.code === "roster_conflict";
      if (!isConflict || tries >= maxTries) throw error;
    }
  }
}

const profileOf = (
  entry: EntryOf<"join">,
  mesh: MeshId,
  displayName: string,
  at: number,
  signer: Parameters<typeof signProfile>[1],
): Profile =>
  signProfile({ mesh, member: memberIdOf(entry), version: 1, fields: { displayName }, at }, signer);

/** An invite of a mesh that this home is in says so, also when it has no uses left. */
function refuseKnown(ctx: DeviceContext, invite: InviteId): void {
  for (const { mesh } of listMemberships(ctx.store)) {
    if (ctx.rosters.seen(mesh).invites.has(invite)) refuseSecond(ctx, mesh);
  }
}

function refuseSecond(ctx: DeviceContext, mesh: MeshId): void {
  const row = getMembership(ctx.store, mesh);
  if (row === undefined) return;
  throw new MeshError("already_member", `you are in ${row.slug} already, as ${row.display_name}`, {
    hint: "to join as a second person, use another home: CLAUDEMESH_HOME=<folder> claudemesh join <link>",
    detail: { mesh, slug: row.slug },
  });
}
