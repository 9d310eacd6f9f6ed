import type { z } from "zod";
import type { CommonCode, ErrorCode } from "./errors.ts";
import type { Opened } from "./sealed.ts";
import type { ApiKeyCapability } from "./shapes/api-key.ts";
import type { RecordRule } from "./shapes/record.ts";
import type { PermissionName } from "./shapes/role.ts";

/** Who may call: anyone, a member of the connection's mesh, an API key of the mesh, or only this device (no wire form). */
export type Scope = "public" | "member" | "key" | "device";

/** What an API key needs for an operation, and how far that reaches: `topic` asks that the input's `topic` is one of the key's, `mesh` that the key has the whole mesh. */
export interface KeyRule {
  readonly needs: ApiKeyCapability;
  readonly reach: "topic" | "mesh" | "any";
}

/** The rate-limit class; the broker's configuration gives each its bucket. `none` is for what others wait for and what is bounded otherwise. */
export type LimitClass = "read" | "write" | "message" | "join" | "presence" | "none";

/** How an operation reads on the command line. Field names become flags; help comes from `summary` and `.describe()`. */
export interface CliSpec {
  /** fields given by position, in order; the last may end in `...` to take the rest of the line */
  readonly args?: readonly string[];
  /** what follows the verb in the example that help and errors show, as it is typed in a shell */
  readonly example?: string;
  /** spellings at the top level, kept for ever */
  readonly alias?: readonly string[];
  /** what is typed to confirm before a loss, as a field name; off a terminal `--yes` is required */
  readonly confirm?: string;
  /** what is asked at a terminal before it is done, to be answered with yes; where nobody can be asked it is done */
  readonly asks?: string;
  /** one of the eight that the main help shows, in this order */
  readonly primary?: number;
  /** goes on until it is stopped: asked again with the answer's `seq` as `after`, unless `wait` was given */
  readonly live?: true;
  /** fields that are paths on the caller's machine: made absolute where the verb is typed */
  readonly here?: readonly string[];
  /** whose exit code it is when the answer's `ok` is false */
  readonly failsAs?: ErrorCode;
}

interface OpSpec {
  readonly name: `${string}.${string}`;
  /** a query changes nothing and may be repeated freely */
  readonly kind: "query" | "command";
  /** the protocol version that introduced it */
  readonly since: number;
  readonly scope: Scope;
  readonly limit: LimitClass;
  /** a rate of its own besides that of its kind, per member, key or address; the operator may set another */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** imperative, capital, one line, no full stop: help, tool text and reference docs */
  readonly summary: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly errors: readonly ErrorCode[];
  /** the permission that its caller must have in the mesh; what signed entries say is judged by the roster instead */
  readonly needs?: PermissionName;
  /** what an API key must have to call it for its owner; without it none may */
  readonly key?: KeyRule;
  /** what it does to a record of shared data; its input then has `signed` */
  readonly record?: RecordRule;
  /** a change of the mesh: its rows of the audit chain name the call and who made it */
  readonly audit?: true;
  /** the edge's view, where it is not the wire view with sealed fields opened */
  readonly open?: {
    readonly input: z.ZodObject;
    readonly output: z.ZodType;
    /** fields of the wire that the edge calls something else: an error about one is told in the edge's word */
    readonly names?: Readonly<Record<string, string>>;
  };
  /** `"METHOD /path"`; without it `POST /v1/ops/<name>` */
  readonly rest?: string;
  readonly cli?: CliSpec;
  /** the agent tool's name */
  readonly tool?: string;
  /** a tool that is for whoever asks for it: no schedule calls it */
  readonly attended?: true;
  /** called again in place of a call whose end nobody knows, it does nothing twice; so are queries, and writes of records */
  readonly again?: true;
}

/** Declares an operation: the one value from which every surface is derived. */
export const op = <const S extends OpSpec>(spec: S): Readonly<S> => Object.freeze(spec);

/** Any declared operation, with its literal types forgotten. */
export type AnyOp = Readonly<OpSpec>;

/** The wire view. */
export type InputOf<O extends AnyOp> = z.output<O["input"]>;
export type OutputOf<O extends AnyOp> = z.output<O["output"]>;

/** On the wire the connection says which mesh is meant; at the edge a field does. */
type OfMesh<O extends AnyOp> = O extends { scope: "member" } ? { mesh?: string } : unknown;

/** The edge's view: what a caller gives and gets at a device. */
export type OpenInputOf<O extends AnyOp> = O extends { open: { input: infer I extends z.ZodType } }
  ? z.input<I>
  : Opened<InputOf<O>> & OfMesh<O>;
export type OpenParsedOf<O extends AnyOp> = O extends { open: { input: infer I extends z.ZodType } }
  ? z.output<I>
  : Opened<InputOf<O>>;
export type OpenOutputOf<O extends AnyOp> = O extends {
  open: { output: infer P extends z.ZodType };
}
  ? z.output<P>
  : Opened<OutputOf<O>>;

/** The codes that a handler of this operation may throw. */
export type CodeOf<O extends AnyOp> = CommonCode | O["errors"][number];
