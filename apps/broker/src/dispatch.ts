import { newRequestId, type Roster } from "@claudemesh/crypto/verify";
import {
  type AnyOp,
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
import type { Audit } from "./audit.ts";
import type { Actor, Caller, Handlers, MemberContext, Services, Waiting } from "./handler.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { requirePermission } from "./permissions.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface DispatchOptions {
  readonly services: Services;
  readonly handlers: Handlers;
  readonly limits: Readonly<Record<LimitClass, RateLimit>>;
  readonly metrics: Metrics;
  readonly audit: Audit;
  readonly log: Logger;
  /** check what handlers answer against its schema; for tests */
  readonly checkOutput: boolean;
}

/** One call as it came off the wire. */
export interface Call {
  readonly op: string;
  readonly input: unknown;
  /** the input is what the operation's schema would give */
  readonly isChecked: boolean;
  readonly caller: Caller;
  readonly actor: Actor | undefined;
  readonly signal: Waiting;
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
    const { audit, metrics, services } = this.#options;
    if (!isWireOp(call.op)) {
      throw new MeshError("upgrade_required", "this broker does not know that operation", {
        detail: { op: call.op },
      });
    }
    const name = call.op;
    const declared: AnyOp = ops[name];
    const began = services.now();
    try {
      const output = await this.#answer(name, declared, call);
      metrics.call(name, "ok", services.now() - began);
      if (declared.kind === "command") audit.record({ op: name, actor: call.actor, at: began });
      return output;
    } catch (error) {
      const answer = this.#asDeclared(error, name, declared);
      metrics.call(name, answer.code, services.now() - began);
      throw answer;
    }
  }

  async #answer(name: WireOpName, declared: AnyOp, call: Call): Promise<unknown> {
    const { checkOutput, handlers, limits, services } = this.#options;
    const { actor, caller, signal } = call;
    const member = declared.scope === "member" ? requireActor(actor) : undefined;
    limits[declared.limit].take(member ? this.#subject(member) : caller.address);
    const input = call.isChecked ? call.input : parseInput(declared.input, call.input);
    const membership = member && (this.#membershipNow(member) ?? (await this.#membership(member)));
    if (membership !== undefined && declared.needs !== undefined) {
      requirePermission(membership.roster, membership.actor.member, declared.needs);
    }
    const context = {
      ...services,
      caller,
      signal,
      fail: (code: ErrorCode, message: string, extras?: ErrorExtras) =>
        new MeshError(code, message, extras),
      ...membership,
    };
    const handler = handlers[name] as unknown as (input: unknown, ctx: unknown) => Promise<unknown>;
    const output = await handler(input, context);
    if (!checkOutput) return output;
    return declared.output.parse(output);
  }

  /** Who a member's calls are counted for: made once per connection, so that it is hashed once. */
  #subject(actor: Actor): string {
    const known = this.#subjects.get(actor);
    if (known !== undefined) return known;
    const subject = `${actor.mesh} ${actor.member}`;
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
  #asDeclared(error: unknown, op: WireOpName, declared: AnyOp): MeshError {
    if (error instanceof MeshError) {
      const { code } = error;
      const common: readonly ErrorCode[] = commonCodes;
      if (code !== "internal" && (common.includes(code) || declared.errors.includes(code))) {
        return error;
      }
    }
    const requestId = newRequestId(this.#options.services.random);
    this.#options.log.error("call failed", { requestId, op, cause: error });
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
