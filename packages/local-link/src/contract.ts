import { MeshId, MessageId, parse } from "@claudemesh/protocol";
import { z } from "zod";
import { HookBody, HookDone, NewsAsked, PipeBody, PipeDone } from "./agent-bodies.ts";
import { paths } from "./paths.ts";
import { DaemonStatus, Hello } from "./status.ts";

/** What a route is asked with and answers. `text` and `stream` answers are written as they are. */
interface RouteSpec {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly input: z.ZodType;
  readonly answer: "json" | "stream" | "text";
  readonly output: z.ZodType;
}

const route = <const R extends RouteSpec>(spec: R): Readonly<R> => Object.freeze(spec);

const nothing = z.strictObject({});

/** Every route of the daemon besides the operations, which are `POST /v1/ops/<name>`. Sorted; the daemon's table has one handler for each. */
export const routes = {
  /** an agent's hook speaks; answers exactly what the hook prints */
  agentHook: route({
    ...paths.agentHook,
    input: HookBody,
    answer: "text",
    output: z.string(),
  }),
  /** the hook has printed what it was answered: from then on it counts as handed over */
  agentHookDone: route({
    ...paths.agentHookDone,
    input: HookDone,
    answer: "json",
    output: nothing,
  }),
  /** what a session without hooks is told beside a tool's answer: a text, which may be empty */
  agentNews: route({
    ...paths.agentNews,
    input: NewsAsked,
    answer: "text",
    output: z.string(),
  }),
  /** a push-pipe stays connected; the answer is lines of JSON */
  agentPipe: route({
    ...paths.agentPipe,
    input: PipeBody,
    answer: "stream",
    output: z.never(),
  }),
  /** a push-pipe says what became of a delivery */
  agentPipeDone: route({
    ...paths.agentPipeDone,
    input: PipeDone,
    answer: "json",
    output: nothing,
  }),
  /** ends what this reader's calls wait for; each of them answers as it would at a Ctrl-C */
  cancel: route({
    ...paths.cancel,
    input: nothing,
    answer: "json",
    output: nothing,
  }),
  /** says that what `message.inbox` answered was shown */
  confirm: route({
    ...paths.confirm,
    input: z.strictObject({
      way: z.string().max(40).optional(),
      ids: z.array(MessageId).max(10_000).optional(),
    }),
    answer: "json",
    output: z.object({ count: z.int() }),
  }),
  drain: route({
    ...paths.drain,
    input: z.strictObject({ meshes: z.array(z.string().max(200)).max(1_000).optional() }),
    answer: "json",
    output: nothing,
  }),
  /** server-sent events: what happens, for whoever looks on; nothing is kept for who was away */
  events: route({
    ...paths.events,
    input: nothing,
    answer: "stream",
    output: z.never(),
  }),
  hello: route({
    ...paths.hello,
    input: nothing,
    answer: "json",
    output: Hello,
  }),
  /** the broker of this home's own meshes, started on first need */
  personal: route({
    ...paths.personal,
    input: nothing,
    answer: "json",
    output: z.object({ url: z.string() }),
  }),
  rebase: route({
    ...paths.rebase,
    input: z.strictObject({ mesh: MeshId, url: z.string().max(2_000) }),
    answer: "json",
    output: nothing,
  }),
  status: route({
    ...paths.status,
    input: nothing,
    answer: "json",
    output: DaemonStatus,
  }),
  /** ends the daemon after this answer; what is acknowledged is stored */
  stop: route({
    ...paths.stop,
    input: nothing,
    answer: "json",
    output: nothing,
  }),
  whoami: route({
    ...paths.whoami,
    input: nothing,
    answer: "json",
    output: z.unknown(),
  }),
} as const;

export type RouteName = keyof typeof routes;
export type RouteInput<R extends RouteName> = z.output<(typeof routes)[R]["input"]>;
export type RouteOutput<R extends RouteName> = z.output<(typeof routes)[R]["output"]>;

/** What a route answered. Throws `malformed` where that is not its form. */
export const readOutput = <R extends RouteName>(name: R, value: unknown): RouteOutput<R> =>
  parse(routes[name].output as z.ZodType, value, name) as RouteOutput<R>;
