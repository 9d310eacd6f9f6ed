import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { headers, opsPath, type RouteName, routes } from "@claudemesh/local-link";
import { type EdgeOpName, edgeOpNames, MeshError, parse } from "@claudemesh/protocol";
import type { DaemonContext } from "../daemon-context.ts";
import { routeHandlers } from "../routes/index.ts";
import type { Caller as RouteCaller, RouteHandler } from "../routes/route-handler.ts";
import { requireLocalProgram } from "./guard.ts";
import { readBody } from "./read-body.ts";
import { streamSink } from "./stream-sink.ts";

const mostConnections = 1_024;
const edgeOps: ReadonlySet<string> = new Set(edgeOpNames);
const routeOf: ReadonlyMap<string, RouteName> = new Map(
  (Object.keys(routes) as RouteName[]).map((name) => [
    `${routes[name].method} ${routes[name].path}`,
    name,
  ]),
);

/** The server of the local link; it is not listening yet. */
export function createLocalServer(ctx: DaemonContext): Server {
  const server = createServer((request, response) => {
    answer(request, response, ctx).catch((error) => fail(error, response, ctx));
  });
  // A caller may take its time between an answer and its confirmation.
  server.keepAliveTimeout = 0;
  server.maxConnections = mostConnections;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ctx: DaemonContext,
): Promise<void> {
  requireLocalProgram(request);
  const { method = "", url = "" } = request;
  const body = method === "GET" ? {} : await readBody(request);
  const agentSession = field(request, headers.session);
  const defaultBroker = field(request, headers.broker);
  const defaultName = field(request, headers.name);
  const trace = field(request, headers.trace);
  const caller = ctx.readers.of(request.socket, field(request, headers.reader), {
    ...(agentSession === undefined ? {} : { agentSession }),
    ...(defaultBroker === undefined ? {} : { defaultBroker }),
    ...(defaultName === undefined ? {} : { defaultName }),
    ...(trace === undefined ? {} : { trace }),
  });
  if (method === "POST" && url.startsWith(opsPath)) {
    const name = url.slice(opsPath.length);
    if (!edgeOps.has(name)) throw new MeshError("not_found", "the daemon has no such operation");
    const output = await caller.reader.call(name as EdgeOpName, body as never);
    return sendJson(response, 200, output, caller.takeNotes());
  }
  const route = routeOf.get(`${method} ${url}`);
  if (route === undefined) throw new MeshError("not_found", "the daemon has no such route");
  await answerRoute(route, body, { reader: caller.reader, agentSession }, response, ctx);
}

async function answerRoute<R extends RouteName>(
  name: R,
  body: unknown,
  caller: RouteCaller,
  response: ServerResponse,
  ctx: DaemonContext,
): Promise<void> {
  const spec = routes[name];
  const input = parse(spec.input, body, name);
  const handler = routeHandlers[name] as unknown as RouteHandler<"events">;
  const result: unknown = await handler(input as never, caller, ctx);
  if (typeof result === "function") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    (result as (sink: ReturnType<typeof streamSink>) => void)(streamSink(response));
  } else if (typeof result === "string") {
    response.writeHead(200, {
      "content-type": "text/plain; charset=utf-8",
      "content-length": Buffer.byteLength(result),
    });
    response.end(result);
  } else {
    sendJson(response, 200, result);
  }
}

const mostFieldChars = 2_000;

/** A header field of ours, decoded. Throws `malformed`. */
function field(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  try {
    if (typeof value === "string" && value.length <= mostFieldChars)
      return decodeURIComponent(value);
  } catch {
    // Said below.
  }
  throw new MeshError("malformed", `${name}: not a percent-encoded text`);
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  notes: readonly string[] = [],
): void {
  if (response.destroyed || response.headersSent) return;
  const text = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...(notes.length === 0 ? {} : { [headers.notes]: encodeURIComponent(JSON.stringify(notes)) }),
  });
  response.end(text);
}

function fail(thrown: unknown, response: ServerResponse, ctx: DaemonContext): void {
  const known = thrown instanceof MeshError;
  if (!known) {
    const cause = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    ctx.log("warn", "something unexpected happened", { cause });
  }
  const error = known
    ? thrown
    : new MeshError("internal", "something unexpected happened in the daemon", {
        hint: "claudemesh daemon logs has the cause",
      });
  // What was not read of the body stays unread: the connection cannot serve another request.
  if (error.code === "too_large") response.setHeader("connection", "close");
  sendJson(response, error.row.http, { error: error.toBody() });
}
