import { z } from "zod";
import { At } from "./bytes.ts";
import { MessageId } from "./ids.ts";
import { WirePeer } from "./shapes/peer.ts";
import { Envelope } from "./statements/envelope.ts";
import { Profile } from "./statements/profile.ts";
import { Receipt } from "./statements/receipt.ts";
import { RosterEntry } from "./statements/roster.ts";

/** The broker's own unsigned word, such as that a message's time ran out. */
export const Notice = z.object({ id: MessageId, state: z.enum(["expired"]) });
export type Notice = z.infer<typeof Notice>;

const logged = <const K extends string, B extends z.ZodType>(kind: K, body: B) =>
  z.object({
    type: z.literal("event"),
    kind: z.literal(kind),
    seq: z.int().min(1),
    id: z.string().max(64),
    at: At,
    body,
  });

/** Events from the log: in order, without a gap in the receiver's view, resumable by cursor. */
export const LogEvent = z.discriminatedUnion("kind", [
  logged("message", Envelope),
  logged("notice", Notice),
  logged("profile", Profile),
  logged("receipt", Receipt),
  logged("roster", RosterEntry),
]);
export type LogEvent = z.infer<typeof LogEvent>;

/** Ephemeral: the back-fill is over and everything up to `seq` was sent; what follows is live. */
export const CaughtUp = z.object({
  type: z.literal("event"),
  kind: z.literal("caught_up"),
  seq: z.int().min(0),
});
export type CaughtUp = z.infer<typeof CaughtUp>;

const passing = <const K extends string>(kind: K) =>
  z.object({ type: z.literal("event"), kind: z.literal(kind), at: At, peer: WirePeer });

/** Ephemeral: a session of another member came, went, or came back. Not in the log; who is away misses it. */
export const PeerEvent = z.discriminatedUnion("kind", [
  passing("peer_joined"),
  passing("peer_left"),
  passing("peer_returned").extend({ lastSeenAt: At, summary: z.string().optional() }),
]);
export type PeerEvent = z.infer<typeof PeerEvent>;

export const MeshEvent = z.union([LogEvent, CaughtUp, PeerEvent]);
export type MeshEvent = z.infer<typeof MeshEvent>;
