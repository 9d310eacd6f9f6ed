import { type JsonValue, jcs, sha256, toHex, utf8 } from "@claudemesh/crypto/verify";
import { limits, MeshError, type WireOpName } from "@claudemesh/protocol";
import type { KeyActor } from "../api-keys/key-actor.ts";
import type { Actor } from "../handler.ts";
import type { Store } from "../store/port.ts";

interface Asked {
  readonly actor: Actor & { readonly key: KeyActor };
  readonly idempotency: string;
  readonly name: WireOpName;
  readonly input: unknown;
  readonly at: number;
}

/** Commands that were answered before under the same idempotency key give that answer again. */
export class Idempotent {
  readonly #store: Pick<Store, "read" | "write">;
  readonly #running = new Map<
    string,
    { readonly digest: string; readonly output: Promise<unknown> }
  >();

  constructor(store: Pick<Store, "read" | "write">) {
    this.#store = store;
  }

  /** The first answer, or `run`'s, which is kept if it succeeds. Throws `conflict` where the key came with another request. */
  async once(asked: Asked, run: () => Promise<unknown>): Promise<unknown> {
    const { actor, idempotency, name, input } = asked;
    const digest = toHex(sha256(utf8(jcs([name, input as JsonValue]))));
    const place = { mesh: actor.mesh, key: actor.key.id, idempotency };
    const token = JSON.stringify([place.mesh, place.key, idempotency]);
    const running = this.#running.get(token);
    if (running !== undefined) {
      requireSame(running.digest, digest);
      return await running.output;
    }
    const output = this.#run({ ...place, digest, at: asked.at }, run);
    this.#running.set(token, { digest, output });
    try {
      return await output;
    } finally {
      this.#running.delete(token);
    }
  }

  async #run(
    place: Omit<Parameters<Store["write"]["keepAnswer"]>[0], "output">,
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const before = await this.#store.read.apiAnswer(place);
    if (before !== undefined) {
      requireSame(before.digest, place.digest);
      return JSON.parse(before.output);
    }
    const output = await run();
    await this.#store.write.keepAnswer({ ...place, output: JSON.stringify(output) });
    return output;
  }
}

function requireSame(known: string, digest: string): void {
  if (known === digest) return;
  throw new MeshError("conflict", "idempotency-key: used already for another request");
}

/** The idempotency key of a request's header. Throws `malformed` for what is too long or empty. */
export function idempotencyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  if (text.length >= 1 && text.length <= limits.idempotencyKey) return text;
  throw new MeshError(
    "malformed",
    `idempotency-key: expected 1 to ${limits.idempotencyKey} characters`,
  );
}
