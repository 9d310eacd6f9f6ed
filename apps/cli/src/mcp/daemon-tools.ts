import { type FramedItem, frameMessages } from "@claudemesh/device/framing";
import { nouns, type OpenOutput, type OpName } from "@claudemesh/protocol";
import { type DaemonParts, daemonDevice } from "./daemon-device.ts";
import type { ToolSet } from "./mcp-server.ts";
import { derivedTools, type ToolCalls } from "./tool-set.ts";

/** Characters in one answer; agents cut tool output off above about 25,000 tokens. */
const mostChars = 60_000;
/** One message that was asked for is not cut here: the agent may have no other way to its end. */
const mostOfOne = 200_000;

/** The derived tools, answered by this home's daemon on behalf of one agent session. */
export async function daemonTools(parts: DaemonParts): Promise<ToolSet> {
  const hex = (length: number) => Buffer.from(parts.random(length)).toString("hex");
  const device = daemonDevice(parts);
  return derivedTools({
    call: async (name, input) => (await device()).call(name as never, input as never),
    confirm: async (ids) => void (await (await device()).confirmHandOver("pull", ids)),
    frames: (name) => framers[name] !== undefined,
    frame: (name, answer) => framers[name]?.(answer, hex(8)),
  });
}

type Framed = ReturnType<ToolCalls["frame"]>;

/** The answers in which other people's words stand. */
const framers: Partial<Record<OpName, (answer: unknown, nonce: string) => Framed>> = {
  [nouns.message.inbox.name]: framedInbox,
  [nouns.message.show.name]: framedMessage,
};

/** What an inbox answered as the model sees it: messages fenced, then what else is to be said. */
function framedInbox(answer: unknown, nonce: string): Framed {
  const { items, notices, more } = answer as {
    items: readonly FramedItem[];
    notices: readonly { readonly text: string }[];
    more: number;
  };
  const { text, included } = frameMessages(items, { maxChars: mostChars, nonce, waiting: more });
  const lines = [
    text === "" ? "No message waits." : text,
    ...notices.map((notice) => `note: ${JSON.stringify(notice.text)}`),
  ];
  return { text: lines.join("\n"), shown: included };
}

/** One stored message: another's words are fenced as those of an inbox are, one's own are not. It counts as shown by no hand-over. */
function framedMessage(answer: unknown, nonce: string): Framed {
  const shown = answer as OpenOutput<"message.show">;
  if (shown.direction === "sent") return undefined;
  const item: FramedItem = {
    ...shown,
    from: { name: shown.with.name },
    priority: "next",
    again: false,
  };
  const { text } = frameMessages([item], { maxChars: mostOfOne, nonce });
  return { text, shown: [] };
}
