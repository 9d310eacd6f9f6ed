import {
  entryHash,
  memberIdOf,
  profileHash,
  Roster,
  toHex,
  verifyProfile,
} from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { requireClose } from "../../rosters.ts";
import { requireType } from "../roster-act.ts";
import { meshInfo, slugOf } from "./mesh-info.ts";

/** The mesh's id is its genesis' hash, so that what exists already is a repeat of this very call, as long as nobody has joined since. */
export const create: Handler<"mesh.create"> = async (input, ctx) => {
  const { config, now, random, rosters, store } = ctx;
  const genesis = requireType(input.genesis, "genesis");
  const { mesh } = Roster.fromGenesis(genesis);
  const { profile } = input;
  if (profile.mesh !== mesh) throw ctx.fail("malformed", "profile.mesh: not the genesis' mesh");
  if (profile.member !== memberIdOf(genesis)) {
    throw ctx.fail("malformed", "profile.member: not the genesis' owner");
  }
  verifyProfile(profile, genesis.author);

  if ((await rosters.find(mesh)) === undefined) {
    const at = now();
    requireClose(genesis.at, at);
    await store.write.createMesh({
      mesh,
      slug: slugOf(genesis.body.name),
      epoch: toHex(random(16)),
      genesis,
      hash: entryHash(genesis),
      profile: { statement: profile, hash: profileHash(profile) },
      at,
      expiresAt: at + config.sharedTtlMs,
    });
  }
  const roster = await rosters.open(mesh);
  if (roster.head.seq > 0) throw ctx.fail("exists", "the mesh exists already, and has moved on");
  return await meshInfo(ctx, roster);
};
