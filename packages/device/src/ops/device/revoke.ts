import { createIdentitySeed } from "@claudemesh/crypto";
import { type DeviceId, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { noteDevices } from "../../devices/note-devices.ts";
import { rekeyMesh } from "../../devices/rekey-mesh.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { ownDevices } from "../../store/own-device-rows.ts";
import { sealVaultAnew } from "../../vault/seal-anew.ts";
import { requirePerson } from "../guard/only-people.ts";

/**
 * Draws a new seed and replaces this member's keys by its in every mesh; nothing short of that takes them from a device that has the old one. What cannot be reached now is
 * replaced when it is connected to the next time. Every other device of this person is shut out with the one that is meant.
 */
export const revoke: DeviceHandler<"device.revoke"> = async ({ device: named }, ctx) => {
  requirePerson(ctx, "revoke a device");
  const rows = listMemberships(ctx.store);
  const unreached = new Set<MembershipRow>();
  for (const row of rows) {
    try {
      // What others have is known before: the rest is sent again.
      await (await drainFeed(ctx, row))?.stop();
      await ctx.links.using(row, (link) => noteDevices(ctx, row, link));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      unreached.add(row);
    }
  }
  const device = resolve(ctx, rows, named);
  const isUnderWay = rows.some((row) => ctx.keyring.due(row) !== undefined);
  if (!isUnderWay) {
    // Durable before the first mesh hears of it: after a crash the seed of every key is here, and the rest is due.
    ctx.takeSeed(createIdentitySeed(ctx.random), [ctx.seed(), ...ctx.earlierSeeds()]);
  }
  const done: string[] = [];
  const due: string[] = [];
  for (const row of rows) {
    try {
      if (unreached.has(row)) throw new MeshError("offline", "the broker was not reached");
      await ctx.links.using(row, (link) => rekeyMesh(ctx, row, link));
      await connectAnew(ctx, row);
      await keepVault(ctx, row);
      done.push(row.slug);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      ctx.log("warn", `the keys in ${row.slug} are not replaced yet: ${error.message}`);
      due.push(row.slug);
    }
  }
  ctx.wake.now();
  return { device, done, due };
};

/** What fails here is done when the mesh is connected to the next time. */
async function keepVault(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  try {
    await ctx.links.using(row, (link) => sealVaultAnew(ctx, row.mesh, link));
  } catch (error) {
    ctx.log("warn", `the vault in ${row.slug} is not sealed anew yet: ${error}`);
  }
}

/** The broker ends what was opened with the keys before; what is asked next does not wait for that. */
async function connectAnew(ctx: DeviceContext, { mesh }: MembershipRow): Promise<void> {
  await ctx.lingering.get(mesh)?.stop();
  await ctx.links.end(mesh);
  await ctx.online.redial(mesh);
}

/** The device of one's own that is meant, in whichever mesh. Throws `not_found`, `ambiguous`, and `malformed` for this one. */
function resolve(
  { store }: DeviceContext,
  rows: readonly MembershipRow[],
  named: string,
): DeviceId {
  const beginning = named.startsWith("dev_") ? named : `dev_${named}`;
  if (rows.some(({ device }) => device.startsWith(beginning))) {
    throw new MeshError("malformed", "device: that is this one; leave its meshes instead", {
      detail: { field: "device" },
    });
  }
  const found = rows
    .flatMap(({ mesh }) => ownDevices(store, mesh))
    .filter(({ device }) => device.startsWith(beginning));
  const [first, ...more] = found;
  if (first === undefined) {
    throw new MeshError("not_found", `you have no device ${named}`, {
      hint: "see them with `claudemesh device list`",
    });
  }
  if (more.length > 0) {
    throw new MeshError("ambiguous", `${named} fits ${found.length} of your devices`, {
      hint: "type more of its id",
      detail: { candidates: found.map(({ device }) => device) },
    });
  }
  return first.device;
}
