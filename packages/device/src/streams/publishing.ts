import { type RandomSource, sealStreamItem, toHex } from "@claudemesh/crypto";
import type { StreamItem } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { isPrivate, placeKey, type StreamPlace } from "./stream-place.ts";

/** Counts what this process publishes, per stream: who listens sees by it what is missing. */
export class Publishing {
  readonly #run: string;
  readonly #counts = new Map<string, number>();

  constructor(random: RandomSource) {
    this.#run = toHex(random(8));
  }

  /** Seals a text as the stream's next item, under the newest key of its mesh or topic. Throws `not_found` while this home lacks that. */
  seal(ctx: DeviceContext, place: StreamPlace, link: MeshLink, text: string): StreamItem {
    const { row, name: stream, topic } = place;
    const { device, member, mesh } = row;
    const roster = ctx.rosters.of(mesh);
    const ownKey = topic === undefined ? undefined : roster.topics.get(topic);
    const keyVersion = ownKey?.version ?? roster.epochAt(roster.head.seq).number;
    const key = placeKey(place);
    const n = (this.#counts.get(key) ?? 0) + 1;
    const item = sealStreamItem({
      statement: {
        ...{ mesh, stream, member, device, run: this.#run, n, keyVersion },
        ...(topic === undefined ? {} : { topic }),
        at: Math.round(ctx.now() + link.clockAheadMs),
      },
      text,
      ring: ctx.rings.of(mesh),
      isPrivate: isPrivate(ctx, place),
      signer: ctx.secretOf(row).signer,
      random: ctx.random,
    });
    this.#counts.set(key, n);
    return item;
  }
}
