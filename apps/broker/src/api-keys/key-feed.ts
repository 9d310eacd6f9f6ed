import type { Roster } from "@claudemesh/crypto/verify";
import {
  audienceOfTopic,
  type KeyMessage,
  type MemberId,
  type Topic,
  type TopicNews,
} from "@claudemesh/protocol";
import { hiddenFrom } from "../grants.ts";
import type { Services } from "../handler.ts";
import { Feed, type FeedOutlet } from "../log/feed.ts";
import type { FeedHub } from "../log/feed-hub.ts";
import { isMessage } from "../ops/topic/posts.ts";
import type { AudienceSpan, LogEntry } from "../store/port.ts";
import type { KeyCaller } from "./key-actor.ts";
import { keyMessage } from "./key-message.ts";
import { seqOf } from "./log-place.ts";
import { reachesTopic } from "./require-reach.ts";

export interface KeyFeedOptions {
  readonly services: Pick<Services, "displayNames" | "grants" | "store">;
  readonly hub: FeedHub;
  readonly actor: KeyCaller;
  readonly roster: Roster;
  /** begin after this place; undefined is with what comes next */
  readonly after: string | undefined;
  /** what the key sees */
  readonly view: () => Promise<readonly AudienceSpan[]>;
  /** topics that are made later are seen, too */
  readonly widens: boolean;
  readonly outlet: Omit<FeedOutlet, "send"> & { send(message: KeyMessage): void };
  readonly onFailure: (error: unknown) => void;
}

/** Sends what an API key may read as it is said: every message once, in the log's order, from a place on. */
export async function keyFeed(options: KeyFeedOptions): Promise<{ stop(): void }> {
  const { actor, hub, outlet, roster, services, view, widens } = options;
  const { displayNames, grants, store } = services;
  const { mesh, member, key } = actor;
  const row = await store.read.mesh(mesh);
  if (row === undefined) throw new Error(`mesh ${mesh} is not there`);
  let names = await displayNames.of(mesh);
  const headSeq = Math.max(row.headSeq, hub.head(mesh));
  const after = options.after === undefined ? headSeq : seqOf(options.after, { ...row, headSeq });
  const feed = new Feed({
    mesh,
    // The key is in what its view says, wherever its owner goes.
    member: key.id as string as MemberId,
    sessions: [],
    after,
    headSeq,
    hub,
    read: store.read,
    outlet: {
      get full() {
        return outlet.full;
      },
      drained: () => outlet.drained(),
      send: (_text, entry) => {
        if (entry === undefined || !isMessage(entry)) return;
        outlet.send(keyMessage(entry, row, names));
        // A new name shows from the next message on.
        displayNames.of(mesh).then((newer) => {
          names = newer;
        }, options.onFailure);
      },
    },
    view,
    hides: async () => hiddenFrom(await grants.of(mesh), roster, member),
    onFailure: options.onFailure,
  });
  const stopWidening = widens
    ? store.onAppend((where, entries) => {
        if (where === mesh) for (const entry of entries) widen(feed, entry, options);
      })
    : () => {};
  feed.start();
  return {
    stop() {
      stopWidening();
      feed.stop();
    },
  };
}

/** A topic is known before anyone can post to it. */
function widen(feed: Feed, { kind, body, seq }: LogEntry, { actor, roster }: KeyFeedOptions): void {
  if (kind !== "topic" || body === null) return;
  const { topic }: { topic: Topic } = JSON.parse(body) as TopicNews;
  if (topic.visibility !== "public" || !reachesTopic(actor.key, roster, topic.topic)) return;
  const audience = audienceOfTopic(topic.topic);
  const enters = topic.ended !== true;
  feed.move({ member: actor.member, audience, enters }, seq);
}
