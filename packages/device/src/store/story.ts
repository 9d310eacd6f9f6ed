import type { MeshId, MessageId, StoryStep } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

export type StoryBy = StoryStep["by"];

/** Adds a step to a message's story; part of the caller's transaction. */
export const tell = (
  store: HomeStore,
  mesh: MeshId,
  message: MessageId,
  step: { readonly at: number; readonly what: string; readonly by?: StoryBy },
): number =>
  store.run(
    "INSERT INTO story (mesh, message, at, what, by) VALUES (?, ?, ?, ?, ?)",
    mesh,
    message,
    step.at,
    step.what,
    step.by ?? "this device",
  );

/** The steps told so far, in the order in which they came. */
export const storyOf = (store: HomeStore, mesh: MeshId, message: MessageId): StoryStep[] =>
  store.all<StoryStep>(
    "SELECT at, what, by FROM story WHERE mesh = ? AND message = ? ORDER BY id",
    mesh,
    message,
  );
