import type { MemberId, MeshId, MessageId, StoryStep } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

export type StoryBy = StoryStep["by"];

/** Adds a step to a message's story; part of the caller's transaction. `sender` names who sent it, left out for what this home sent: ids are the sender's choice. */
export const tell = (
  store: HomeStore,
  mesh: MeshId,
  message: MessageId,
  step: {
    readonly at: number;
    readonly what: string;
    readonly by?: StoryBy;
    readonly sender?: MemberId;
  },
): number =>
  store.run(
    "INSERT INTO story (mesh, message, sender, at, what, by) VALUES (?, ?, ?, ?, ?, ?)",
    mesh,
    message,
    step.sender ?? null,
    step.at,
    step.what,
    step.by ?? "this device",
  );

/** The steps told so far of a message of `sender`, or of this home when left out, in the order in which they came. */
export const storyOf = (
  store: HomeStore,
  mesh: MeshId,
  message: MessageId,
  sender?: MemberId,
): StoryStep[] =>
  store.all<StoryStep>(
    "SELECT at, what, by FROM story WHERE mesh = ? AND message = ? AND sender IS ? ORDER BY id",
    mesh,
    message,
    sender ?? null,
  );
