import { z } from "zod";
import type { AnyOp, KeyRule } from "./op.ts";
import { LogPlace } from "./shapes/api-key.ts";

export interface RestRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** path parameters stand in braces and are input fields; `{topic}` is a topic's name or id */
  readonly path: string;
  readonly params: readonly string[];
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The REST route of an operation: its own, or `POST /v1/ops/<name>`. Throws on a declaration whose `rest` is not `"METHOD /path"`. */
export function restRoute(declared: AnyOp): RestRoute {
  const text = declared.rest ?? `POST /v1/ops/${declared.name}`;
  const [verb, path] = text.split(" ");
  const method = methods.find((known) => known === verb);
  if (!method || !path?.startsWith("/"))
    throw new TypeError(`${declared.name}: bad rest "${text}"`);
  const params = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1] as string);
  return { method, path, params };
}

const query = z.strictObject({
  after: LogPlace.optional().describe(
    "begin after this cursor; the header Last-Event-ID says the same and goes before",
  ),
});

/** A stream of server-sent events over HTTP, for API keys. */
export interface RestStream {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly key: KeyRule;
  readonly query: typeof query;
}

/** Every stream, with what a key needs for it. */
export const restStreams: readonly RestStream[] = [
  {
    name: "topic.stream",
    path: "/v1/topics/{topic}/stream",
    summary: "Follow a topic: each message once, in order",
    key: { needs: "read", reach: "topic" },
    query,
  },
  {
    name: "mesh.events",
    path: "/v1/events",
    summary: "Follow all topics that the key has, in one stream",
    key: { needs: "read", reach: "any" },
    query,
  },
];
