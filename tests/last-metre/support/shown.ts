import { type Agent, seenBy } from "@claudemesh/testkit/agent";

/** How often the model was shown a message by its id, by the last request of the conversation, which holds all of it. */
export function shownIn(agent: Agent, id: string): number {
  const last = agent.model.requests.items.at(-1);
  if (last === undefined) return 0;
  const text = seenBy(last)
    .map((seen) => seen.text)
    .join("\n");
  return text.split(`id="${id}"`).length - 1;
}

/** Settles when the model was asked with a message in what it sees: the transcript, and so the receipt, can be a moment earlier. */
export async function untilShown(agent: Agent, id: string): Promise<void> {
  await agent.model.requests.find((request) =>
    seenBy(request).some(({ text }) => text.includes(`id="${id}"`)),
  );
}
