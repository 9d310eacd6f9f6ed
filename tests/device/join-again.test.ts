import assert from "node:assert/strict";
import { test } from "node:test";
import { inviteSecret, parseInvite, systemRandom } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import { buildContext } from "../../packages/device/src/build-context.ts";
import { join } from "../../packages/device/src/join/join.ts";
import { pendingByInvite } from "../../packages/device/src/join/pending-join.ts";
import { Ground } from "./home-fixture.ts";

test("a join that never arrived is signed again when it is too old by then", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const { link } = await alice.api.invite.create({});
  const ctx = buildContext({
    home: ground.home("bob"),
    now: Date.now,
    random: systemRandom,
    defaultName: "bob",
  });
  const secret = inviteSecret(parseInvite(link).code);
  const wish = { secret, broker: ground.url, name: "bob" };
  const lost = async () => {
    throw new MeshError("offline", "the connection was lost");
  };
  const anonymous = async (url: string) => {
    const client = await ctx.links.anonymous(url);
    return { ...client, invite: { ...client.invite, claim: lost } };
  };
  const links = Object.assign(Object.create(ctx.links), { anonymous });
  const early = { ...ctx, links, now: () => Date.now() - 120_000 };
  await assert.rejects(join(early, wish), { code: "offline" });
  assert.ok(pendingByInvite(ctx.store, secret.id));
  const row = await join(ctx, wish);
  assert.equal(row.display_name, "bob");
  assert.equal(pendingByInvite(ctx.store, secret.id), undefined);
  ctx.store.close();
});
