import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { valueIn } from "../chaos/message-text.ts";
import type { AgentBug } from "./orders.ts";

/** One message as a session's model was shown it. */
export interface ShownMessage {
  readonly at: number;
  readonly agentSession: string;
  readonly id: string;
  readonly value: string;
  readonly again: boolean;
}

/** What a session's model is shown, one JSON line each: a message counts as shown once its line is here. */
export class Transcript {
  readonly path: string;
  readonly #bug: AgentBug | undefined;
  readonly #now: () => number;

  constructor(path: string, bug: AgentBug | undefined, now: () => number) {
    this.path = path;
    this.#bug = bug;
    this.#now = now;
    mkdirSync(dirname(path), { recursive: true });
    // A line that a kill cut off must not spoil the next one.
    if (existsSync(path)) appendFileSync(path, "\n");
  }

  /** Shows a text to the model, beside a message or as one. */
  show(type: "user" | "attachment", content: string): void {
    const text = this.#bug === "drop-mark" ? content.replaceAll("[AGAIN] ", "") : content;
    const line = `${JSON.stringify({ type, at: this.#now(), content: text })}\n`;
    appendFileSync(this.path, line);
    if (this.#bug === "show-twice" && idsIn(text).length > 0) appendFileSync(this.path, line);
  }
}

const message = /<mesh-\w+ id="(msg_[^"]+)"[^\n]*\n((?:\[[A-Z]+\] )*)[^\n]*?\): ([^\n]*)/g;

/** A message that was asked for, in the form of those that were handed over. */
export const asked = ({ id, text, again }: { id: string; text: string; again: boolean }): string =>
  `<mesh-asked id="${id}">\n${again ? "[AGAIN] " : ""}asked (for): ${text}`;

/** The ids of the messages in a text, in their order. */
export const idsIn = (text: string): string[] =>
  [...text.matchAll(message)].map(([, id = ""]) => id);

/** Everything that sessions were shown, by their transcripts below this folder, in the order of showing. */
export function shownBelow(folder: string): ShownMessage[] {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
    : [];
  return files
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => {
      const agentSession = name.slice(name.lastIndexOf("/") + 1, -".jsonl".length);
      const lines = readFileSync(join(folder, name), "utf8").split("\n");
      return lines.flatMap((line) => shownIn(line, agentSession));
    })
    .sort((a, b) => a.at - b.at);
}

function shownIn(line: string, agentSession: string): ShownMessage[] {
  let read: { at: number; content: string };
  try {
    read = JSON.parse(line);
  } catch {
    return [];
  }
  return [...read.content.matchAll(message)].map(([, id = "", badges = "", text = ""]) => ({
    at: read.at,
    agentSession,
    id,
    value: valueIn(text),
    again: badges.includes("[AGAIN]"),
  }));
}
