import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { newRequestId, toBase64 } from "@claudemesh/crypto/verify";
import { type ErrorCode, errorTable, MeshError } from "@claudemesh/protocol";
import { WebSocketServer } from "ws";
import { Connection } from "./connection.ts";
import type { ConnectionParts } from "./connection-parts.ts";
import { isAllowedOrigin, isForHost } from "./hosts.ts";
import { type ClientAddresses, isOwnMachine, networkOf } from "./limits/client-address.ts";
import { LateAnswers } from "./limits/late-answers.ts";
import type { MemoryBound } from "./limits/memory.ts";
import type { DropReason } from "./observe/drops.ts";
import type { RateLimit } from "./rate-limit.ts";
import { authenticate, type KeyDoor } from "./rest/authenticate.ts";
import { ExternalConnection, type ExternalParts } from "./rest/external-connection.ts";
import type { Timer } from "./timer.ts";

export interface UpgradeOptions {
  readonly parts: ConnectionParts;
  readonly hosts: () => readonly string[];
  readonly isStopping: () => boolean;
  readonly addresses: ClientAddresses;
  /** connections and requests, by address */
  readonly rate: RateLimit;
  readonly memory: MemoryBound;
  readonly door: KeyDoor;
  readonly external: ExternalParts;
  readonly timer: Timer;
}

const path = "/v1/ws";

/** Turns HTTP requests into connections (RFC 6455, section 4.2), or refuses them before anything is spent on them. */
export function upgradeHandler(options: UpgradeOptions) {
  const { addresses, hosts, isStopping, memory, parts, rate } = options;
  const { connections, greeter, log, metrics } = parts;
  const { config, random } = greeter.services;
  const late = new LateAnswers(options.timer);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: config.frameBytes,
  });

  const refusalOf = (request: IncomingMessage): MeshError | undefined => {
    const { origin } = request.headers;
    const dropped = (reason: DropReason, error: MeshError): MeshError => {
      metrics.drop(reason);
      return error;
    };
    if ((request.url ?? "").split("?")[0] !== path) {
      return new MeshError("not_found", `connections are opened at ${path}`);
    }
    if (isStopping()) return new MeshError("unavailable", "the broker stops");
    if (!isForHost(request, hosts())) {
      return dropped(
        "unknown_host",
        new MeshError("wrong_host", "this broker is not known by that host name"),
      );
    }
    if (origin !== undefined && !isAllowedOrigin(origin, hosts(), config.origins)) {
      return dropped(
        "forbidden_origin",
        new MeshError("forbidden", "pages of that origin may not connect to this broker"),
      );
    }
    if (memory.isOver) {
      const message = "the broker holds all the memory that it may";
      return dropped("memory", new MeshError("unavailable", message, { retryAfterMs: 5_000 }));
    }
    return undefined;
  };

  /** Counts the connection for its address; throws `rate_limited`. */
  const admit = (address: string): void => {
    try {
      if (!isOwnMachine(address)) rate.take(networkOf(address));
    } catch (error) {
      metrics.drop("address_rate");
      throw error;
    }
    if (connections.admit(address)) return;
    metrics.drop("too_many_connections");
    throw new MeshError("rate_limited", "too many connections", { retryAfterMs: 1_000 });
  };

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    const address = addresses.client(request);
    const connection = newRequestId(random);
    try {
      const refusal = refusalOf(request);
      if (refusal !== undefined) throw refusal;
      admit(address);
    } catch (error) {
      const refusal = error as MeshError;
      const { code, message } = refusal;
      log.debug("connection refused", { requestId: connection, address, code, message });
      const answer = () => refuse(socket, refusal, connection);
      if (code === "rate_limited") late.give(socket, answer);
      else answer();
      return;
    }
    const abandon = () => connections.abandon(address);
    socket.once("close", abandon);
    const caller = { connection, address, challenge: toBase64(random(32)), hosts: hosts() };
    if (request.headers.authorization !== undefined) {
      // It counts for its address as long as it is open, since no member vouches for it.
      authenticate(request, address, options.door)
        .then((actor) => {
          if (actor === undefined || socket.destroyed) return;
          server.handleUpgrade(request, socket, head, (webSocket) => {
            const line = { socket: webSocket, stream: socket };
            void new ExternalConnection(line, actor, caller, options.external).start(
              new URLSearchParams(request.url?.split("?")[1]).get("after") ?? undefined,
            );
          });
        })
        .catch((error: unknown) => refuse(socket, asRefusal(error), connection));
      return;
    }
    server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off("close", abandon);
      connections.add(new Connection(webSocket, socket, caller, parts));
    });
  };
}

const asRefusal = (error: unknown): MeshError =>
  error instanceof MeshError
    ? error
    : new MeshError("unavailable", "the broker cannot tell whose key that is right now", {
        cause: error,
      });

function refuse(socket: Duplex, error: MeshError, requestId: string): void {
  const body = JSON.stringify({ error: { ...error.toBody(), requestId } });
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
      `X-Request-Id: ${requestId}`,
      "",
      body,
    ].join("\r\n"),
  );
}
