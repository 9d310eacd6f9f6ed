import type { MessageId } from "@claudemesh/protocol";
import type { Scene } from "./lie.ts";
import { Sight } from "./sight.ts";
import type { Person, Stage } from "./stage.ts";

/** Sends, and remembers what was written; answers the id, when there is one. */
async function written(
  stage: Stage,
  sight: Sight,
  from: Person,
  to: Pick<Person, "name">,
): Promise<MessageId | undefined> {
  const text = stage.text();
  stage.written.add(`${from.name}: ${text}`);
  return (await sight.of(() => from.send(to.name, text)))?.id;
}

async function stateOf(sight: Sight, person: Person, id: MessageId | undefined): Promise<string> {
  if (id === undefined) return "not sent";
  return (await sight.of(() => person.status(id)))?.state ?? "unknown";
}

/** Whether what was shown of `lines` came in their order. */
const isInOrder = (shown: readonly string[], lines: readonly string[]): boolean =>
  shown.filter((line) => lines.includes(line)).join() ===
  lines.filter((line) => shown.includes(line)).join();

/** Sends `count` messages from alice to bob; bob reads, then alice looks at her inbox and at the last one's state. */
const delivery = (count: number): Scene => ({
  honest: { shown: count, inOrder: true, state: "offered" },
  async play(stage) {
    const { alice, bob } = stage;
    const sight = new Sight(stage);
    let last: MessageId | undefined;
    const before = stage.written.size;
    for (let i = 0; i < count; i++) last = await written(stage, sight, alice, bob);
    await sight.inboxOf(bob);
    await sight.inboxOf(alice);
    return sight.seen({
      shown: sight.shown.length,
      inOrder: isInOrder(sight.shown, [...stage.written].slice(before)),
      state: await stateOf(sight, alice, last),
    });
  },
});

/** One message from alice to bob, read, and its state afterwards. */
export const message = delivery(1);

/** Two messages, so that one can be missing or come first. */
export const twoMessages = delivery(2);

/** Three messages, so that one in the middle can be missing. */
export const threeMessages = delivery(3);

/** A message from alice to everyone, which bob and carol read, and how far it is afterwards. */
export const toEveryone: Scene = {
  honest: { shown: 2, state: "offered", readers: 2 },
  async play(stage) {
    const { alice, bob, carol } = stage;
    const sight = new Sight(stage);
    const id = await written(stage, sight, alice, { name: "*" });
    await sight.inboxOf(bob);
    await sight.inboxOf(carol);
    await sight.inboxOf(alice);
    const state = await stateOf(sight, alice, id);
    const told = id && (await alice.api.message.status({ id }));
    return sight.seen({ shown: sight.shown.length, state, readers: told?.readers?.length ?? 0 });
  },
};

/** A message from alice to bob that bob has read; later, after a restart of both, he looks again. */
export const messageThenRestart: Scene = {
  honest: { shown: 1, shownAgain: 0, state: "offered" },
  async play(stage) {
    const { alice, bob } = stage;
    const sight = new Sight(stage);
    const id = await written(stage, sight, alice, bob);
    await sight.inboxOf(bob);
    const shown = sight.shown.length;
    await bob.restart();
    await alice.restart();
    await sight.inboxOf(bob);
    await sight.inboxOf(alice);
    const state = await stateOf(sight, alice, id);
    return sight.seen({ shown, shownAgain: sight.shown.length - shown, state });
  },
};

/** Two messages from alice to bob, who looks twice. */
export const lookingTwice: Scene = {
  honest: { shown: 2, inOrder: true, state: "offered" },
  async play(stage) {
    const { alice, bob } = stage;
    const sight = new Sight(stage);
    const before = stage.written.size;
    await written(stage, sight, alice, bob);
    const id = await written(stage, sight, alice, bob);
    await sight.inboxOf(bob);
    await sight.inboxOf(bob);
    return sight.seen({
      shown: sight.shown.length,
      inOrder: isInOrder(sight.shown, [...stage.written].slice(before)),
      state: await stateOf(sight, alice, id),
    });
  },
};

/** A message from alice to bob; then carol looks at her inbox too. */
export const messageBesideCarol: Scene = {
  honest: { shown: 1, state: "offered" },
  async play(stage) {
    const { alice, bob, carol } = stage;
    const sight = new Sight(stage);
    const id = await written(stage, sight, alice, bob);
    await sight.inboxOf(carol);
    await sight.inboxOf(bob);
    await sight.inboxOf(alice);
    return sight.seen({ shown: sight.shown.length, state: await stateOf(sight, alice, id) });
  },
};

/** A newcomer joins with alice's invite, says who is there, and writes to alice. */
export const joining: Scene = {
  honest: { joined: true, mesh: "Team", knows: ["alice", "bob", "carol", "mallory"], shown: 1 },
  async play(stage) {
    const { alice } = stage;
    const sight = new Sight(stage);
    const newcomer = await stage.newcomer();
    const { code, link } = await alice.api.invite.create({ mesh: stage.mesh });
    stage.tellCode(code);
    const joined = await sight.of(() => newcomer.api.invite.claim({ invite: link }));
    if (joined !== undefined) {
      const text = stage.text();
      stage.written.add(`${newcomer.name}: ${text}`);
      await sight.of(() => newcomer.api.message.send({ to: "alice", text }));
    }
    await sight.inboxOf(alice);
    const first = ["alice", "bob", "carol", "mallory"];
    return sight.seen({
      joined: joined !== undefined,
      mesh: joined?.name ?? "",
      knows: first.filter((name) => joined?.peers.includes(name)),
      shown: sight.shown.length,
    });
  },
};

/** Bob starts his program anew and lists members and peers. */
export const listing: Scene = {
  honest: { strangers: 0, missing: 0, ghosts: 0 },
  async play(stage) {
    const { alice, bob, carol, mallory } = stage;
    const sight = new Sight(stage);
    await bob.restart();
    const members = await sight.of(() => bob.api.member.list({ mesh: stage.mesh }));
    const peers = members && (await sight.of(() => bob.api.peer.list({ mesh: stage.mesh })));
    if (peers !== undefined) await sight.inboxOf(bob);
    const listed = (members?.items ?? []).map(({ name }) => name);
    const known = [alice.name, bob.name, carol.name, mallory.name];
    const isKnown = (name: string) => known.includes(name) || name.startsWith("newcomer ");
    return sight.seen({
      strangers: listed.filter((name) => !isKnown(name)).length,
      missing: members ? known.filter((name) => !listed.includes(name)).length : 0,
      ghosts: (peers?.items ?? []).filter(({ name }) => !isKnown(name)).length,
    });
  },
};

/** Alice starts her program anew, asks what mesh this is, and looks at her inbox. */
export const asking: Scene = {
  honest: { name: "Team", answered: true, isNews: true },
  async play(stage) {
    const { alice } = stage;
    const sight = new Sight(stage);
    await alice.restart();
    const info = await sight.of(() => alice.api.mesh.info({ mesh: stage.mesh }));
    if (info !== undefined) await sight.inboxOf(alice);
    const isNews = info?.ageMs === 0;
    return sight.seen({ name: info?.name ?? "Team", answered: info !== undefined, isNews });
  },
};
