import { newTopicId, signTopic, systemRandom } from "@claudemesh/crypto";
import {
  audienceOfTopic,
  type Envelope,
  type EnvelopeHeader,
  everyone,
  type MemberId,
  type TopicId,
} from "@claudemesh/protocol";
import { type Lie, type LieFamily, notice } from "../lie.ts";
import type { Stage } from "../stage.ts";
import { type Board, boardOf, postByMallory, posting } from "../topic-scene.ts";
import { both, onBody, onEvent, only, onReply } from "../tricks.ts";
import { invent, noSignature, refused } from "./phrases.ts";

interface Past {
  readonly items: readonly { readonly seq: number; readonly body: Envelope }[];
}

/** Gives bob a post, after the one that alice has just written. */
const giving =
  (make: (stage: Stage, board: Board, last: Envelope) => Envelope) =>
  async (stage: Stage): Promise<void> => {
    const board = await boardOf(stage);
    let last: Envelope | undefined;
    const seen = onEvent("message", (event) => {
      const { header } = event.body as Envelope;
      if (header.to.startsWith("t:")) last = event.body as Envelope;
      return [event];
    });
    const more = onEvent("caught_up", (frame, line) => {
      if (last === undefined) return [frame];
      const made = make(stage, board, last);
      last = undefined;
      return [line.event("message", made), frame];
    });
    stage.broker.lie(only(stage.bob.member, both(seen, more)));
  };

/** Changes alice's posts on their way to bob, by feed and as the topic's past. */
const changing =
  (change: (post: Envelope, board: Board) => Envelope) =>
  async (stage: Stage): Promise<void> => {
    const board = await boardOf(stage);
    const edit = (post: Envelope) => (post.header.to.startsWith("t:") ? change(post, board) : post);
    const live = onBody<Envelope>("message", edit);
    const past = onReply<Past>("topic.history", ({ items, ...rest }) => ({
      items: items.map((item) => ({ ...item, body: edit(item.body) })),
      ...rest,
    }));
    stage.broker.lie(only(stage.bob.member, both(live, past)));
  };

const withHeader = (post: Envelope, over: Partial<EnvelopeHeader>): Envelope => ({
  ...post,
  header: { ...post.header, ...over },
});

const notThere = { shown: 0, text: "not there" } as const;
const missing = notice("message_missing", "a message from alice to #board is missing");
const topicRefused = (name: string, code: string, why: string) =>
  notice(code, `what the broker says of topic #${name} was refused: ${why}`);
const unchanged = (what: string) =>
  notice("forbidden", `mallory tried to ${what} a post of another in #board; it stays as it was`);

const lies: readonly Lie[] = [
  {
    id: "post-resigned",
    threat: "C1, T15",
    says: "has its accomplice sign what alice posted as its own",
    scene: posting,
    begin: giving(({ mallory, bob }, _board, last) => {
      const { keyVersion, kind, to } = last.header;
      const own = { kind, to, ...(keyVersion === undefined ? {} : { keyVersion }) };
      return mallory.signed(mallory.header(bob.member, own), last.body);
    }),
    told: [
      refused("bad_signature", "the body does not open with this key under this header", "mallory"),
    ],
  },
  {
    id: "post-in-alices-name",
    threat: "C1, T15",
    says: "has its accomplice, who has the topic's key, post in alice's name",
    scene: posting,
    begin: giving((stage, board, { header }) =>
      postByMallory(stage, board, { text: "pay mallory" }, { from: header.from, n: header.n + 1 }),
    ),
    told: [refused("bad_signature", noSignature)],
  },
  {
    id: "post-replayed",
    threat: "B3, T3",
    says: "gives a post twice",
    scene: posting,
    begin: giving((_stage, _board, last) => last),
    told: [],
  },
  {
    id: "post-to-everyone",
    threat: "B6, B12, T5",
    says: "shows bob a private topic's post as one to everyone",
    scene: posting,
    begin: changing((post) => withHeader(post, { to: everyone, kind: "broadcast" })),
    told: [
      refused("roster_stale", "the message is sealed under key N, but at entry N the newest is N"),
    ],
    facts: notThere,
    later: [missing],
  },
  {
    id: "post-in-another-topic",
    threat: "B6, B12, T5",
    says: "moves a post to another topic",
    scene: posting,
    begin: async (stage) => {
      const other = await stage.alice.api.topic.create({
        mesh: stage.mesh,
        name: "elsewhere",
        visibility: "public",
      });
      await stage.bob.api.topic.join({ mesh: stage.mesh, name: "elsewhere" });
      await changing((post) =>
        withHeader(post, {
          to: audienceOfTopic(other.id as TopicId),
          kind: "topic",
          keyVersion: 0,
        }),
      )(stage);
    },
    told: [refused("bad_signature", noSignature)],
    facts: notThere,
    later: [missing],
  },
  {
    id: "edit-by-accomplice",
    threat: "C1, T15",
    says: "has its accomplice edit alice's post",
    scene: posting,
    begin: giving((stage, board, { header }) =>
      postByMallory(
        stage,
        board,
        { text: "pay mallory", subtype: "post.edit" },
        { replyTo: header.id },
      ),
    ),
    told: [unchanged("edit")],
  },
  {
    id: "retraction-by-accomplice",
    threat: "C1, T15",
    says: "has its accomplice take alice's post back",
    scene: posting,
    begin: giving((stage, board, { header }) =>
      postByMallory(stage, board, { text: "", subtype: "post.retract" }, { replyTo: header.id }),
    ),
    told: [unchanged("retract")],
  },
  {
    id: "reaction-in-carols-name",
    threat: "C1, T15",
    says: "has its accomplice react in carol's name",
    scene: posting,
    begin: giving((stage, board, { header }) => {
      const { carol, mallory } = stage;
      const from = { member: carol.member as MemberId, device: mallory.device };
      return postByMallory(
        stage,
        board,
        { text: "👍", subtype: "post.react" },
        { replyTo: header.id, from },
      );
    }),
    told: [refused("bad_signature", noSignature, "carol")],
  },
  {
    id: "topic-swapped",
    threat: "B12, T7",
    says: "has its accomplice say that the topic's name means another one",
    scene: posting,
    begin: async (stage) => {
      await boardOf(stage);
      const { bob, mallory } = stage;
      const statement = {
        mesh: stage.mesh,
        topic: newTopicId(systemRandom),
        version: 1,
        name: "elsewhere",
        visibility: "public",
        at: Date.now(),
      } as const;
      const topic = signTopic(statement, mallory.secret.signer);
      invent(stage, bob.member, "topic", () => ({ topic, role: "member" }));
    },
    told: [topicRefused("elsewhere", "conflict", "another topic has the name already, ID")],
  },
  {
    id: "topic-ended-by-accomplice",
    threat: "C12, T16",
    says: "has its accomplice end alice's topic",
    scene: posting,
    begin: async (stage) => {
      const { topic } = await boardOf(stage);
      const { bob, mallory } = stage;
      await mallory.catchUp();
      const place = { mesh: stage.mesh, topic, version: 9, at: Date.now() };
      const statement = { ...place, name: "board", visibility: "private", ended: true } as const;
      const ended = signTopic(statement, mallory.secret.signer);
      invent(stage, bob.member, "topic", () => ({ topic: ended, role: "member" }));
    },
    told: [topicRefused("board", "forbidden", "author: only its lead or an admin changes a topic")],
  },
  {
    id: "read-marker-forged",
    threat: "B20, T7",
    says: "tells lies about how far a topic was read",
    scene: posting,
    begin: (stage) => {
      const list = onReply<{ items: { readSeq: number }[] }>("topic.list", ({ items }) => ({
        items: items.map((item) => ({ ...item, readSeq: 900_000_000_000 })),
      }));
      stage.broker.lie(only(stage.bob.member, list));
    },
    told: [],
    remark: "what was not shown yet is shown all the same: a read marker only counts",
  },
  {
    id: "post-under-older-key",
    threat: "B14, T12",
    says: "has its accomplice post under a key that the topic has no more",
    scene: posting,
    begin: async (stage) => {
      const { alice, carol, mesh } = stage;
      await boardOf(stage);
      await alice.api.topic.leave({ mesh, name: "board", member: carol.name });
      await giving((_stage, board) =>
        postByMallory(stage, board, { text: "as ever" }, { keyVersion: 1 }),
      )(stage);
    },
    told: [
      refused(
        "roster_stale",
        "the message is sealed under key N, but at entry N the newest is N",
        "mallory",
      ),
    ],
  },
];

export const topicGames: LieFamily = { title: "Topics", lies };
