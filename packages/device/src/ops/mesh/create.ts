import {
  buildGenesis,
  createMeshKey,
  deriveMember,
  keyCommitment,
  memberIdOf,
  meshIdOf,
  newDeviceId,
  signProfile,
  toBase64,
} from "@claudemesh/crypto";
import { MeshError, nouns, templates } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { explainSkew } from "../../mesh-link/clock-skew.ts";
import { writeRecord } from "../../records/write-record.ts";
import { addMembership, listMemberships } from "../../store/memberships.ts";
import { putProfile } from "../../store/profiles.ts";
import { addRosterEntries } from "../../store/roster-entries.ts";
import { brokerUrl } from "../broker-url.ts";
import { describeMembership } from "../describe-membership.ts";
import { create as createTopic } from "../topic/create.ts";
import { changePolicy } from "./change-policy.ts";

/** Signs a genesis with fresh keys and has the broker host it; a template gives the founder groups and a role, and the mesh its first topics, state keys and what its agents are told. */
export const create: DeviceHandler<"mesh.create"> = async (input, ctx) => {
  const { name, broker, displayName } = input;
  const template = templates.find((one) => one.name === input.template);
  const url = hostOf(broker ?? ctx.defaultBroker ?? lastBroker(ctx));
  const seed = ctx.seed();
  const nonce = toBase64(ctx.random(32));
  const { signer, keys } = deriveMember(seed, { genesisNonce: nonce }, 0);
  const key = createMeshKey(ctx.random);
  const at = ctx.now();
  const commitment = keyCommitment("", key);
  const genesis = buildGenesis({ name, keys, nonce, commitment, at, signer });
  const mesh = meshIdOf(genesis);
  const member = memberIdOf(genesis);
  const shownName = displayName ?? ctx.defaultName;
  const { groups = [], roleTag, topics = [] } = template ?? {};
  const fields = {
    displayName: shownName,
    ...(groups.length === 0 ? {} : { groups: [...groups] }),
    ...(roleTag === undefined ? {} : { roleTag }),
  };
  const profile = signProfile({ mesh, member, version: 1, fields, at }, signer);
  const client = await ctx.links.anonymous(url);
  try {
    const info = await client.mesh.create({ genesis, profile });
    const row = {
      ...{ cursor: null, feed_live: 0, log_epoch: null, restate: 0 },
      mesh,
      broker: url,
      member,
      generation: 0,
      founder_nonce: nonce,
      sign_key: keys.sign,
      device: newDeviceId(ctx.random),
      slug: info.slug,
      display_name: shownName,
      joined_at: at,
      used_at: at,
    };
    ctx.store.write(() => {
      addMembership(ctx.store, row);
      addRosterEntries(ctx.store, mesh, [genesis]);
      putProfile(ctx.store, profile);
      ctx.store.run("INSERT INTO ring (mesh, epoch, key) VALUES (?, 0, ?)", mesh, key);
    });
    ctx.wake.now();
    if (template !== undefined) {
      const { hint, stateKeys } = template;
      const policy = stateKeys.length === 0 ? { hint } : { hint, stateKeys: [...stateKeys] };
      await changePolicy(ctx, row, policy);
    }
    for (const topic of topics) {
      await createTopic({ mesh, name: topic, visibility: "public", history: "all" }, ctx);
    }
    for (const key of template?.stateKeys ?? []) {
      await writeRecord(ctx, row, nouns.state.set.name, { key, value: null, seen: 0 });
    }
    return describeMembership(ctx, row);
  } catch (error) {
    throw explainSkew(error, ctx.now());
  } finally {
    await client.close();
  }
};

const lastBroker = (ctx: Parameters<typeof create>[1]): string | undefined =>
  listMemberships(ctx.store).sort((a, b) => b.used_at - a.used_at)[0]?.broker;

function hostOf(url: string | undefined): string {
  if (url !== undefined) return brokerUrl(url);
  throw new MeshError("malformed", "broker: it is not clear which broker is to host the mesh", {
    hint: "name one with --broker <url>",
    detail: { field: "broker" },
  });
}
