import type {
  AnyOp,
  CodeOf,
  InputOf,
  OpenInputOf,
  OpenOutputOf,
  OpenParsedOf,
  OutputOf,
} from "./op.ts";
import * as alias from "./ops/alias.ts";
import * as apikey from "./ops/apikey.ts";
import * as audit from "./ops/audit.ts";
import * as backup from "./ops/backup.ts";
import * as clock from "./ops/clock.ts";
import * as context from "./ops/context.ts";
import * as delivery from "./ops/delivery.ts";
import * as device from "./ops/device.ts";
import * as file from "./ops/file.ts";
import * as grant from "./ops/grant.ts";
import * as group from "./ops/group.ts";
import * as guard from "./ops/guard.ts";
import * as invite from "./ops/invite.ts";
import * as keys from "./ops/keys.ts";
import * as mailbox from "./ops/mailbox.ts";
import * as member from "./ops/member.ts";
import * as memory from "./ops/memory.ts";
import * as mesh from "./ops/mesh.ts";
import * as message from "./ops/message.ts";
import * as notification from "./ops/notification.ts";
import * as peer from "./ops/peer.ts";
import * as peerfile from "./ops/peerfile.ts";
import * as roster from "./ops/roster.ts";
import * as schedule from "./ops/schedule.ts";
import * as search from "./ops/search.ts";
import * as session from "./ops/session.ts";
import * as skill from "./ops/skill.ts";
import * as state from "./ops/state.ts";
import * as stats from "./ops/stats.ts";
import * as status from "./ops/status.ts";
import * as stream from "./ops/stream.ts";
import * as summary from "./ops/summary.ts";
import * as task from "./ops/task.ts";
import * as topic from "./ops/topic.ts";
import * as vault from "./ops/vault.ts";
import * as visible from "./ops/visible.ts";
import * as watch from "./ops/watch.ts";
import * as webhook from "./ops/webhook.ts";

/** Every noun with its operations, one line each, sorted. */
export const nouns = {
  alias,
  apikey,
  audit,
  backup,
  clock,
  context,
  delivery,
  device,
  file,
  grant,
  group,
  guard,
  invite,
  keys,
  mailbox,
  member,
  memory,
  mesh,
  message,
  notification,
  peer,
  peerfile,
  roster,
  schedule,
  search,
  session,
  skill,
  state,
  stats,
  status,
  stream,
  summary,
  task,
  topic,
  vault,
  visible,
  watch,
  webhook,
} as const;

type Nouns = typeof nouns;
type Declared = { [F in keyof Nouns]: Nouns[F][keyof Nouns[F]] }[keyof Nouns];

export type OpName = Declared["name"];
export type Op<N extends OpName> = Extract<Declared, { name: N }>;

/** Operations that the broker answers; the others live on the device alone. */
export type WireOpName = Exclude<Declared, { scope: "device" }>["name"];

/** Operations with a form at the edge: those with an opened view of their own, and those whose wire view serves. */
export type Input<N extends OpName> = InputOf<Op<N>>;
export type Output<N extends OpName> = OutputOf<Op<N>>;
export type OpenInput<N extends OpName> = OpenInputOf<Op<N>>;
export type OpenParsed<N extends OpName> = OpenParsedOf<Op<N>>;
export type OpenOutput<N extends OpName> = OpenOutputOf<Op<N>>;
export type Code<N extends OpName> = CodeOf<Op<N>>;

/** Operation name to declaration, sorted by name. */
export const ops: { readonly [N in OpName]: Op<N> } = Object.fromEntries(
  Object.values(nouns)
    .flatMap((family) => Object.values(family) as AnyOp[])
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((declared) => [declared.name, declared]),
) as { [N in OpName]: Op<N> };

export const opNames = Object.keys(ops) as readonly OpName[];

/** Whether `name` is an operation; for names that come off the wire. */
export const isOpName = (name: string): name is OpName => Object.hasOwn(ops, name);

/** Whether the broker answers `name`. */
export const isWireOp = (name: string): name is WireOpName =>
  isOpName(name) && ops[name].scope !== "device";

type Verb<N extends OpName, F extends string> = N extends `${F}.${infer V}` ? V : never;

/** A typed tree of methods over `Names`: `tree.task.claim(input)`. */
export type Methods<Names extends OpName, F extends { [N in Names]: unknown }> = {
  readonly [Noun in Names extends `${infer H}.${string}` ? H : never]: {
    readonly [N in Names as Verb<N, Noun>]: F[N];
  };
};

/** The wire view as a client: what the SDK offers. */
export type WireClient = Methods<
  WireOpName,
  { [N in WireOpName]: (input: Input<N>) => Promise<Output<N>> }
>;

/** The opened view of every operation: what a device offers, in process or over its socket. */
export type DeviceApi = Methods<
  EdgeOpName,
  { [N in EdgeOpName]: (input: OpenInput<N>) => Promise<OpenOutput<N>> }
>;

/** Operations that people and agents call. What only devices say to brokers (no `open`, no `cli`, no `tool`) is left out. */
export type EdgeOpName = Extract<
  Declared,
  { open: unknown } | { cli: unknown } | { tool: unknown }
>["name"];

/** The names behind `WireOpName` and `EdgeOpName`. */
export const wireOpNames = opNames.filter(isWireOp);
export const edgeOpNames = opNames.filter((name): name is EdgeOpName => {
  const declared: AnyOp = ops[name];
  return Boolean(declared.open ?? declared.cli ?? declared.tool);
});
