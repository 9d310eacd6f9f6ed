import { manifestHash, verifyManifest } from "@claudemesh/crypto/verify";
import { everyone, limits, topicOf } from "@claudemesh/protocol";
import { openAudience } from "../../blob/may-open.ts";
import { partCount, partLength } from "../../blob/range.ts";
import type { CallContext, Handler } from "../../handler.ts";

/** Keeps what an uploaded file is, in the words that its uploader signed, and tells those who may open it. */
export const share: Handler<"file.share"> = async ({ manifest, shared, rows }, ctx) => {
  const { actor, config, now, roster, store } = ctx;
  const { mesh } = actor;
  const key = roster.members.get(actor.member)?.keys.sign;
  if (manifest.mesh !== mesh || manifest.member !== actor.member || key === undefined) {
    throw ctx.fail("forbidden", "manifest: only a member's own files of this mesh are shared");
  }
  verifyManifest(manifest, key);
  const at = now();
  if (Math.abs(manifest.at - at) > limits.clockSkewMs) {
    throw ctx.fail("clock_skew", "manifest.at: the clocks differ too much");
  }
  await requireAudience({ manifest, shared, rows }, ctx);
  await requireWhole(manifest, ctx);
  const done = await store.write.shareFile({
    ...{ mesh, manifest, shared, rows, at },
    hash: manifestHash(manifest),
    expiresAt: Math.min(manifest.expiresAt ?? Number.MAX_SAFE_INTEGER, at + config.sharedTtlMs),
  });
  if (done === "taken") throw ctx.fail("conflict", "manifest.file: another file has that id");
  if (done === "unknown") throw ctx.fail("not_found", "manifest.file: its upload was not begun");
  return { id: manifest.file };
};

type Input = Parameters<Handler<"file.share">>[0];

/** A file is for one audience that the uploader may write to, or for members by name. */
async function requireAudience(
  { manifest: { to }, shared, rows }: Input,
  ctx: CallContext<"file.share">,
): Promise<void> {
  if (to === undefined) {
    if (shared !== undefined || rows.length === 0) {
      throw ctx.fail("malformed", "rows: a file without an audience is sealed to members");
    }
    requireMembers(rows, ctx);
    return;
  }
  if (shared === undefined || rows.length > 0) {
    throw ctx.fail("malformed", "shared: a file for many is sealed under their key");
  }
  if (to !== everyone && topicOf(to) === undefined) {
    throw ctx.fail("malformed", "manifest.to: expected * or a topic");
  }
  if ((await openAudience(to, ctx)) === undefined) {
    throw ctx.fail("not_found", "manifest.to: there is no topic of that id");
  }
}

/** Throws `no_recipient` for who is no member now. */
export function requireMembers(
  rows: Input["rows"],
  { roster, fail }: Pick<CallContext<"file.share">, "fail" | "roster">,
): void {
  for (const { recipient } of rows) {
    if (!roster.isMember(recipient)) {
      throw fail("no_recipient", `rows: ${recipient} is not a member of the mesh`);
    }
  }
}

/** Every part must be there: who reads it checks what is in them. */
async function requireWhole(
  { bytes, file, mesh }: Input["manifest"],
  ctx: CallContext<"file.share">,
): Promise<void> {
  const there = await ctx.files.blobs.parts({ mesh, file });
  const whole = there.filter(({ part, bytes: has }) => has > 0 && has === partLength(bytes, part));
  if (whole.length === partCount(bytes)) return;
  throw ctx.fail("conflict", "the upload is not whole yet", {
    detail: { parts: whole.length, of: partCount(bytes) },
  });
}
