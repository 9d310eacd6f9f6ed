import type { Intent } from "@claudemesh/protocol";
import type { FramedItem } from "./item.ts";
import { labelled } from "./label.ts";
import { neutralise } from "./neutralise.ts";

/** What an agent is to do with each intent, in words. */
const intents: Readonly<Record<Intent, string>> = {
  request: "request, must be answered",
  inform: "inform, may be answered",
  ack: "ack, must not be answered",
};

/** One message in parts: the line of attributes, the head up to its colon, and the body with every further line behind `| `. */
export interface FramedParts {
  readonly attributes: string;
  readonly head: string;
  readonly body: string;
}

/** The parts of one message; nothing in them can begin a line of the frame's own. */
export function framedParts(item: FramedItem, nonce: string): FramedParts {
  const sender = labelled(item.from.name, "unnamed");
  const mesh = labelled(item.mesh.slug, "mesh");
  // A comma parts it from the mesh.
  const named = item.topic && labelled(item.topic, "topic").replaceAll(",", "·");
  const topic = item.topic === undefined ? undefined : `#${named || "topic"}`;
  const group = item.group === undefined ? undefined : groupLabel(item.group);
  const kind = item.kind ?? "direct";
  const pairs: [string, string | undefined][] = [
    ["id", item.id],
    ["from", sender],
    [
      "key",
      item.plain || item.from.key === undefined ? undefined : labelled(item.from.key, "unknown"),
    ],
    ["via", item.plain ? `the broker, unverified: ${programOf(item.from)}` : undefined],
    ["mesh", mesh],
    ["kind", item.subtype === undefined ? kind : `${kind}, ${labelled(item.subtype, "other")}`],
    ["topic", topic],
    ["group", group],
    ["time", isoTime(item.createdAt)],
    ["intent", intents[item.intent ?? "inform"]],
    ["answers", item.replyTo],
  ];
  const attributes = pairs
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value}"`)
    .join(" ");
  const place = [topic, mesh].filter((part) => part !== undefined).join(", ");
  const badges = badgesOf(item)
    .map((badge) => `[${badge}] `)
    .join("");
  const text = neutralise(item.text).replaceAll(nonce, "‹marker›");
  return {
    attributes,
    head: `${badges}${sender} (${place}): `,
    body: text.replaceAll("\n", "\n| "),
  };
}

function badgesOf(item: FramedItem): string[] {
  return [
    ...(item.again ? ["AGAIN"] : []),
    ...(item.plain ? ["VIA BROKER UNVERIFIED"] : []),
    ...(item.priority === "now" ? ["URGENT"] : []),
    ...(item.priority === "low" ? ["LOW"] : []),
    ...(item.kind === "broadcast" ? ["BROADCAST"] : []),
    ...(item.group === undefined ? [] : [groupLabel(item.group)]),
    ...(item.subtype === "reminder" ? ["REMINDER"] : []),
  ];
}

const programOf = ({ apiKey, job }: FramedItem["from"]): string =>
  job === undefined ? `API key ${apiKey ?? "unknown"}` : `job ${job}`;

const groupLabel = (path: string): string => `@${labelled(path, "group")}`;

/** To the second; a time that no calendar has is shown as its number. */
const isoTime = (at: number): string =>
  Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().replace(/\.\d+Z$/, "Z") : String(at);
