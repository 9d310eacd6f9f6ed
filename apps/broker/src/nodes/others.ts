import type { MeshId } from "@claudemesh/protocol";
import { limits } from "@claudemesh/protocol";
import type { NodeRow } from "../store/nodes-port.ts";
import type { Store } from "../store/port.ts";
import type { Elsewhere } from "./elsewhere.ts";
import type { PresenceNews } from "./own-presence.ts";

/** how often a node looks at the others' rows, and how many looks without a beat make one dead: 20 s */
export const lookMs = 1_000;
const looksToDeath = 20;
/** looks after which what was at a node that stopped in order has come back elsewhere, or left */
const looksOfGrace = limits.sessionGraceMs / lookMs;
/** signals kept while what they follow on is read */
const waitingMost = 1_000;

interface Other {
  beat: number;
  /** looks since its beat grew, or since its row was taken away */
  looks: number;
  hasStopped: boolean;
  /** the version of its presence that is known */
  have: number;
  reading: boolean;
  waiting: PresenceNews[];
}

export interface OthersOptions {
  readonly self: string;
  readonly elsewhere: Elsewhere;
  readonly store: Pick<Store, "read" | "write">;
  /** something has come to another node, or changed there */
  readonly cameElsewhere: (mesh: MeshId, subject: string) => void;
  /** what was at a node has gone with it */
  readonly goneWith: (gone: readonly { mesh: MeshId; subject: string; was: unknown }[]) => void;
  readonly log: (event: string, cause: unknown) => void;
}

/** The other nodes of the database: which of them live, and what is at them. Time is counted in own looks, so that neither another clock nor a pause of this process makes one dead. */
export class Others {
  readonly #options: OthersOptions;
  readonly #others = new Map<string, Other>();

  constructor(options: OthersOptions) {
    this.#options = options;
  }

  /** How many live, this one included. */
  get live(): number {
    return 1 + [...this.#others.values()].filter(({ hasStopped }) => !hasStopped).length;
  }

  /** Takes what another node told. What does not follow on what is known is read from its rows. */
  hear(news: PresenceNews): void {
    const other = this.#other(news.node);
    if (news.told <= other.have) return;
    if (!other.reading && news.told === other.have + 1) {
      this.#apply(other, news);
      return;
    }
    if (other.waiting.length < waitingMost) other.waiting.push(news);
    void this.#read(news.node, other);
  }

  /** Looks at the rows of all nodes; one whose beat stands still for long is dead, and one whose row has gone has stopped. */
  async look(rows: readonly NodeRow[]): Promise<void> {
    const there = new Map(rows.map((row) => [row.id, row]));
    for (const row of rows) if (row.id !== this.#options.self) this.#other(row.id);
    for (const [id, other] of [...this.#others]) {
      const row = there.get(id);
      other.looks += 1;
      if (row === undefined) {
        if (!other.hasStopped) Object.assign(other, { hasStopped: true, looks: 0 });
        if (other.looks >= looksOfGrace) this.#forget(id);
        continue;
      }
      if (row.beat !== other.beat || other.hasStopped) {
        Object.assign(other, { beat: row.beat, looks: 0, hasStopped: false });
      }
      if (other.looks >= looksToDeath) {
        await this.#options.store.write.forgetNode({ id, beat: row.beat });
        this.#forget(id);
      } else if (row.told > other.have) {
        await this.#read(id, other);
      }
    }
  }

  #other(id: string): Other {
    const known = this.#others.get(id);
    if (known !== undefined) return known;
    const other = { beat: -1, looks: 0, hasStopped: false, have: 0, reading: false, waiting: [] };
    this.#others.set(id, other);
    return other;
  }

  async #read(id: string, other: Other): Promise<void> {
    if (other.reading) return;
    other.reading = true;
    const { elsewhere, log, store } = this.#options;
    try {
      const found = await store.read.presenceOf(id);
      if (found !== undefined && found.told >= other.have) {
        const there = new Set(found.rows.map(({ mesh, subject }) => `${mesh} ${subject}`));
        const gone = elsewhere.of(id).filter((row) => !there.has(`${row.mesh} ${row.subject}`));
        for (const row of gone) elsewhere.take(id, { ...row, body: null });
        this.#apply(other, { node: id, told: found.told, rows: found.rows });
      }
    } catch (cause) {
      log("presence of another node not read", cause);
    } finally {
      other.reading = false;
      for (const news of other.waiting.splice(0)) {
        if (news.told === other.have + 1) this.#apply(other, news);
      }
    }
  }

  #apply(other: Other, { node, told, rows }: PresenceNews): void {
    other.have = told;
    for (const row of rows) {
      this.#options.elsewhere.take(node, row);
      if (row.body !== null) this.#options.cameElsewhere(row.mesh, row.subject);
    }
  }

  /** A node is gone for good, and what was there with it. */
  #forget(id: string): void {
    const { elsewhere, goneWith } = this.#options;
    this.#others.delete(id);
    const gone = elsewhere.of(id).map((row) => {
      const was = elsewhere.at(id, row.mesh, row.subject);
      elsewhere.take(id, { ...row, body: null });
      return { ...row, was };
    });
    goneWith(gone);
  }
}
