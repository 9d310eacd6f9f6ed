import type { IncomingMessage } from "node:http";
import { limits, MeshError } from "@claudemesh/protocol";
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
  const body = await rawBody(request);
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

/** The bytes as they came, which is what is signed. Throws `too_large` as soon as they are. */
async function rawBody(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => new MeshError("too_large", `body: more than ${limits.webhookBytes} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > limits.webhookBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.webhookBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
