import type { Roster } from "@claudemesh/crypto/verify";
import {
  type AnyOp,
  type AuditCaller,
  commonCodes,
  type ErrorCode,
  type ErrorExtras,
  isWireOp,
  type LimitClass,
  MeshError,
  malformed,
  ops,
  type WireOpName,
} from "@claudemesh/protocol";
import type { z } from "zod";
import { requireCapable, requireReach } from "./api-keys/require-reach.ts";
import type { Audit } from "./audit/audit.ts";
import type { Actor, Caller, Handlers, MemberContext, Services, Waiting } from "./handler.ts";
import { networkOf } from "./limits/client-address.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { signalTo } from "./nodes/signals.ts";
import type { CallObserver } from "./observe/call-observer.ts";
import type { TraceParent } from "./observe/trace-parent.ts";
import { requirePermission } from "./permissions.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Store } from "./store/port.ts";

export interface DispatchOptions {
  readonly services: Services;
  readonly handlers: Handlers;
  readonly limits: Readonly<Record<Exclude<LimitClass, "none">, RateLimit>>;
  readonly metrics: Metrics;
  /** a monotonic clock, ms */
  readonly ticks: () => number;
  readonly observer: CallObserver | undefined;
  /** whether the process holds more memory than it may */
  readonly memory: { readonly isOver: boolean };
  /** of operations that have a rate of their own besides that of their kind */
  readonly ownLimits: ReadonlyMap<string, RateLimit>;
  readonly audit: Audit;
  readonly log: Logger;
  /** check what handlers answer against its schema; for tests */
  readonly checkOutput: boolean;
}

/** One call as it came off the wire. */
export interface Call {
  /** names the call in logs and in the error that it may be answered with */
  readonly requestId: string;
  readonly op: string;
  readonly input: unknown;
  /** the input is what the operation's schema would give */
  readonly isChecked: boolean;
  readonly caller: Caller;
  readonly actor: Actor | undefined;
  readonly signal: Waiting;
  /** where the caller's own trace stands, if it said so */
  readonly trace?: TraceParent | undefined;
}

/** Leads calls from a name on the wire to its handler; knows no operation by name. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #subjects = new WeakMap<Actor, string>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** The operation's output. Throws nothing but `MeshError`, and of those only what the operation declares. */
  async call(call: Call): Promise<unknown> {
    const { audit, metrics, observer, services, ticks } = this.#options;
    if (!isWireOp(call.op)) {
      throw new MeshError("upgrade_required", "this broker does not know that operation", {
        detail: { op: call.op },
      });
    }
    const name = call.op;
    const declared: AnyOp = ops[name];
    const began = ticks();
    const ended = observer?.(call);
    try {
      const output = await this.#answer(name, declared, call);
      metrics.call(name, "ok", ticks() - began);
      ended?.("ok");
      if (declared.audit === true && call.actor !== undefined) {
        audit.record(call.actor.mesh);
        services.bus.publish(signalTo(call.actor.mesh, "audit"), "");
      }
      return output;
    } catch (error) {
      const answer = this.#asDeclared(error, call, declared);
      metrics.call(name, answer.code, ticks() - began);
      ended?.(answer.code);
      throw answer;
    }
  }

  async #answer(name: WireOpName, declared: AnyOp, call: Call): Promise<unknown> {
    const { checkOutput, handlers, limits, ownLimits, services } = this.#options;
    const { actor, caller, signal } = call;
    const member = declared.scope === "public" ? undefined : requireActor(actor);
    if (declared.limit === "join") this.#requireMemory();
    const subject = member ? this.#subject(member) : networkOf(caller.address);
    if (declared.limit !== "none") limits[declared.limit].take(subject);
    ownLimits.get(name)?.take(subject);
    if (member !== undefined) requireCapable(declared, member);
    const input = call.isChecked ? call.input : parseInput(declared.input, call.input);
    const membership = member && (this.#membershipNow(member) ?? (await this.#membership(member)));
    if (membership !== undefined) requireReach(declared, membership, input);
    if (membership !== undefined && declared.needs !== undefined) {
      requirePermission(membership.roster, membership.actor.member, declared.needs);
    }
    const context = {
      ...services,
      caller,
      signal,
      fail: (code: ErrorCode, message: string, extras?: ErrorExtras) =>
        new MeshError(code, message, extras),
      ...(declared.audit === true ? { store: auditedStore(services.store, name, actor) } : {}),
      ...membership,
    };
    const handler = handlers[name] as unknown as (input: unknown, ctx: unknown) => Promise<unknown>;
    const output = await handler(input, context);
    if (!checkOutput) return output;
    return declared.output.parse(output);
  }

  /** Who is there already goes on; nothing new is begun while memory is short. */
  #requireMemory(): void {
    if (!this.#options.memory.isOver) return;
    throw new MeshError("unavailable", "the broker holds all the memory that it may", {
      retryAfterMs: 5_000,
    });
  }

  /** Who a member's calls are counted for: made once per connection, so that it is hashed once. */
  #subject(actor: Actor): string {
    const known = this.#subjects.get(actor);
    if (known !== undefined) return known;
    const subject = `${actor.mesh} ${actor.key?.id ?? actor.member}`;
    this.#subjects.set(actor, subject);
    return subject;
  }

  /** Without waiting, when the roster is in memory. */
  #membershipNow(actor: Actor): MemberContext | undefined {
    const roster = this.#options.services.rosters.loaded(actor.mesh);
    return roster && requireMember(actor, roster);
  }

  async #membership(actor: Actor): Promise<MemberContext> {
    return requireMember(actor, await this.#options.services.rosters.open(actor.mesh));
  }

  /** What was not foreseen is answered with a request id; its cause is the operator's only. */
  #asDeclared(error: unknown, { op, requestId }: Call, declared: AnyOp): MeshError {
    const { log } = this.#options;
    if (error instanceof MeshError) {
      const { code, message } = error;
      const common: readonly ErrorCode[] = commonCodes;
      if (code !== "internal" && (common.includes(code) || declared.errors.includes(code))) {
        log.debug("call refused", { requestId, op, code, message });
        return error;
      }
    }
    log.error("call failed", { requestId, op, cause: error });
    return new MeshError("internal", "something unexpected; the broker's log has the cause", {
      requestId,
    });
  }
}

function requireMember(actor: Actor, roster: Roster): MemberContext {
  if (roster.isMember(actor.member)) return { actor, roster };
  throw new MeshError("not_member", "the caller is not a member of the mesh any more");
}

function requireActor(actor: Actor | undefined): Actor {
  if (actor !== undefined) return actor;
  throw new MeshError("unauthorized", "this connection has not said who it is");
}

/** A text over its limit is `too_large`; any other misfit is `malformed`. Both name the field. */
function parseInput(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const error = malformed(result.error, "input");
  const first = result.error.issues[0];
  if (first?.code !== "too_big" || first.origin !== "string") throw error;
  throw new MeshError("too_large", error.message, error.detail ? { detail: error.detail } : {});
}

/** The store for one call: what is written through it names the call in the audit chain. */
function auditedStore(store: Store, op: WireOpName, actor: Actor | undefined): Store {
  const by = actor && callerOf(actor);
  return { ...store, write: store.writesFor({ op, by }) };
}

const callerOf = ({ member, device, key }: Actor): AuditCaller =>
  key === undefined ? { member, device } : { member, apiKey: key.id };
