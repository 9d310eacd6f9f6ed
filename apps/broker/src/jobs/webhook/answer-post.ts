import { limits, MeshError } from "@claudemesh/protocol";
import { readBytes } from "../../rest/read-bytes.ts";
import { type Exchange, replyError } from "../../rest/reply.ts";
import type { Jobs } from "../jobs.ts";
import { hookPath } from "./spec.ts";

/** Answers what other systems post to a webhook: 202 with the message's id once it is stored. */
export async function answerPost(path: string, exchange: Exchange, jobs: Jobs): Promise<void> {
  const { request, response, headers } = exchange;
  if (request.method !== "POST") {
    const refused = new MeshError("malformed", "method: a webhook is posted to", {
      detail: { reason: "method" },
    });
    replyError(exchange, refused, { Allow: "POST" });
    return;
  }
  const body = await readBytes(request, limits.webhookBytes);
  const taken = await jobs.takePost({
    id: path.slice(hookPath.length),
    headers: request.headers,
    body,
  });
  const text = `${JSON.stringify(taken)}\n`;
  response.writeHead(202, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
