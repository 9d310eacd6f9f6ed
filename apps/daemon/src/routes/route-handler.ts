import type { Reader } from "@claudemesh/device";
import type { RouteInput, RouteName, RouteOutput, routes } from "@claudemesh/local-link";
import type { DaemonContext } from "../daemon-context.ts";
import type { StreamSink } from "../server/stream-sink.ts";

/** What a handler gets besides its parsed input: who asks. */
export interface Caller {
  readonly reader: Reader;
  /** the agent session that the request names */
  readonly agentSession: string | undefined;
}

type Answers = {
  json: unknown;
  text: string;
  /** takes the open answer; what is written to it is the stream */
  stream: (sink: StreamSink) => void;
};

type AnswerOf<R extends RouteName> = (typeof routes)[R]["answer"] extends "json"
  ? RouteOutput<R>
  : Answers[(typeof routes)[R]["answer"]];

/** Answers one route: parsed input in, JSON, text or a stream out. Throws `MeshError`. */
export type RouteHandler<R extends RouteName> = (
  input: RouteInput<R>,
  caller: Caller,
  ctx: DaemonContext,
) => Promise<AnswerOf<R>> | AnswerOf<R>;

/** One handler per route of the contract: a missing one does not compile. */
export type RouteHandlers = { readonly [R in RouteName]: RouteHandler<R> };
