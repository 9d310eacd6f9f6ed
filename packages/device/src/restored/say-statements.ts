import { generalTopic } from "@claudemesh/crypto";
import { MeshError, type Topic } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { renewInvites } from "../keys/renew-invites.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { ownGrants } from "../store/grants-rows.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";
import { endRestate } from "../store/new-epoch.ts";
import { profileOf } from "../store/profiles.ts";
import { topicRows } from "../store/topic-rows.ts";

/**
 * Says to a restored broker what this member last said of itself, in the same signed words: profile, grants, the topics that it founded or changed, which public ones it is in, and
 * what its open invites give; besides, how far it has read topics. Where the broker has it still, nothing changes. Throws what ends the connection.
 */
export async function sayStatements(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<void> {
  const { store } = ctx;
  const { mesh, member } = row;
  if (getMembership(store, mesh)?.restate !== 1) return;
  const { client } = link;
  const profile = profileOf(store, mesh, member);
  if (profile !== undefined) {
    await said(ctx, "the profile", () => client.member.update({ profile }));
  }
  const grants = ownGrants(store, mesh);
  if (grants !== undefined) await said(ctx, "the grants", () => client.grant.set({ grants }));
  for (const { topic, role, name, visibility, statement } of topicRows(store, mesh)) {
    if (topic === generalTopic(mesh)) continue;
    const known = statement === null ? undefined : (JSON.parse(statement) as Topic);
    if (known?.author === row.sign_key) {
      await said(ctx, `topic #${name}`, () => sayTopic(client, known));
    }
    if (role === null || visibility !== "public") continue;
    await said(ctx, `the place in #${name}`, () => client.topic.join({ topic }));
  }
  // Up to where the log still says what it said: what was read above that counts as read in this home alone.
  for (const { topic, name, marker } of topicRows(store, mesh)) {
    if (marker === 0) continue;
    await said(ctx, `what was read in #${name}`, () => client.topic.read({ topic, seq: marker }));
  }
  await said(ctx, "open invites", () => renewInvites(ctx, row, link));
  store.write(() => endRestate(store, mesh));
}

/** The broker may know an older version, or none. */
async function sayTopic(client: Pick<MeshLink["client"], "topic">, topic: Topic): Promise<unknown> {
  try {
    return await client.topic.create({ topic });
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "conflict") throw error;
    return await client.topic.update({ topic });
  }
}

/** What a broker refuses, as what is newer there, is no reason to keep the rest from it. */
async function said(ctx: DeviceContext, what: string, say: () => Promise<unknown>): Promise<void> {
  try {
    await say();
  } catch (error) {
    if (!(error instanceof MeshError) || isUnreachable(error) || error.code === "rate_limited") {
      throw error;
    }
    ctx.log("warn", `the restored broker did not take ${what} again: ${error.message}`);
  }
}
