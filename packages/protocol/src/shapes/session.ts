import { z } from "zod";
import { At } from "../bytes.ts";
import { SessionId } from "../ids.ts";
import { PeerType } from "./member.ts";

export const SessionStatus = z
  .enum(["idle", "working", "dnd"])
  .describe("idle, working, or dnd (do not disturb)");
export type SessionStatus = z.infer<typeof SessionStatus>;

/** Who said what a session does, the most trusted first (docs/spec/presence.md, "Status"). */
export const StatusSource = z
  .enum(["hook", "manual", "jsonl"])
  .describe(
    "hook: the agent's own hooks; manual: a person or agent; jsonl: read off the transcript",
  );
export type StatusSource = z.infer<typeof StatusSource>;

/** A status with its source, and since when it holds by the device's clock. */
export const PeerStatus = z.strictObject({
  status: SessionStatus,
  source: StatusSource,
  at: At.describe("since when, by the device's clock"),
});
export type PeerStatus = z.infer<typeof PeerStatus>;

/** Counters that a session reports of itself. */
export const SessionStats = z.strictObject({
  messagesIn: z.int().min(0).describe("messages shown to it"),
  messagesOut: z.int().min(0).describe("messages it sent"),
  toolCalls: z.int().min(0).describe("tool calls it made"),
  errors: z.int().min(0).describe("errors it met"),
  uptimeMs: z.int().min(0).describe("how long it runs, ms"),
});
export type SessionStats = z.infer<typeof SessionStats>;

export const Summary = z.string().max(500).describe("what you are working on; empty clears it");

const infoFields = {
  type: PeerType,
  agent: z.string().min(1).max(64).optional().describe("kind of agent, such as claude-code"),
  model: z.string().min(1).max(128).optional(),
  name: z.string().min(1).max(64).optional().describe("name of the session, where it has its own"),
  cwd: z.string().min(1).max(1_024).optional().describe("folder it works in"),
  host: z.string().min(1).max(255).optional().describe("name of its machine"),
  tags: z.array(z.string().min(1).max(64)).max(32),
  summary: Summary.optional(),
  visible: z.boolean(),
  status: PeerStatus,
  stats: SessionStats.optional(),
};

/** What a session says of itself: presence, which the broker reads and passes on unsigned. */
export const SessionInfo = z.strictObject({
  ...infoFields,
  previous: SessionId.optional().describe("the session that the same agent session had before"),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

/** The same as brokers pass it on. */
export const ShownInfo = z.object(infoFields);
export type ShownInfo = z.infer<typeof ShownInfo>;
