import assert from "node:assert/strict";
import { test } from "node:test";
import { signProfile } from "@claudemesh/crypto";
import type { MemberPresence, OpenOutput } from "@claudemesh/protocol";
import type { MeshLink } from "../../packages/device/src/mesh-link/links.ts";
import { namedMembers } from "../../packages/device/src/names/member-names.ts";
import { refreshMembers } from "../../packages/device/src/ops/refresh-members.ts";
import { rosterEntries } from "../../packages/device/src/store/roster-entries.ts";
import { Ground } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

const told = ({ story }: OpenOutput<"message.why">): string[] => story.map(({ what }) => what);

test("one who takes the id of another's message spoils neither its status nor its story", async () => {
  await using ground = await Ground.start();
  const [owner] = await ground.mesh("alice", "bob");
  assert.ok(owner);
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  const { id } = await owner.api.message.send({ to: "bob", text: "mine" });
  const before = told(await owner.api.message.why({ id }));
  await alice.take("message", bob.seal(alice, { id }, { text: "theirs" }));
  assert.deepEqual(alice.texts(), ["theirs"]);
  for (const typed of [id, id.slice(-6)]) {
    const status = await owner.api.message.status({ id: typed });
    assert.deepEqual([status.direction, status.with.name], ["sent", "bob"]);
    assert.deepEqual(told(await owner.api.message.why({ id: typed })), before);
  }
});

test("of two who sent the same id, the first is spoken of, with its own story only", async () => {
  await using ground = await Ground.start();
  const [, reader] = await ground.mesh("alice", "bob", "carol");
  assert.ok(reader);
  await reader.api.member.list({});
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  using carol = new Inside(ground, "carol");
  const first = alice.seal(bob, {}, { text: "first" });
  const { id } = first.header;
  await bob.take("message", first);
  await bob.take("message", carol.seal(bob, { id }, { text: "second" }));
  assert.deepEqual(bob.texts(), ["first", "second"]);
  const why = await reader.api.message.why({ id });
  assert.equal(why.with.name, "alice");
  assert.equal(told(why).filter((what) => what.startsWith("verified")).length, 1);
  await reader.api.message.inbox({});
  await reader.confirmHandOver();
  const after = told(await reader.api.message.why({ id }));
  assert.equal(after.filter((what) => what.startsWith("handed over here")).length, 1);
});

const roster = ({ ctx, row: { mesh } }: Inside, after: number) => ({
  items: rosterEntries(ctx.store, mesh, after),
  head: ctx.rosters.of(mesh).head,
});

test("of two look-alike names seen at once the later joiner's gets the suffix, however the broker orders them", async () => {
  await using ground = await Ground.start();
  await ground.mesh("alice", "bob", "carol");
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  using carol = new Inside(ground, "carol");
  const named = (who: Inside, displayName: string) => {
    const { mesh, member } = who.row;
    const statement = { mesh, member, version: 5, fields: { displayName }, at: Date.now() };
    return { member, profile: signProfile(statement, who.secret.signer) };
  };
  const entries = [named(carol, "Z\u0430ra"), named(bob, "Zara")] as unknown as MemberPresence[];
  const client = {
    member: { list: async () => ({ items: entries }) },
    roster: { list: async ({ after }: { after: number }) => roster(carol, after) },
  };
  await refreshMembers(alice.ctx, alice.row, { client } as unknown as MeshLink);
  const names = namedMembers(alice.ctx.store, alice.row.mesh, alice.ctx.rosters.of(alice.row.mesh));
  assert.equal(names.get(bob.member)?.name, "Zara");
  assert.match(names.get(carol.member)?.name ?? "", /^Z\u0430ra \([0-9a-f]{8}\)$/);
});
