import { generalTopic } from "@claudemesh/crypto";
import { MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { topicRow, topicRows } from "../store/topic-rows.ts";
import { fetchPage } from "../topics/fetch-past.ts";
import { refreshTopics } from "../topics/refresh-topics.ts";
import { describe, type ResolvedTopic } from "../topics/resolve-topic.ts";

/** Pages of one topic that are fetched without anyone asking; what is older comes when somebody looks for it. */
const mostPages = 500;
const usualPauseMs = 1_000;

/** Brings the past of the topics that this member is in while a connection is open, newest first, so that it is found by a search and shown without the broker. */
export class PastPump {
  readonly #ctx: DeviceContext;
  readonly #mesh: MeshId;
  #link: MeshLink | undefined;

  constructor(ctx: DeviceContext, mesh: MeshId) {
    this.#ctx = ctx;
    this.#mesh = mesh;
  }

  /** A feed is open and has brought everything up to `seq`: from there on nothing is fetched, since what is new has to come as new. */
  begin(link: MeshLink, seq: number): void {
    this.#link = link;
    this.#run(link, seq).catch((error) => {
      // The next connection goes on.
      this.#ctx.log("warn", `the past of topics was not fetched: ${String(error)}`);
    });
  }

  /** The connection is gone. */
  end(): void {
    this.#link = undefined;
  }

  async #run(link: MeshLink, seq: number): Promise<void> {
    const { store } = this.#ctx;
    const row = getMembership(store, this.#mesh);
    if (row === undefined) return;
    try {
      const general = topicRow(store, this.#mesh, generalTopic(this.#mesh));
      if ((general?.role ?? null) === null) await refreshTopics(this.#ctx, row, link);
      for (const topic of topicRows(store, this.#mesh)) {
        const found = describe(this.#ctx, row, topic);
        if (found.role !== undefined) await this.#fill(row, link, found, seq);
      }
    } catch (error) {
      if (!(error instanceof MeshError) || this.#link === link) throw error;
    }
  }

  async #fill(
    row: MembershipRow,
    link: MeshLink,
    found: ResolvedTopic,
    seq: number,
  ): Promise<void> {
    let before = found.row.floor ?? seq + 1;
    for (let page = 0; before > 0 && page < mostPages && this.#link === link; page++) {
      const { from, notes } = await this.#page(row, link, found, before);
      for (const note of notes) this.#tell(found, note);
      if (from >= before) return;
      before = from;
    }
  }

  /** One page, after the pause that a broker asks for. */
  async #page(
    row: MembershipRow,
    link: MeshLink,
    found: ResolvedTopic,
    before: number,
  ): ReturnType<typeof fetchPage> {
    try {
      return await fetchPage(this.#ctx, row, link, found, { before, joins: true });
    } catch (error) {
      if (!(error instanceof MeshError) || error.code !== "rate_limited") throw error;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#ctx.timer(error.retryAfterMs ?? usualPauseMs, resolve);
      await promise;
      return this.#link === link ? this.#page(row, link, found, before) : { from: 0, notes: [] };
    }
  }

  #tell({ row: { name, mesh } }: ResolvedTopic, note: string): void {
    const text = `of #${name}'s past, ${note}`;
    this.#ctx.store.write(() =>
      addNotice(this.#ctx.store, {
        ...{ mesh, key: `past:${text}`, code: "bad_signature", text },
        at: this.#ctx.now(),
      }),
    );
  }
}
