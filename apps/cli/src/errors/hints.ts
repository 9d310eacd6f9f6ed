import { type ErrorCode, type MeshError, names } from "@claudemesh/protocol/light";
import { shellWord } from "../runner/shell-word.ts";
import { shownAs, type Verb } from "../runner/verb.ts";

/** What is known where an error is shown. */
export interface ErrorContext {
  /** how a person calls this program */
  readonly call: string;
  readonly argv: readonly string[];
  readonly verb?: Verb;
  readonly home: string;
  /** how many meshes this home is in, where that is known */
  readonly meshes?: number;
}

type Hint = (context: ErrorContext, error: MeshError) => string | undefined;

const askForLink: Hint = () => "ask whoever invited you for a new link";
const ifJoining =
  (hint: Hint): Hint =>
  (context, error) =>
    isJoin(context.verb) ? hint(context, error) : undefined;

/** The next step for each code, where whoever threw it gave none. */
const hints: { readonly [C in ErrorCode]?: Hint } = {
  address_in_use: ({ call, verb }, { detail }) => {
    const port = typeof detail?.port === "number" && detail.port < 65_535 ? detail.port + 1 : 7900;
    return `take another port: ${call} ${verb ? shownAs(verb) : "up"} --port ${port}`;
  },
  agent_missing: () => "install it with npm install -g @anthropic-ai/claude-code",
  already_member: ({ call }) => `see your meshes: ${call} list`,
  bad_signature: ({ call, verb }) =>
    isJoin(verb) ? "copy the whole link again, to its last character" : `look closer: ${call} ping`,
  cancelled: ({ call, verb }, { detail }) =>
    typeof detail?.id === "string"
      ? `see how far it is: ${call} why ${detail.id.slice(-8)}`
      : isJoin(verb)
        ? "run it again to go on; a join that had arrived is found again"
        : cutTransfer(call, verb),
  clock_skew: (_, { detail }) =>
    typeof detail?.brokerAt === "number" || typeof detail?.serverTime === "number"
      ? "set this machine's clock, then run it again"
      : "compare this machine's clock with the broker's, set the wrong one, and run it again",
  disk_full: () => "free some space and run it again; nothing was lost",
  exhausted: askForLink,
  expired: ifJoining(askForLink),
  forbidden: ({ call }) => `see who may: ${call} member list`,
  home_damaged: (context) =>
    startsBroker(context.verb)
      ? `restore it from a backup, or start anew in an empty folder: ${otherFolder(context)}`
      : `restore ${context.home} from a backup, or set CLAUDEMESH_HOME to another folder`,
  in_use: (context) =>
    `stop the other process first, or take another folder: ${otherFolder(context)}`,
  internal: ({ call, argv }) =>
    argv.includes("--verbose") || argv.includes("-v")
      ? undefined
      : `run it again with --verbose to see the cause: ${[call, ...argv.map(shellWord)].join(" ")} --verbose`,
  log_mismatch: () => "the broker's operator must restore its log; tell them",
  malformed: ifJoining((_, { message }) =>
    /invite/.test(message) ? "copy the whole link again, to its last character" : undefined,
  ),
  no_recipient: ({ call }, { detail }) =>
    Array.isArray(detail?.known) && detail.known.length === 0
      ? `invite someone: ${call} invite`
      : `see who is there: ${call} member list`,
  not_found: ifJoining(askForLink),
  not_member: ({ call }) => `see your meshes: ${call} list`,
  not_writable: (context, { message }) =>
    startsBroker(context.verb) && !message.includes(context.home)
      ? `check its owner and permissions, or take another folder: ${otherFolder(context)}`
      : notWritableHome(context),
  offline: ({ call, verb }) =>
    isJoin(verb)
      ? "ask whoever invited you whether the broker runs and is reachable from here; the link stays good"
      : `start the broker where it runs with ${call} up, or look closer with ${call} ping`,
  rate_limited: (_, { retryAfterMs }) =>
    retryAfterMs === undefined
      ? "wait a moment and run it again"
      : `run it again in ${Math.ceil(retryAfterMs / 1000)} s`,
  revoked: ({ call, verb }) =>
    isJoin(verb)
      ? "ask whoever invited you for a new link"
      : `see where each stands: ${call} invite list`,
  roster_conflict: () => "someone else changed the mesh at the same moment; run it again",
  roster_stale: () => "the mesh has changed meanwhile; run it again",
  timeout: ({ call }) => `look closer: ${call} ping`,
  too_large: () => "send it in parts",
  unavailable: () => "wait a moment and run it again",
  upgrade_required: () => "upgrade claudemesh on the older side",
  wrong_host: ({ call }) =>
    `dial the address in the broker's invite links, or have its operator start it with: ${call} up --public-url <url>`,
};

const otherFolder = ({ call, verb }: ErrorContext): string =>
  `${call} ${verb ? shownAs(verb) : "up"} --data <folder>`;

const notWritableHome = ({ home }: ErrorContext): string =>
  `check the owner and permissions of ${home}, or set CLAUDEMESH_HOME to another folder`;

const startsBroker = (verb: Verb | undefined): boolean =>
  verb !== undefined && "local" in verb.does && ["broker-start", "up"].includes(verb.does.local);

const joining: readonly string[] = [names.invite.claim, names.invite.preview];

const isJoin = (verb: Verb | undefined): boolean =>
  verb !== undefined && "op" in verb.does && joining.includes(verb.does.op);

/** How a transfer goes on that was stopped. */
const cutTransfer = (call: string, verb: Verb | undefined): string | undefined => {
  const op = verb !== undefined && "op" in verb.does ? verb.does.op : undefined;
  if (op === names.file.get) return "run it again to go on where it was";
  return op === names.file.share
    ? `run it again to go on where it was, or take it back: ${call} file progress names it`
    : undefined;
};

/** The exact next step: a corrected command where the nearest name is known, what the thrower said, or the table's line. */
export function hintFor(error: MeshError, context: ErrorContext): string | undefined {
  const mended = correctedCommand(error, context);
  if (mended) return `did you mean: ${mended}`;
  if (error.code === "not_found" && context.meshes === 0 && !isJoin(context.verb)) {
    return `start a mesh here with ${context.call} up, or enter one with ${context.call} join <link>`;
  }
  if (error.hint !== undefined && error.code !== "address_in_use")
    return asCalled(error.hint, context.call);
  return hints[error.code]?.(context, error);
}

function correctedCommand(error: MeshError, { argv, call }: ErrorContext): string | undefined {
  const { didYouMean, elsewhere } = error.detail ?? {};
  if (typeof elsewhere === "string") {
    const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
    return [call, ...argv.toSpliced(end, 0, "--mesh", elsewhere).map(shellWord)].join(" ");
  }
  if (typeof didYouMean !== "string") return undefined;
  const wrong = /there is no (.+?) (?:here|in the mesh)[;,]/.exec(error.message)?.[1];
  const at = argv.findIndex((word) => word === wrong || word === `--mesh=${wrong}`);
  const typed = argv[at];
  if (typed === undefined || wrong === undefined) return undefined;
  const words = argv.with(at, typed.slice(0, -wrong.length) + didYouMean);
  return [call, ...words.map(shellWord)].join(" ");
}

/** Others name the program `claudemesh`; a person who runs it by npx gets commands that work as they stand. */
const asCalled = (hint: string, call: string): string =>
  call === "claudemesh"
    ? hint
    : hint.replaceAll(/(?<![\w/.-]|npx )claudemesh (?=[a-z])/g, `${call} `);
