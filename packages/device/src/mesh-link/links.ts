import { type MemberSecret, type RandomSource, signHello } from "@claudemesh/crypto";
import {
  MeshError,
  type MeshId,
  type PassingEvent,
  PROTOCOL_VERSION,
  type RosterHead,
  type WelcomeFrame,
} from "@claudemesh/protocol";
import { type Client, type ClientOptions, createClient } from "@claudemesh/sdk";
import type { Timer } from "../context.ts";
import { bringBackRoster, restoredHead } from "../restored/bring-back-roster.ts";
import { explainRestored } from "../restored/explain-restored.ts";
import type { HomeStore } from "../store/home-store.ts";
import { forgetCursor, getMembership, type MembershipRow } from "../store/memberships.ts";
import { explainSkew } from "./clock-skew.ts";
import { explainMisdirected } from "./misdirected.ts";
import { explainRekeyed, isRekeyed } from "./rekeyed.ts";
import type { Rosters } from "./rosters.ts";
import { syncRoster } from "./sync-roster.ts";
import { requireSameTerms } from "./welcome-terms.ts";

/** A member's open connection whose roster was verified against mine. */
export interface MeshLink {
  readonly client: Client;
  readonly welcome: WelcomeFrame;
  /** how far the broker's clock is ahead of mine, ms */
  readonly clockAheadMs: number;
}

export interface LinkParts {
  readonly store: HomeStore;
  readonly rosters: Rosters;
  readonly secretOf: (row: MembershipRow) => MemberSecret;
  /** the secret that is to take the place of the membership's, where one is */
  readonly dueSecret: (row: MembershipRow) => MemberSecret | undefined;
  readonly now: () => number;
  readonly random: RandomSource;
  readonly timer: Timer;
  readonly connect: ClientOptions["connect"];
  readonly client: string | undefined;
}

/** Whether a failure is the network's or the broker's passing state: the same may succeed later by itself. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof MeshError &&
  ["cancelled", "offline", "timeout", "unavailable", "internal"].includes(error.code);

/** Opens connections: one shared `call` connection per mesh, `feed` connections for who holds the lease, anonymous ones to join. */
export class Links {
  readonly #parts: LinkParts;
  readonly #calls = new Map<MeshId, Promise<MeshLink>>();
  /** every client that is not closed, also while it dials */
  readonly #clients = new Set<Client>();
  #isHungUp = false;
  /** answers a mesh's connection that someone else keeps open, or undefined at once or later where nobody does; it is never closed here */
  lend: (row: MembershipRow) => Promise<MeshLink | undefined> | undefined = () => undefined;

  /** told of each welcome, before anything is asked over the connection */
  welcomed: (row: MembershipRow, welcome: WelcomeFrame) => void = () => {};

  /** told of each entry above `after` that a restored broker was given */
  broughtBack: (row: MembershipRow, link: MeshLink, after: number) => Promise<void> =
    async () => {};

  /** told what passes by on feeds and is not in the log */
  passing: (mesh: MeshId, event: PassingEvent) => void = () => {};

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /** The mesh's connection for calls, opened on first need. Throws `offline` and what the broker or the roster check refuse. */
  async call(row: MembershipRow): Promise<MeshLink> {
    return (await this.lend(row)) ?? this.#own(row);
  }

  #own(row: MembershipRow): Promise<MeshLink> {
    const open = this.#calls.get(row.mesh);
    if (open !== undefined) return open;
    const opening = this.open(row, "call");
    this.#calls.set(row.mesh, opening);
    const forget = () => this.#forget(row.mesh, opening);
    opening.then(({ client }) => ended(client)).then(forget, forget);
    return opening;
  }

  /** Runs `fn` over the mesh's call connection; one that turns out to be lost is not used again. */
  async using<T>(row: MembershipRow, fn: (link: MeshLink) => Promise<T>): Promise<T> {
    const lent = await this.lend(row);
    const opening = lent === undefined ? this.#own(row) : undefined;
    const link = lent ?? (await this.#own(row));
    try {
      return await fn(link);
    } catch (error) {
      if (isUnreachable(error) && opening !== undefined) {
        this.#forget(row.mesh, opening);
        await link.client.close();
      }
      throw explainSkew(error, this.#parts.now());
    }
  }

  /** The call connections that are open now. */
  async opened(): Promise<{ mesh: MeshId; link: MeshLink }[]> {
    const all = await Promise.allSettled(
      [...this.#calls].map(async ([mesh, link]) => ({ mesh, link: await link })),
    );
    return all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }

  /**
   * A member's connection of its own, which the caller closes. A cursor that the broker did not give out, as after its keys were lost, is
   * dropped: the broker then starts from what it knows of this device, and what comes again is recognised.
   */
  async open(row: MembershipRow, purpose: "feed" | "call"): Promise<MeshLink> {
    const { dueSecret, rosters, secretOf, store } = this.#parts;
    const held = rosters.heldBy(row.mesh);
    if (held !== undefined) throw held;
    try {
      return await this.#open(row, purpose, secretOf(row));
    } catch (error) {
      if (isRekeyed(error)) {
        // The broker may have taken the new keys, and its answer was lost.
        const due = dueSecret(row);
        if (due !== undefined) return this.#open(row, purpose, due);
        throw explainRekeyed(error, row);
      }
      const head = restoredHead(error);
      if (head !== undefined && (await this.#bringBack(row, head))) {
        return this.#open(row, purpose, secretOf(row), head);
      }
      const isForeign = error instanceof MeshError && error.code === "cursor_invalid";
      if (!isForeign || forgetCursor(store, row.mesh) === 0) throw error;
      return this.#open(row, purpose, secretOf(row));
    }
  }

  async #open(
    row: MembershipRow,
    purpose: "feed" | "call",
    { signer }: MemberSecret,
    lacked?: RosterHead,
  ): Promise<MeshLink> {
    const { rosters, now } = this.#parts;
    const { client, welcome } = await this.#greet(row, purpose, signer);
    try {
      this.welcomed(row, welcome);
      const head =
        welcome.restored?.confirmed === false
          ? await bringBackRoster(rosters, row.mesh, client, welcome.roster)
          : welcome.roster;
      await syncRoster(rosters, row.mesh, client, head);
      const link = { client, welcome, clockAheadMs: welcome.time - now() };
      const { seq } = lacked ?? welcome.roster;
      if (head.seq > seq) await this.broughtBack(row, link, seq);
      return link;
    } catch (error) {
      await client.close();
      throw explainRestored(explainSkew(error, now()), row, welcome);
    }
  }

  /** A connection over which the broker's roster was not compared with what was verified here; the caller closes it. */
  async unverified(row: MembershipRow): Promise<Client> {
    return (await this.#greet(row, "call", this.#parts.secretOf(row).signer)).client;
  }

  /** Gives a restored broker the entries that it lacks, so that it knows this member. False where it took none. */
  async #bringBack(row: MembershipRow, head: RosterHead): Promise<boolean> {
    const client = await this.anonymous(row.broker);
    try {
      const now = await bringBackRoster(this.#parts.rosters, row.mesh, client, head);
      return now.seq > head.seq;
    } finally {
      await client.close();
    }
  }

  async #greet(
    row: MembershipRow,
    purpose: "feed" | "call",
    signer: MemberSecret["signer"],
  ): Promise<{ readonly client: Client; readonly welcome: WelcomeFrame }> {
    const { store, now } = this.#parts;
    const { mesh, member, device } = row;
    const client = this.#client({
      ...this.#common(row.broker),
      member: {
        purpose,
        sign: ({ challenge, host, at }) =>
          signHello(
            { mesh, member, device, protocol: PROTOCOL_VERSION, host, challenge, at },
            signer,
          ),
        cursor: () => getMembership(store, mesh)?.cursor ?? undefined,
        onPassing: (event) => this.passing(mesh, event),
      },
    });
    try {
      const welcome = await client.ready();
      if (welcome === undefined) throw new MeshError("internal", "the broker sent no welcome");
      if (welcome.mesh !== mesh)
        throw new MeshError("forbidden", "the broker welcomed to another mesh");
      requireSameTerms(welcome, now());
      return { client, welcome };
    } catch (error) {
      await client.close();
      throw explainMisdirected(explainSkew(error, now()));
    }
  }

  /** A connection without a member: for public operations. The caller closes it. */
  async anonymous(url: string): Promise<Client> {
    const client = this.#client(this.#common(url));
    try {
      await client.ready();
      return client;
    } catch (error) {
      await client.close();
      throw explainMisdirected(error);
    }
  }

  /** Ends a mesh's call connection. */
  async end(mesh: MeshId): Promise<void> {
    const open = this.#calls.get(mesh);
    this.#calls.delete(mesh);
    if (open === undefined) return;
    const link = await open.catch(() => undefined);
    await link?.client.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#calls.keys()].map((mesh) => this.end(mesh)));
  }

  /** Closes every connection for good, also those that are still being opened; what waits for them ends with `cancelled`. */
  async hangUp(): Promise<void> {
    this.#isHungUp = true;
    await Promise.all([...this.#clients].map((client) => client.close()));
  }

  #client(options: ClientOptions): Client {
    if (this.#isHungUp) throw new MeshError("cancelled", "stopped");
    const client = createClient(options);
    const close = async () => {
      this.#clients.delete(counted);
      await client.close();
    };
    const counted: Client = { ...client, close, [Symbol.asyncDispose]: close };
    this.#clients.add(counted);
    return counted;
  }

  #forget(mesh: MeshId, opening: Promise<MeshLink>): void {
    if (this.#calls.get(mesh) === opening) this.#calls.delete(mesh);
  }

  #common(url: string): ClientOptions {
    const { now, random, timer, connect, client } = this.#parts;
    return {
      url,
      now,
      random,
      timer,
      reconnect: false,
      ...(connect === undefined ? {} : { connect }),
      ...(client === undefined ? {} : { client }),
    };
  }
}

/** Settles when a client is closed, by whichever side. */
async function ended(client: Client): Promise<void> {
  for await (const { link } of client.states()) if (link === "closed") return;
}
