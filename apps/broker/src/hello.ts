import { type Member, type Roster, verifyHello } from "@claudemesh/crypto/verify";
import {
  type CloseCode,
  type HelloFrame,
  limits,
  MeshError,
  PROTOCOL_VERSION,
  type SessionId,
  type SignKey,
  type WelcomeFrame,
} from "@claudemesh/protocol";
import type { z } from "zod";
import type { FrozenMeshes } from "./frozen.ts";
import type { Actor, Caller, Services } from "./handler.ts";
import type { Cursors } from "./log/cursor.ts";
import type { FeedHub } from "./log/feed-hub.ts";
import { noteDevice } from "./note-device.ts";
import type { MeshRow } from "./store/port.ts";

export interface GreetServices {
  readonly services: Services;
  readonly cursors: Cursors;
  readonly frozen: FrozenMeshes;
  readonly hub: FeedHub;
}

type Hello = z.infer<typeof HelloFrame>;

/** An accepted hello: who it is, what to answer, and from where to feed. */
export interface Greeting {
  readonly actor: Actor;
  readonly roster: Roster;
  readonly welcome: WelcomeFrame;
  /** the last seq that the device has */
  readonly after: number;
  /** the sessions that the device has had; for a feed */
  readonly sessions: readonly SessionId[];
}

interface Start {
  readonly seq: number;
  readonly from: WelcomeFrame["from"];
}

/** Checks a hello and finds where its device stands. Throws what refuses it; see `closeFor`. */
export async function greet(
  greeter: GreetServices,
  frame: Hello,
  caller: Caller,
): Promise<Greeting> {
  const { hub, services } = greeter;
  const { now, rosters, store } = services;
  const { hello } = frame;
  verifyHello(hello, { ...caller, now: now(), skewMs: limits.clockSkewMs });
  const roster = await rosters.open(hello.mesh);
  const row = await store.read.mesh(hello.mesh);
  if (row === undefined) throw new MeshError("unavailable", "the mesh cannot be read right now");
  // Another node has appended what this one was not told of yet.
  if (services.bus.kind !== "in-process" && row.headSeq > hub.head(hello.mesh)) {
    await rosters.refresh(hello.mesh);
  }
  requireMember(roster, frame, row);
  const { seq, from } = await findStart(greeter, frame, roster, row);
  const sessions =
    frame.purpose === "feed"
      ? await store.read.sessionsOf(hello.mesh, hello.member, hello.device)
      : [];
  return {
    actor: { mesh: hello.mesh, member: hello.member, device: hello.device },
    roster,
    after: seq,
    sessions,
    welcome: {
      type: "welcome",
      mesh: hello.mesh,
      protocol: PROTOCOL_VERSION,
      time: now(),
      roster: roster.head,
      position: { epoch: row.epoch, seq },
      headSeq: Math.max(row.headSeq, hub.head(hello.mesh)),
      from,
      ...(row.restored === undefined
        ? {}
        : { restored: { base: row.restored.base, confirmed: row.restored.confirmed } }),
    },
  };
}

function requireMember(roster: Roster, { hello }: Hello, { restored }: MeshRow): void {
  const member = roster.members.get(hello.member);
  if (
    restored?.confirmed === false &&
    (member === undefined || !hasHad(member, hello.key, roster))
  ) {
    throw new MeshError("not_member", "the broker's restored roster does not know these keys", {
      hint: "a device that has the rest of the roster brings it back when it connects",
      detail: { reason: "restored", head: roster.head },
    });
  }
  if (member === undefined || !roster.isMember(hello.member)) {
    throw new MeshError("not_member", "you are not a member of the mesh", whyGone(member));
  }
  if (member.keys.sign !== hello.key) {
    const isEarlier = roster.memberByKey(hello.key)?.id === hello.member;
    throw new MeshError(
      "bad_signature",
      "hello.key: not the member's signing key",
      isEarlier ? { detail: { reason: "rekeyed" } } : {},
    );
  }
}

/** A key that the member has had, by this roster. */
const hasHad = ({ keys, id }: Member, key: SignKey, roster: Roster): boolean =>
  keys.sign === key || roster.memberByKey(key)?.id === id;

/** What one is told whom another member has removed. */
const whyGone = (member: Member | undefined) =>
  member?.removedBy === undefined || member.removedBy === member.id
    ? {}
    : {
        hint: "you were removed; an owner of the mesh can let you back with `claudemesh unban`",
        detail: { reason: "removed" },
      };

/** The cursor's place, else where the broker last knew the device, else the member's entry into the mesh. */
async function findStart(
  greeter: GreetServices,
  { hello, purpose, cursor }: Hello,
  roster: Roster,
  row: MeshRow,
): Promise<Start> {
  const { services } = greeter;
  const { mesh, member, device } = hello;
  const joined = roster.members.get(member)?.joinedSeq ?? 0;
  const startSeq = Math.max(0, ((await services.store.read.rosterLogSeq(mesh, joined)) ?? 1) - 1);
  const asked = cursor === undefined ? undefined : await openCursor(greeter, hello, row, cursor);
  const cursorSeq = await noteDevice(services, { mesh, member, device, purpose, startSeq });
  if (asked !== undefined) return { ...asked, seq: Math.max(asked.seq, startSeq) };
  const seq = cursorSeq ?? startSeq;
  return { seq, from: seq > startSeq ? "device" : "start" };
}

/** A cursor of this broker that does not fit its log proves that the log has lost entries: the mesh is closed. */
async function openCursor(
  { cursors, frozen, services }: GreetServices,
  { mesh }: Hello["hello"],
  row: MeshRow,
  token: string,
): Promise<Start> {
  const claimed = cursors.open(mesh, token);
  if (claimed.epoch !== row.epoch) {
    return { seq: Math.min(claimed.seq, row.epochBase), from: "new_epoch" };
  }
  const actual = await services.store.read.position(mesh, claimed.seq);
  if (actual === undefined || actual.id !== claimed.id) {
    throw frozen.freeze(mesh, { seq: claimed.seq, headSeq: row.headSeq });
  }
  return { seq: claimed.seq, from: "cursor" };
}

/** The close code that goes with a refused hello. */
export function closeFor({ code }: MeshError): CloseCode {
  if (code === "not_member") return 4002;
  if (code === "log_mismatch") return 4011;
  if (code === "internal") return 1011;
  if (code === "unavailable" || code === "disk_full" || code === "rate_limited") return 1013;
  return 4004;
}
