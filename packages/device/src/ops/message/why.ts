import {
  MeshError,
  type MessageRecord,
  type MessageState,
  type OpenOutput,
  type Reader,
  type StoryStep,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { isOfGuard, reasonInWords } from "../../guards/reasons.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { storyOf } from "../../store/story.ts";
import { countsOf } from "./counts-of.ts";
import { describeMessage, findHere } from "./describe-message.ts";
import { refreshReceipts } from "./refresh-receipts.ts";

/** Tells a message's story: what happened here, what the broker recorded, and what the other side signed. */
export const why: DeviceHandler<"message.why"> = async (input, ctx) => {
  const { row, found } = findHere(ctx, input);
  const unreached = await refreshReceipts(ctx, row);
  const record = unreached === undefined ? await recordOf(ctx, row, found.id) : undefined;
  const told = describeMessage(ctx, row, found);
  const story = [
    ...storyOf(ctx.store, row.mesh, found.id, found.sender),
    ...(told.readers ?? []).map(readerStep),
    ...recordSteps(record, ctx.now(), told.direction),
  ];
  if (unreached !== undefined) {
    story.push({
      at: ctx.now(),
      what: `the broker could not be asked: ${unreached}`,
      by: "this device",
    });
  }
  return { ...told, story: inOrder(story), summary: summaryOf(told) };
};

async function recordOf(
  ctx: DeviceContext,
  row: MembershipRow,
  id: MessageRecord["id"],
): Promise<MessageRecord | undefined> {
  try {
    return await ctx.links.using(row, ({ client }) => client.message.status({ id }));
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

function recordSteps(
  record: MessageRecord | undefined,
  now: number,
  direction: "sent" | "received",
): StoryStep[] {
  if (record === undefined) return [];
  const by = "broker, unverified";
  const steps: StoryStep[] = [];
  if (direction === "received") {
    steps.push({
      at: record.acceptedAt,
      what: `accepted by the broker as entry ${record.seq}`,
      by,
    });
  }
  if (record.contentsDeletedAt !== undefined) {
    steps.push({
      at: record.contentsDeletedAt,
      what: "its contents were deleted at the broker",
      by,
    });
  }
  const { members } = record;
  if (direction === "sent" && members !== undefined) {
    const what = `devices of ${members.have} of ${members.of} members have it`;
    steps.push({ at: now, what, by });
  } else if (direction === "sent" && !record.expired) {
    const have = record.devices.filter(({ has }) => has).length;
    const count = record.devices.length;
    const what =
      count === 0
        ? "the recipient has not connected any device yet"
        : `${have} of ${count} ${count === 1 ? "device" : "devices"} of the recipient ${have === 1 ? "has" : "have"} it`;
    steps.push({ at: now, what, by });
  }
  return steps;
}

/** What one reader of a message to many signed last. */
const readerStep = ({ name, state, at, way, reason }: Reader): StoryStep => ({
  at,
  what: [
    `${state.replaceAll("_", " ")} by ${name}`,
    way && `by way of ${way}`,
    reason && reasonInWords(reason),
  ]
    .filter(Boolean)
    .join(", "),
  by: "recipient, signed",
});

/** By time; steps of one moment stay as they were told. */
const inOrder = (story: StoryStep[]): StoryStep[] => [...story].sort((a, b) => a.at - b.at);

const sentences: Readonly<Record<MessageState, (name: string) => string>> = {
  queued: (name) =>
    `waits on this machine to be sent to ${name}; run any verb once the broker can be reached`,
  accepted: (name) => `waits at the broker until a device of ${name} connects; nothing to do`,
  stored: (name) => `is on a device of ${name}, not yet shown; nothing to do`,
  offered: (name) => `was handed over to ${name}; an answer would come to your inbox`,
  in_context: (name) => `was seen by ${name}; an answer would come to your inbox`,
  answered: (name) => `was answered by ${name}; look in your inbox`,
  held: (name) => `is held at ${name}; it goes on by itself when the reason ends`,
  expired: (name) => `was never fetched by ${name}; send it again if it still matters`,
  refused: (name) => `will not reach ${name}; mend the reason, then send it again`,
  undeliverable: (name) =>
    name.startsWith("@")
      ? `reaches nobody: ${name} is empty; claudemesh group list shows who is where`
      : `cannot reach ${name}; send it to someone else`,
  void: (name) => `was given up before it reached ${name}; send it again if it still matters`,
};

function summaryOf(told: OpenOutput<"message.status">): string {
  const { state, reason, with: other, direction } = told;
  if (direction === "received") {
    const why = reasonInWords(reason ?? "");
    if (state === "held") {
      return `held here, from ${other.name}: ${why}; let it through with \`claudemesh guard release ${told.id.slice(-8)}\``;
    }
    if (state === "refused") return `turned away here, from ${other.name}: ${why}`;
    return state === "stored"
      ? `stored here, from ${other.name}; read it with \`claudemesh inbox\``
      : `handed over here, from ${other.name}; nothing to do`;
  }
  if (told.to !== undefined && told.readers !== undefined && told.readers.length > 0) {
    return `the message to ${other.name} was ${countsOf(told.readers, told.to.members)}`;
  }
  const because = reason === undefined ? "" : ` (${reasonInWords(reason)})`;
  if (state === "held" && isOfGuard(reason)) {
    return `${state}${because}: the message is held at ${other.name} until a person there releases it`;
  }
  return `${state}${because}: the message ${sentences[state](other.name)}`;
}
