import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { newRequestId, toBase64 } from "@claudemesh/crypto/verify";
import { type ErrorCode, errorTable, MeshError } from "@claudemesh/protocol";
import { WebSocketServer } from "ws";
import { Connection, type ConnectionParts } from "./connection.ts";
import { isAllowedOrigin } from "./hosts.ts";

export interface UpgradeOptions {
  readonly parts: ConnectionParts;
  readonly hosts: () => readonly string[];
  readonly isStopping: () => boolean;
}

const path = "/v1/ws";

/** Turns HTTP requests into connections (RFC 6455, section 4.2), or refuses them before anything is spent on them. */
export function upgradeHandler({ parts, hosts, isStopping }: UpgradeOptions) {
  const { connections, greeter } = parts;
  const { config, random } = greeter.services;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.frameBytes,
  });

  const refusalOf = (request: IncomingMessage): MeshError | undefined => {
    const { host = "", origin } = request.headers;
    if ((request.url ?? "").split("?")[0] !== path) {
      return new MeshError("not_found", `connections are opened at ${path}`);
    }
    if (isStopping()) return new MeshError("unavailable", "the broker stops");
    if (!hosts().includes(host.toLowerCase())) {
      return new MeshError("wrong_host", "this broker is not known by that host name");
    }
    if (origin !== undefined && !isAllowedOrigin(origin, hosts(), config.origins)) {
      return new MeshError("forbidden", "pages of that origin may not connect to this broker");
    }
    return undefined;
  };

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    const address = addressOf(request, config.trustProxy);
    if (!connections.admit(address)) {
      refuse(
        socket,
        new MeshError("rate_limited", "too many connections", { retryAfterMs: 1_000 }),
      );
      return;
    }
    const abandon = () => connections.abandon(address);
    socket.once("close", abandon);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off("close", abandon);
      const caller = {
        connection: newRequestId(random),
        address,
        challenge: toBase64(random(32)),
        hosts: hosts(),
      };
      connections.add(new Connection(webSocket, socket, caller, parts));
    });
  };
}

/** The client's address; behind a trusted proxy the one that the proxy has seen. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = request.headers["x-forwarded-for"];
  const seen = trustProxy
    ? String(forwarded ?? "")
        .split(",")
        .at(-1)
        ?.trim()
    : undefined;
  return seen || (request.socket.remoteAddress ?? "unknown");
}

function refuse(socket: Duplex, error: MeshError): void {
  const body = JSON.stringify({ error: error.toBody() });
  const code: ErrorCode = error.code;
  const status = code === "forbidden" ? 403 : errorTable[code].http;
  // A client that does not hang up itself must not keep the socket.
  socket.once("finish", () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      "Connection: close",
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "X-Content-Type-Options: nosniff",
      "",
      body,
    ].join("\r\n"),
  );
}
