import type { IncomingMessage, ServerResponse } from "node:http";
import { sha256, toBase64, utf8 } from "@claudemesh/crypto/verify";
import { errorTable, type MeshError } from "@claudemesh/protocol";
import type { Document } from "./documents.ts";

/** One answer on its way: who asked, under which id. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** what every answer of this server bears */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers with JSON. */
export const replyJson = (exchange: Exchange, value: unknown, isRepeatable: boolean): void =>
  reply(exchange, { type: "application/json", body: `${JSON.stringify(value)}\n` }, isRepeatable);

/** Answers with what is the same for everyone. */
export const replyDocument = (exchange: Exchange, document: Document): void =>
  reply(exchange, document, true);

/** What may be asked again bears a tag of its content, and is not sent twice. */
function reply(
  { request, response, headers }: Exchange,
  { type, body, headers: own }: Document,
  isRepeatable: boolean,
): void {
  const tag = isRepeatable ? `"${toBase64(sha256(utf8(body))).slice(0, 22)}"` : undefined;
  const tagged = tag === undefined ? {} : { ETag: tag, "Cache-Control": "private, no-cache" };
  if (tag !== undefined && isNamed(tag, request.headers["if-none-match"])) {
    response.writeHead(304, { ...headers, ...tagged });
    response.end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    ...own,
    ...tagged,
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

const isNamed = (tag: string, said: string | undefined): boolean =>
  said?.split(",").some((one) => one.trim().replace(/^W\//, "") === tag || one.trim() === "*") ??
  false;

/** Answers with the one error shape. */
export function replyError(
  { request, response, requestId, headers }: Exchange,
  error: MeshError,
  extra: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `${JSON.stringify({ error: { ...error.toBody(), requestId } })}\n`;
  const { code, retryAfterMs } = error;
  // What is left of a body is not read, so that the line cannot be used again.
  const isUnread = !request.complete && request.method !== "GET" && request.method !== "HEAD";
  response.writeHead(statusOf(error), {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    ...(code === "unauthorized" ? { "WWW-Authenticate": 'Bearer realm="claudemesh"' } : {}),
    ...(retryAfterMs === undefined
      ? {}
      : { "Retry-After": String(Math.ceil(retryAfterMs / 1_000)) }),
    ...(isUnread ? { Connection: "close" } : {}),
    ...extra,
  });
  response.end(request.method === "HEAD" ? undefined : body);
  if (isUnread) request.resume();
}

function statusOf({ code, detail }: MeshError): number {
  if (detail?.reason === "method") return 405;
  if (detail?.reason === "media_type") return 415;
  return errorTable[code].http;
}
