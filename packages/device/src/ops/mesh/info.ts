import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { rosterCheckOf } from "../../mesh-link/roster-checks.ts";
import { syncRoster } from "../../mesh-link/sync-roster.ts";
import { groupsAmong } from "../../names/groups.ts";
import { namedIn } from "../../names/member-names.ts";
import { setSlug } from "../../store/memberships.ts";
import { refreshTopics } from "../../topics/refresh-topics.ts";
import { cachedRead } from "../cached-read.ts";
import { countsIn } from "../describe-membership.ts";
import { askedMesh } from "../target-mesh.ts";

/** What the broker says, with name, policy, head and member count from the verified chain. */
export const info: DeviceHandler<"mesh.info"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { answer, ageMs } = await cachedRead(ctx, row, nouns.mesh.info.name, async (link) => {
    const { client } = link;
    const said = await client.mesh.info({});
    await syncRoster(ctx.rosters, row.mesh, client, said.head);
    ctx.store.write(() => setSlug(ctx.store, row.mesh, said.slug));
    await refreshTopics(ctx, row, link);
    return said;
  });
  const roster = ctx.rosters.of(row.mesh);
  const { name } = roster.policy;
  const verified = {
    id: row.mesh,
    name,
    policy: roster.policy,
    head: roster.head,
    members: roster.memberCount,
    groups: groupsAmong(namedIn(ctx, row.mesh).values()).size,
    ...countsIn(ctx, row),
  };
  const rosterCheck = rosterCheckOf(ctx, row.mesh);
  const checked = rosterCheck === undefined ? {} : { rosterCheck };
  return { ...answer, ...verified, ...checked, broker: row.broker, ageMs };
};
