import { z } from "zod";
import { At, Hash } from "./bytes.ts";
import { DeviceId, MemberId, MessageId, TopicId } from "./ids.ts";
import { Plain } from "./shapes/api-key.ts";
import { CallNews } from "./shapes/call.ts";
import { ClockState } from "./shapes/job.ts";
import { WirePeer } from "./shapes/peer.ts";
import { RecordNews } from "./shapes/record.ts";
import { Envelope } from "./statements/envelope.ts";
import { FileNews } from "./statements/file.ts";
import { Grants } from "./statements/grants.ts";
import { KeyBundleRow } from "./statements/key-bundle.ts";
import { PeerFileAsk } from "./statements/peer-file.ts";
import { Profile } from "./statements/profile.ts";
import { Receipt } from "./statements/receipt.ts";
import { RosterEntry, TopicRole } from "./statements/roster.ts";
import { Topic } from "./statements/topic.ts";

/** The broker's own unsigned word, such as that a message's time ran out. */
export const Notice = z.object({ id: MessageId, state: z.enum(["expired"]) });
export type Notice = z.infer<typeof Notice>;

/** What a topic is, by its signed statement. By the broker's word also, to one member's devices, its role there from now on, null when it is out; to those in it, how many they are. */
export const TopicNews = z.object({
  topic: Topic,
  role: TopicRole.nullable().optional(),
  members: z.int().min(0).optional(),
});
export type TopicNews = z.infer<typeof TopicNews>;

/** That a post to a public topic which this member is not in names it: by the broker's word, until it has read the post. */
export const Mention = z.object({ topic: TopicId, seq: z.int().min(1).describe("of the post") });
export type Mention = z.infer<typeof Mention>;

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
  logged("call", CallNews),
  logged("file", FileNews),
  logged("grants", Grants),
  logged("key", KeyBundleRow),
  logged("mention", Mention),
  logged("message", Envelope),
  logged("notice", Notice),
  logged("plain", Plain),
  logged("profile", Profile),
  logged("receipt", Receipt),
  logged("record", RecordNews),
  logged("roster", RosterEntry),
  logged("topic", TopicNews),
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

/** Ephemeral: a member lacks keys that others hold. Who is away reads it with `keys.wanted` instead. */
export const KeyWanted = z.object({
  type: z.literal("event"),
  kind: z.literal("key_wanted"),
  member: MemberId,
  commitments: z.array(Hash),
});
export type KeyWanted = z.infer<typeof KeyWanted>;

/** Ephemeral: another member writes in a topic, or without one to the receiver alone. */
export const Typing = z.object({
  type: z.literal("event"),
  kind: z.literal("typing"),
  topic: TopicId.optional(),
  member: MemberId,
});
export type Typing = z.infer<typeof Typing>;

/** Ephemeral: a device of the receiver's own member has connected for the first time. Who is away reads it with `device.list` instead. */
export const DeviceSeen = z.object({
  type: z.literal("event"),
  kind: z.literal("device_seen"),
  device: DeviceId,
});
export type DeviceSeen = z.infer<typeof DeviceSeen>;

/** Ephemeral: another member asks something of the receiver's shared folder. Who is away cannot answer. */
export const FileAsked = z.object({
  type: z.literal("event"),
  kind: z.literal("file_asked"),
  ask: PeerFileAsk,
});
export type FileAsked = z.infer<typeof FileAsked>;

/** Ephemeral: the mesh's simulation clock has ticked, by the broker's word. Who is away reads it with `clock.get` instead. */
export const ClockTick = z.object({
  type: z.literal("event"),
  kind: z.literal("clock_tick"),
  clock: ClockState,
});
export type ClockTick = z.infer<typeof ClockTick>;

/** What passes by and is not in the log. */
export const PassingEvent = z.discriminatedUnion("kind", [
  ...PeerEvent.options,
  ClockTick,
  DeviceSeen,
  FileAsked,
  KeyWanted,
  Typing,
]);
export type PassingEvent = z.infer<typeof PassingEvent>;

export const MeshEvent = z.union([LogEvent, CaughtUp, PassingEvent]);
export type MeshEvent = z.infer<typeof MeshEvent>;
