import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { errorTable, InviteId, MeshError } from "@claudemesh/protocol";
import type { Logger } from "./logger.ts";
import { styleSheet } from "./pages/layout.ts";
import { goneInvitePage, homePage, joinPage } from "./pages/pages.ts";

export interface HttpOptions {
  readonly hosts: () => readonly string[];
  readonly publicUrl: () => string;
  /** why the broker cannot serve now; empty when it can */
  readonly unready: () => Promise<readonly string[]>;
  readonly log: Logger;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
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
const failure = (error: MeshError, status = errorTable[error.code].http): Answer =>
  json(status, { error: error.toBody() });

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
export function httpServer(options: HttpOptions): Server {
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 2_000,
      requireHostHeader: true,
    },
    (request, response) => {
      // Nothing here reads a body; what is sent all the same is thrown away.
      request.resume();
      answer(request, options)
        .catch((cause: unknown) => {
          options.log.error("request failed", { path: request.url, cause });
          return failure(new MeshError("internal", "something unexpected; see the broker's log"));
        })
        .then((found) => write(request, response, found));
    },
  );
  server.maxHeadersCount = 100;
  server.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  return server;
}

async function answer(request: IncomingMessage, options: HttpOptions): Promise<Answer> {
  const { method = "", url = "/" } = request;
  const path = url.split(/[?#]/)[0] ?? "/";
  if (method !== "GET" && method !== "HEAD") {
    const refused = new MeshError("malformed", "method: only GET and HEAD are answered here");
    return { ...failure(refused, 405), headers: { Allow: "GET, HEAD" } };
  }
  if (path === "/health") return json(200, { status: "ok" });
  if (path === "/health/ready") {
    const reasons = await options.unready();
    return json(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
  }
  if (!options.hosts().includes((request.headers.host ?? "").toLowerCase())) {
    return failure(new MeshError("wrong_host", "this broker is not known by that host name"), 421);
  }
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

function write(request: IncomingMessage, response: ServerResponse, found: Answer): void {
  const { status, type, body, headers } = found;
  response.writeHead(status, {
    ...securityHeaders,
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
