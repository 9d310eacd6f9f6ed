import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerOptions,
} from "node:http";
import { createServer as createTlsServer, type Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { type ErrorCode, MeshError } from "@claudemesh/protocol";

export type WebServer = HttpServer | HttpsServer;

export interface WebServerOptions {
  /** how long the head of a request, or the agreement on TLS, may take */
  readonly headersMs: number;
  /** requests that carry bytes of files, which end themselves when nothing comes; they have this long in all */
  readonly longMs: number;
  readonly isLong: (request: IncomingMessage) => boolean;
  /** with it the server speaks TLS itself */
  readonly tls: SecureContextOptions | undefined;
  /** sockets in all */
  readonly mostSockets: number;
  /** takes every socket before anything is read from it */
  readonly admit: (socket: Socket) => void;
}

/** What breaks the protocol below a request, with the status that says so (RFC 9110, RFC 6585). */
const brokenBy: Readonly<Record<string, readonly [status: string, ErrorCode, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "timeout", "the request took too long"],
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "too_large", "headers: too large"],
};

const broken = ["400 Bad Request", "malformed", "this is not an HTTP request"] as const;

/** An HTTP or HTTPS server that waits for nobody longer than it says and answers what is no request in the one error shape. */
export function webServer(options: WebServerOptions, listener: RequestListener): WebServer {
  const { admit, headersMs, isLong, longMs, mostSockets, tls } = options;
  const wholeMs = 2 * headersMs;
  const settings: ServerOptions = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: headersMs,
    requestTimeout: Math.max(wholeMs, longMs),
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: Math.min(2_000, headersMs),
    requireHostHeader: true,
  };
  const bounded: RequestListener = (request, response) => {
    if (hasBody(request) && !isLong(request)) endIfLate(server, request, wholeMs);
    listener(request, response);
  };
  const server: WebServer =
    tls === undefined
      ? createServer(settings, bounded)
      : createTlsServer({ ...settings, ...tls, handshakeTimeout: headersMs }, bounded);
  server.maxHeadersCount = 100;
  server.maxConnections = mostSockets;
  server.on("connection", admit);
  // Where there is no TLS yet nothing can be told, and an answer would keep the socket for ever.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const [status, code, message] = brokenBy[error.code ?? ""] ?? broken;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const body = `${JSON.stringify({ error: new MeshError(code, message).toBody() })}\n`;
    const head = [
      `HTTP/1.1 ${status}`,
      "Connection: close",
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    // A client that does not hang up itself must not keep the socket.
    socket.once("finish", () => socket.destroy());
    socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  });
  return server;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** Has a request whose body takes longer than `ms` end as one whose head did. */
function endIfLate(server: WebServer, request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => {
    if (request.complete) return;
    const late = Object.assign(new Error("late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
    server.emit("clientError", late, request.socket);
  }, ms);
  request.once("close", () => clearTimeout(timer));
}
