import { randomUUID } from "node:crypto";
import { askModel } from "./model-client.ts";
import type { Queued } from "./queue.ts";
import type { Parts } from "./session.ts";
import { runTools } from "./tool-round.ts";
import {
  channelWhileBusy,
  humanWhileBusy,
  peerWhileBusy,
  peerWhileIdle,
  reminder,
} from "./wording.ts";

const stopLimit = Number(process.env.CLAUDE_CODE_STOP_HOOK_BLOCK_CAP ?? 8);

const originOf = (item: Queued): object =>
  item.origin === "peer" ? { kind: "peer", from: "unknown" } : { kind: item.origin };

const blockedText = (reason: string, prompt: string): string =>
  `UserPromptSubmit operation blocked by hook:\n${reason}\n\nOriginal prompt: ${prompt}`;

/** Shows what arrived while tools ran, each with its own words; a hook may keep one of them out. */
async function absorb(parts: Parts): Promise<void> {
  const { queue, hooks, transcript, conversation } = parts;
  for (const item of queue.takeMidTurn()) {
    const { text, origin, server = "" } = item;
    const shown =
      origin === "peer"
        ? peerWhileBusy(text)
        : origin === "channel"
          ? channelWhileBusy(server, text)
          : humanWhileBusy(text);
    const fired = await hooks.fire("UserPromptSubmit", "", { prompt: text });
    if (fired.block !== undefined) {
      transcript.informational(blockedText(fired.block, text));
      continue;
    }
    const attachment = { type: "queued_command", prompt: text, commandMode: "prompt" };
    transcript.attachment({ ...attachment, origin: originOf(item), isMeta: true }, shown);
    transcript.note({
      type: "queue-operation",
      operation: "remove",
      content: text,
      reason: "absorbed_mid_turn",
    });
    conversation.beside([shown, ...fired.lines]);
  }
}

/** Whether a Stop hook keeps the turn going; what it says is then the next message. */
async function goesOn(last: string, times: number, parts: Parts): Promise<boolean> {
  const { hooks, conversation, transcript } = parts;
  const fired = await hooks.fire("Stop", "", {
    stop_hook_active: times > 0,
    last_assistant_message: last,
    background_tasks: [],
    session_crons: [],
  });
  if (times >= stopLimit || fired.lines.length === 0) return false;
  const blocked = fired.block !== undefined;
  const text = blocked ? `Stop hook feedback:\n${fired.block}` : reminder(fired.lines.join("\n\n"));
  if (blocked) transcript.message("user", { role: "user", content: text }, { isMeta: true });
  conversation.add("user", text);
  if (blocked) conversation.beside(fired.lines);
  return true;
}

/** Answers until the model uses no more tools and no Stop hook objects; settles with the last text. */
async function answerAll(parts: Parts): Promise<string> {
  const { identity, conversation, transcript, output } = parts;
  for (let stops = 0; ; ) {
    const answer = await askModel(identity, conversation.messages);
    const message = { role: "assistant", id: answer.id, type: "message", content: answer.content };
    conversation.add("assistant", answer.content);
    transcript.message("assistant", { ...message, stop_reason: answer.stopReason });
    const text = answer.content.map((block) => block.text ?? "").join("");
    output.event({ type: "assistant", message }, text === "" ? undefined : `● ${text}`);
    if (answer.stopReason === "tool_use") {
      if (!(await runTools(answer.content, parts))) return text;
      await absorb(parts);
    } else if (await goesOn(text, stops, parts)) stops += 1;
    else return text;
  }
}

/** One turn of the agent, started by a prompt, by peers' messages or by a channel. */
export async function runTurn(batch: readonly Queued[], parts: Parts): Promise<void> {
  const { hooks, transcript, conversation, output } = parts;
  const [first] = batch;
  if (first === undefined) return;
  const said = batch.map((item) => item.text).join("\n");
  const promptId = randomUUID();
  hooks.prompt = promptId;
  for (const _ of batch) transcript.note({ type: "queue-operation", operation: "dequeue" });
  const fired = await hooks.fire("UserPromptSubmit", "", { prompt: said });
  if (fired.block !== undefined) {
    const result = blockedText(fired.block, said);
    transcript.informational(result);
    output.event({ type: "result", subtype: "success", is_error: false, result }, result);
    return;
  }
  const content = first.origin === "peer" ? peerWhileIdle(said) : said;
  const human = first.origin === "human";
  const more = human ? { promptId } : { promptId, isMeta: true, origin: originOf(first) };
  transcript.message("user", { role: "user", content }, more);
  conversation.add("user", content);
  conversation.beside([...parts.opening.splice(0), ...fired.lines]);
  const result = await answerAll(parts);
  const origin = human ? {} : { origin: originOf(first) };
  output.event({ type: "result", subtype: "success", is_error: false, result, ...origin });
}
