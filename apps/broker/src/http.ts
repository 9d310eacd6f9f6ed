import type { IncomingMessage } from "node:http";
import { errorTable, InviteId, MeshError } from "@claudemesh/protocol";
import { type BlobRoute, isBlobPath } from "./blob/blob-route.ts";
import { type CrossOrigin, corsHeaders, isFromAllowedPage } from "./cors.ts";
import { isForHost } from "./hosts.ts";
import { type ClientAddresses, isOwnMachine, networkOf } from "./limits/client-address.ts";
import type { Logger } from "./logger.ts";
import type { ProcessMetrics } from "./metrics.ts";
import { styleSheet } from "./pages/layout.ts";
import { goneInvitePage, homePage, joinPage } from "./pages/pages.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Exchange } from "./rest/reply.ts";
import type { Rest } from "./rest/rest.ts";
import { type WebServer, type WebServerOptions, webServer } from "./web-server.ts";

export interface HttpOptions {
  readonly server: WebServerOptions;
  readonly crossOrigin: CrossOrigin;
  readonly addresses: ClientAddresses;
  /** connections and requests, by address */
  readonly rate: RateLimit;
  readonly metrics: ProcessMetrics;
  readonly metricsText: () => string;
  readonly mayReadMetrics: (request: IncomingMessage) => boolean;
  /** a monotonic clock, ms */
  readonly ticks: () => number;
  readonly hosts: () => readonly string[];
  readonly publicUrl: () => string;
  /** why the broker cannot serve now; empty when it can */
  readonly unready: () => Promise<readonly string[]>;
  /** what is away without which the broker works, if later */
  readonly degraded: () => readonly string[];
  /** the public half of the key that signs the heads of audit chains */
  readonly auditKey: string;
  /** takes and gives the bytes of files */
  readonly blobs: Pick<BlobRoute, "answer">;
  /** answers what is asked under `/v1/` */
  readonly rest: Pick<Rest, "answer">;
  /** a fresh id for a request, by which the log's lines about it are found */
  readonly newRequestId: () => string;
  readonly log: Logger;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | MeshError;
  readonly headers?: Readonly<Record<string, string>>;
}

const html = (status: number, body: string): Answer => ({
  status,
  type: "text/html; charset=utf-8",
  body,
});
const json = (status: number, value: unknown): Answer => ({
  status,
  type: "application/json",
  body: `${JSON.stringify(value)}\n`,
});
const failure = (error: MeshError, status = errorTable[error.code].http): Answer => ({
  status,
  type: "application/json",
  body: error,
});

const pathOf = (request: IncomingMessage): string => (request.url ?? "/").split(/[?#]/)[0] ?? "/";

const securityHeaders = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
} as const;

/** The broker's HTTP side: health, the pages behind links, and one error shape for everything else. */
export function httpServer(options: HttpOptions): WebServer {
  const { crossOrigin, log, metrics, ticks } = options;
  const isTls = options.server.tls !== undefined;
  return webServer(options.server, (request, response) => {
    // Nothing but what lies under /v1/ reads a body; what is sent all the same is thrown away.
    if (!isRest(request)) request.resume();
    const began = ticks();
    const requestId = options.newRequestId();
    // Asked for now: a socket that has ended has no address, and may be gone.
    const address = options.addresses.client(request);
    response.setHeader("X-Request-Id", requestId);
    if (isTls) response.setHeader("Strict-Transport-Security", "max-age=31536000");
    response.once("close", () => {
      const ms = Math.round((ticks() - began) * 1_000) / 1_000;
      const { method } = request;
      const status = response.headersSent ? response.statusCode : errorTable.cancelled.http;
      metrics.request(status, ms);
      log.debug("request", { requestId, method, path: pathOf(request), status, ms, address });
    });
    admitted(request, address, options)
      .catch((cause: unknown) => {
        if (cause instanceof MeshError) {
          return failure(cause, cause.code === "wrong_host" ? 421 : undefined);
        }
        log.error("request failed", { requestId, path: pathOf(request), cause });
        return failure(new MeshError("internal", "something unexpected; see the broker's log"));
      })
      .then((found) => {
        const headers = { ...securityHeaders, ...corsHeaders(request, crossOrigin) };
        const exchange = { request, response, requestId, headers };
        const path = pathOf(request);
        if (found === "rest") {
          return (isBlobPath(path) ? options.blobs : options.rest).answer(path, exchange);
        }
        return write(exchange, found);
      });
  });
}

/** Lets through to the routes only what its address may ask and no foreign page asks for. */
async function admitted(
  request: IncomingMessage,
  address: string,
  options: HttpOptions,
): Promise<Answer | "rest"> {
  const { crossOrigin, mayReadMetrics, metrics, metricsText, rate } = options;
  try {
    if (!isOwnMachine(address)) rate.take(networkOf(address));
  } catch (error) {
    metrics.drop("address_rate");
    throw error;
  }
  if (!isFromAllowedPage(request, crossOrigin)) {
    metrics.drop("forbidden_origin");
    throw new MeshError("forbidden", "pages of that origin may not use this broker");
  }
  if (request.method === "OPTIONS" && request.headers.origin !== undefined) {
    return { status: 200, type: "text/plain", body: "" };
  }
  if (pathOf(request) === "/metrics" && request.method === "GET") {
    if (mayReadMetrics(request)) {
      return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: metricsText() };
    }
    const refused = new MeshError("unauthorized", "metrics are for this machine, or with a token");
    return { ...failure(refused), headers: { "WWW-Authenticate": "Bearer" } };
  }
  if (!isRest(request)) return await answer(request, options);
  requireKnownHost(request, options);
  return "rest";
}

const isRest = (request: IncomingMessage): boolean => pathOf(request).startsWith("/v1/");

function requireKnownHost(request: IncomingMessage, { hosts, metrics }: HttpOptions): void {
  if (isForHost(request, hosts())) return;
  metrics.drop("unknown_host");
  throw new MeshError("wrong_host", "this broker is not known by that host name");
}

async function answer(request: IncomingMessage, options: HttpOptions): Promise<Answer> {
  const { method = "" } = request;
  const path = pathOf(request);
  if (method !== "GET" && method !== "HEAD") {
    const refused = new MeshError("malformed", "method: only GET and HEAD are answered here");
    return { ...failure(refused, 405), headers: { Allow: "GET, HEAD" } };
  }
  if (path === "/health") return json(200, { status: "ok", auditKey: options.auditKey });
  if (path === "/health/ready") {
    const reasons = await options.unready();
    const degraded = options.degraded();
    const ready = reasons.length === 0;
    const less = degraded.length === 0 ? {} : { degraded };
    return json(ready ? 200 : 503, { ready, reasons, ...less });
  }
  requireKnownHost(request, options);
  return resource(path, request, options.publicUrl());
}

function resource(path: string, request: IncomingMessage, publicUrl: string): Answer {
  if (path === "/") return html(200, homePage(publicUrl));
  if (path === "/style.css") {
    return { status: 200, type: "text/css; charset=utf-8", body: styleSheet };
  }
  if (path.startsWith("/i/")) {
    const invite = InviteId.safeParse(path.slice(3));
    if (invite.success) return html(200, joinPage(publicUrl, invite.data));
  }
  if (path === "/join" || path.startsWith("/join/")) return goneInvite(request);
  return failure(new MeshError("not_found", "there is nothing at that path"));
}

function goneInvite(request: IncomingMessage): Answer {
  if ((request.headers.accept ?? "").includes("text/html")) return html(410, goneInvitePage());
  return failure(
    new MeshError("invite_v1_gone", "invites of version 1 are no longer accepted", {
      hint: "ask the inviter for a new link",
    }),
  );
}

/** In whole seconds, as HTTP has it (RFC 9110, section 10.2.3). */
function retryAfter(content: string | MeshError): Readonly<Record<string, string>> {
  const ms = typeof content === "string" ? undefined : content.retryAfterMs;
  return ms === undefined ? {} : { "Retry-After": String(Math.ceil(ms / 1_000)) };
}

function write(
  { request, response, requestId, headers: common }: Exchange,
  { status, type, body: content, headers }: Answer,
): void {
  if (!request.complete) request.resume();
  const body =
    typeof content === "string"
      ? content
      : `${JSON.stringify({ error: { ...content.toBody(), requestId } })}\n`;
  response.writeHead(status, {
    ...common,
    ...retryAfter(content),
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
