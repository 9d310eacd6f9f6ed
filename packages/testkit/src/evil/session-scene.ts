import type { Scene } from "./lie.ts";
import { Sight } from "./sight.ts";
import type { Person } from "./stage.ts";

/** Alice's agent runs; bob lists who is there, writes to its key, and looks at his inbox; when it has ended, he lists once more. */
export const talkingToSession: Scene = {
  honest: { listed: ["alice"], summary: "the parser", delivered: 1, state: "offered", ghosts: 0 },
  async play(stage) {
    const { alice, bob, mesh } = stage;
    const sight = new Sight(stage);
    const sessionsSeen = async (person: Person) => {
      const peers = await sight.of(() => person.api.peer.list({ mesh }));
      return (peers?.items ?? []).filter((peer) => peer.session !== undefined);
    };
    const session = await alice.openSession();
    try {
      const listed = await sessionsSeen(bob);
      const text = stage.text();
      stage.written.add(`${bob.name}: ${text}`);
      const sent = await sight.of(() => bob.api.message.send({ mesh, to: session.key, text }));
      const read = sent === undefined ? [] : await session.read("10s");
      const state = sent && (await sight.of(() => bob.status(sent.id)))?.state;
      await session.end();
      const after = await sessionsSeen(bob);
      await sight.inboxOf(bob);
      return sight.seen({
        listed: listed.map(({ name }) => name),
        summary: listed.find(({ name }) => name === alice.name)?.summary ?? "",
        delivered: read.filter((line) => line === text).length,
        state: state ?? "not sent",
        ghosts: after.length,
      });
    } finally {
      await session.close();
    }
  },
};
