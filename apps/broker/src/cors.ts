import type { IncomingMessage } from "node:http";
import { isAllowedOrigin } from "./hosts.ts";

export interface CrossOrigin {
  readonly hosts: () => readonly string[];
  /** other sites whose pages may ask */
  readonly origins: readonly string[];
}

/** Whether a request may come from where it says: no page's, one of the broker's own, or of a site that the operator allows. */
export function isFromAllowedPage({ headers }: IncomingMessage, { hosts, origins }: CrossOrigin) {
  return headers.origin === undefined || isAllowedOrigin(headers.origin, hosts(), origins);
}

/** The headers that let an allowed site's page read an answer (Fetch Standard, CORS protocol). Never with credentials: tokens are sent by hand. */
export function corsHeaders(
  { headers, method }: IncomingMessage,
  { origins }: CrossOrigin,
): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origins.length === 0) return {};
  if (origin === undefined || !origins.includes(origin)) return { Vary: "Origin" };
  const preflight = {
    "Access-Control-Allow-Headers":
      "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, traceparent",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Max-Age": "600",
  };
  return {
    Vary: "Origin",
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
    "Cross-Origin-Resource-Policy": "cross-origin",
    ...(method === "OPTIONS" ? preflight : {}),
  };
}
