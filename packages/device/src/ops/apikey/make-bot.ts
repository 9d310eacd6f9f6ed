import { join } from "node:path";
import { MeshError, type OpenOutput } from "@claudemesh/protocol";
import { buildContext } from "../../build-context.ts";
import type { DeviceContext } from "../../context.ts";
import { getMembership, type MembershipRow } from "../../store/memberships.ts";
import { claim } from "../invite/claim.ts";
import { create as createInvite } from "../invite/create.ts";

/** how long the bot's own invite is good for: it is used at once */
const inviteMs = 10 * 60_000;

/** Makes a member with keys of its own, in a home inside this one, by an invite for it alone. */
export async function makeBot(
  ctx: DeviceContext,
  row: MembershipRow,
  name: string,
): Promise<OpenOutput<"apikey.create">> {
  const home = join(ctx.home.paths.folder, "bots", row.mesh.slice(-16), folderName(name));
  const { now, random, timer, log } = ctx;
  const bot = buildContext({ home, now, random, timer, log, defaultName: name });
  try {
    if (getMembership(bot.store, row.mesh) !== undefined) {
      throw new MeshError("exists", `there is a bot of that name: its keys are in ${home}`, {
        hint: "give it another name",
      });
    }
    const wish = { mesh: row.mesh, role: "member", uses: 1, expires: inviteMs } as const;
    const { link } = await createInvite(wish, ctx);
    const joined = await claim({ invite: link, name, broker: row.broker }, bot);
    const mesh = { id: row.mesh, slug: row.slug };
    return { id: joined.member, name: joined.displayName, mesh, broker: row.broker, home };
  } finally {
    await bot.links.close();
    await bot.links.hangUp();
    bot.store.close();
  }
}

/** One folder name per name: a key's name holds nothing else that a file system may not take. */
const folderName = (name: string): string => name.normalize("NFC").replaceAll(" ", "_");
