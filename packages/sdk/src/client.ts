import { MeshError } from "@claudemesh/protocol";
import { relieve } from "./back-pressure.ts";
import { CallTable } from "./call-table.ts";
import { callTree } from "./call-tree.ts";
import { askWhy } from "./dial-failure.ts";
import { parseEndpoint } from "./endpoint.ts";
import { Feed } from "./feed.ts";
import { Latest } from "./latest.ts";
import { Link } from "./link.ts";
import { callRequest, receiptRequest } from "./requests.ts";
import { SessionGate } from "./session-gate.ts";
import { platformTimer } from "./timer.ts";
import type { Client, ClientOptions, LinkState } from "./types.ts";

const usualCallMs = 30_000;
const usualConnectMs = 10_000;
const closingError = (): MeshError => new MeshError("cancelled", "the client was closed");

/** Opens a connection to a broker and keeps it open. Throws `malformed` when the URL is not one of a broker. */
export function createClient(options: ClientOptions): Client {
  const endpoint = parseEndpoint(options.url);
  const timer = options.timer ?? platformTimer;
  const callTimeoutMs = options.callTimeoutMs ?? usualCallMs;
  const state = new Latest<LinkState>({ link: "connecting", attempt: 1 });
  const gate = new SessionGate(timer);
  const isFeed = options.member?.purpose === "feed";

  const link: Link = new Link(
    {
      endpoint,
      member: options.member,
      client: options.client,
      now: options.now,
      random: options.random,
      timer,
      connect: options.connect ?? ((url) => new WebSocket(url)),
      explain:
        options.connect === undefined ? (signal) => askWhy(endpoint.httpUrl, signal) : undefined,
      reconnect: options.reconnect ?? true,
      connectTimeoutMs: options.connectTimeoutMs ?? usualConnectMs,
    },
    {
      state: (next) => {
        if (next.link !== "open") gate.shut();
        if (next.link === "closed") state.end(next);
        else state.set(next);
      },
      opened: (session) => {
        if (isFeed && session.welcome !== undefined) feed.begin(session.welcome.position.epoch);
        gate.open(session);
        calls.release();
        calls.flush();
      },
      reply: (id, outcome) => calls.settle(id, outcome),
      event: (event, chars) => {
        if (isFeed) feed.offer(event, chars);
      },
      passing: (event) => {
        if (isFeed) options.member?.onPassing?.(event);
      },
      lost: (error) => {
        calls.lost(error);
        relieve(link, feed, calls);
      },
      ended: (error) => {
        gate.end(error);
        feed.end(false);
        calls.refuse(error, true);
      },
    },
  );
  const calls: CallTable = new CallTable({
    now: options.now,
    timer,
    callTimeoutMs,
    line: () => link.line,
    offline: () => link.reason,
    silent: () => link.suspect(),
    changed: () => {
      if (calls.size === 0) idle?.resolve();
      relieve(link, feed, calls);
    },
  });
  const feed: Feed = new Feed(() => relieve(link, feed, calls));
  let idle: PromiseWithResolvers<void> | undefined;

  const call: Client["call"] = async (name, input, how) =>
    calls.request(callRequest(name, input), how);

  const close = async (): Promise<void> => {
    link.end(closingError());
    feed.end(true);
    await link.gone();
  };

  link.dial();
  return {
    ...callTree(call),
    host: endpoint.host,
    call,
    ready: () => gate.first,
    challenge: () => {
      if (link.phase === "paused") link.dial();
      return gate.challenge(callTimeoutMs, () => link.reason);
    },
    events: () => feed.read(),
    acknowledge: async (stored) => {
      const { epoch } = feed;
      const refuse = (): MeshError | undefined =>
        stored.seq === undefined || epoch === undefined || epoch === feed.epoch
          ? undefined
          : new MeshError(
              "cursor_invalid",
              "the log began a new epoch: the position means nothing",
            );
      return calls.request(receiptRequest(stored, refuse));
    },
    states: () => state.watch(),
    drain: async () => {
      calls.refuse(closingError(), false);
      idle ??= Promise.withResolvers<void>();
      if (calls.size > 0) await idle.promise;
      await close();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
