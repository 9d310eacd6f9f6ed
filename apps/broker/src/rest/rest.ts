import type { IncomingMessage } from "node:http";
import { toBase64 } from "@claudemesh/crypto/verify";
import { MeshError, nouns, TopicId } from "@claudemesh/protocol";
import type { KeyCaller } from "../api-keys/key-actor.ts";
import type { BrokerConfig } from "../config/settings.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Caller } from "../handler.ts";
import { answerPost } from "../jobs/webhook/answer-post.ts";
import { hookPath } from "../jobs/webhook/spec.ts";
import type { ClientAddresses } from "../limits/client-address.ts";
import { traceParentOf } from "../observe/trace-parent.ts";
import { topicNamed } from "../ops/topic/topic-named.ts";
import { authenticate, type KeyDoor } from "./authenticate.ts";
import { documentAt } from "./documents.ts";
import { Idempotent, idempotencyOf } from "./idempotent.ts";
import { type RawInput, readBody, readQuery } from "./read-input.ts";
import { type Exchange, replyDocument, replyError, replyJson } from "./reply.ts";
import { type FoundRoute, findRoute, type RestTarget } from "./route-table.ts";
import { type StreamParts, stream } from "./stream.ts";

export interface RestOptions extends StreamParts {
  readonly dispatch: Pick<Dispatch, "call">;
  readonly door: KeyDoor;
  readonly hosts: () => readonly string[];
  readonly addresses: ClientAddresses;
}

type OpTarget = Extract<RestTarget, { kind: "op" }>;

/** The broker's answers under `/v1`: what is declared, to those who bear an API key. */
export class Rest {
  readonly #options: RestOptions;
  readonly #config: BrokerConfig;
  readonly #idempotent: Idempotent;

  constructor(options: RestOptions) {
    this.#options = options;
    this.#config = options.services.config;
    this.#idempotent = new Idempotent(options.services.store);
  }

  /** Answers one request, whatever it holds; never rejects. */
  async answer(path: string, exchange: Exchange): Promise<void> {
    try {
      await this.#lead(path, exchange);
    } catch (error) {
      replyError(exchange, this.#asRefusal(error, path, exchange));
    }
  }

  async #lead(path: string, exchange: Exchange): Promise<void> {
    const { request } = exchange;
    const document = documentAt(path);
    if (document !== undefined && (request.method === "GET" || request.method === "HEAD")) {
      replyDocument(exchange, await document());
      return;
    }
    if (path.startsWith(hookPath)) {
      await answerPost(path, exchange, this.#options.services.jobs);
      return;
    }
    const found = findRoute(request.method ?? "GET", path);
    if ("allow" in found) {
      const refused = new MeshError("malformed", "method: not one of those that this path takes", {
        detail: { reason: "method" },
      });
      replyError(exchange, refused, { Allow: found.allow });
      return;
    }
    const { target } = found;
    const address = this.#options.addresses.client(request);
    const actor = await authenticate(request, address, this.#options.door);
    if (actor !== undefined) this.#options.services.keyPresence.saw(actor);
    if (target.kind === "stream") {
      if (actor === undefined) throw noKey();
      await stream(target.declared, found, exchange, actor, this.#options);
      return;
    }
    const output = await this.#call(target, found, { exchange, actor, address });
    replyJson(exchange, output, target.declared.kind === "query" && found.method === "GET");
  }

  async #call(
    { name, declared }: OpTarget,
    found: FoundRoute,
    by: {
      readonly exchange: Exchange;
      readonly actor: KeyCaller | undefined;
      readonly address: string;
    },
  ): Promise<unknown> {
    const { dispatch, services } = this.#options;
    const { actor, exchange } = by;
    const { request, requestId } = exchange;
    if (declared.scope !== "public" && actor === undefined) throw noKey();
    const given =
      found.method === "GET"
        ? readQuery(request.url ?? "", declared)
        : await readBody(request, this.#config.frameBytes);
    const idempotency = declared.kind === "command" ? this.#idempotencyOf(request) : undefined;
    const isOwn = name === nouns.message.post.name;
    const own = isOwn && idempotency !== undefined ? { idempotencyKey: idempotency } : {};
    if (given.idempotencyKey !== undefined && isOwn && idempotency !== undefined) {
      if (given.idempotencyKey !== idempotency) {
        throw new MeshError("malformed", "idempotencyKey: not the one in the header");
      }
    }
    const input = { ...given, ...own, ...(await this.#params(found, actor)) };
    const caller = this.#caller(by);
    const signal = { aborted: false };
    exchange.response.once("close", () => {
      signal.aborted = true;
    });
    const call = () =>
      dispatch.call({
        requestId,
        op: name,
        input,
        isChecked: false,
        caller,
        actor,
        signal,
        trace: traceParentOf(request.headers.traceparent),
      });
    if (isOwn || idempotency === undefined || actor === undefined) return await call();
    return await this.#idempotent.once(
      { actor, idempotency, name, input, at: services.now() },
      call,
    );
  }

  #idempotencyOf({ headers }: IncomingMessage): string | undefined {
    return idempotencyOf(headers["idempotency-key"]);
  }

  /** A topic in a path is named as people name it. */
  async #params({ params }: FoundRoute, actor: KeyCaller | undefined): Promise<RawInput> {
    const { services } = this.#options;
    if (params.topic === undefined || actor === undefined) return params;
    const topic = await topicNamed(params.topic, { ...services, actor });
    if (topic === undefined && !TopicId.safeParse(params.topic).success) {
      throw new MeshError("not_found", "topic: there is no topic of that name");
    }
    return { ...params, topic: topic ?? params.topic };
  }

  /** Proofs over HTTP can be bound to nothing that their maker was told, so that the challenge is one that nobody knows. */
  #caller({
    actor,
    address,
    exchange,
  }: {
    readonly actor: KeyCaller | undefined;
    readonly address: string;
    readonly exchange: Exchange;
  }): Caller {
    const { hosts, services } = this.#options;
    return {
      connection: actor?.key.id ?? exchange.requestId,
      address,
      challenge: toBase64(services.random(32)),
      hosts: hosts(),
    };
  }

  #asRefusal(error: unknown, path: string, { requestId }: Exchange): MeshError {
    if (error instanceof MeshError) return error;
    this.#options.log.error("request failed", { requestId, path, cause: error });
    return new MeshError("internal", "something unexpected; the broker's log has the cause");
  }
}

const noKey = (): MeshError =>
  new MeshError("unauthorized", "an API key is needed: Authorization: Bearer cm_…", {
    hint: "a member makes one with: claudemesh apikey create <name>",
  });
