import { constants, realpathSync } from "node:fs";
import { open } from "node:fs/promises";
import { basename, isAbsolute, sep } from "node:path";
import { newFileId, toBase64 } from "@claudemesh/crypto";
import { type MemberId, MeshError, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { giveUpUpload } from "../../files/give-up-upload.ts";
import { runUpload } from "../../files/run-upload.ts";
import { safeName } from "../../files/safe-name.ts";
import { stampOf } from "../../files/stamp.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import {
  addUpload,
  dropUpload,
  failUpload,
  sameUpload,
  type UploadRow,
} from "../../store/upload-rows.ts";
import { readyToPost } from "../../topics/ready-to-post.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";
import { targetMesh } from "../target-mesh.ts";
import { membersNamed } from "./members-named.ts";

/** Notes the file as one that waits, and uploads it if the broker is there; otherwise it goes up when it is. */
export const share: DeviceHandler<"file.share"> = async (wish, ctx) => {
  const row = targetMesh(ctx, wish.mesh);
  if (wish.to !== undefined && wish.topic !== undefined) {
    throw new MeshError("malformed", "topic: give members with to, or a topic, not both", {
      detail: { field: "topic" },
    });
  }
  const file = await describePath(ctx, wish.path);
  const { shown, recipients, topic } = await audienceOf(ctx, row, wish);
  const target = {
    ...{ mesh: row.mesh, path: file.path, stamp: file.stamp, topic: topic ?? null },
    tags: JSON.stringify(wish.tags),
    recipients: recipients === undefined ? null : JSON.stringify(recipients),
    ephemeral_ms: wish.ephemeral ?? null,
  };
  const upload = ctx.store.write(() => keptUpload(ctx, target, file));
  const { bytes, id, name } = upload;
  try {
    await runUpload(ctx, row, upload);
    return { id, name, bytes, to: shown, state: "shared" };
  } catch (error) {
    const stopped = error instanceof MeshError && error.code === "cancelled";
    if (isUnreachable(error) && !stopped) {
      return { id, name, bytes, to: shown, state: "pending" };
    }
    // Who shares it is told here and now; what goes up by itself later would only fail again.
    if (!stopped) {
      ctx.store.write(() => dropUpload(ctx.store, id));
      await giveUpUpload(ctx, row, id);
    }
    throw error;
  }
};

interface Described {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly stamp: string;
}

/** What is to be shared: a file that there is, outside this home. Throws `malformed`, `not_found`, `forbidden`. */
async function describePath({ home }: DeviceContext, typed: string): Promise<Described> {
  const field = { detail: { field: "path" } };
  if (!isAbsolute(typed)) throw new MeshError("malformed", "path: must be absolute", field);
  try {
    const path = realpathSync(typed);
    if (`${path}${sep}`.startsWith(`${realpathSync(home.paths.folder)}${sep}`)) {
      throw new MeshError("forbidden", "path: what lies in claudemesh's own folder is not shared");
    }
    // Not to wait for a pipe that nobody writes to.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat({ bigint: true });
      if (!stats.isFile()) throw new MeshError("malformed", `path: ${typed} is no file`, field);
      const name = safeName(basename(typed), "file");
      return { path, name, bytes: Number(stats.size), stamp: stampOf(stats) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof MeshError) throw cause;
    const isThere = (cause as { code?: unknown }).code !== "ENOENT";
    throw new MeshError(
      "not_found",
      isThere ? `path: ${typed} cannot be read` : `path: there is no ${typed}`,
      { cause, ...field },
    );
  }
}

async function audienceOf(
  ctx: DeviceContext,
  row: MembershipRow,
  { to, topic }: { readonly to?: string[] | undefined; readonly topic?: string | undefined },
): Promise<{
  readonly shown: string;
  readonly recipients?: readonly MemberId[];
  readonly topic?: TopicId;
}> {
  if (to !== undefined) {
    const found = await membersNamed(ctx, row, to);
    const recipients = [...new Set([row.member, ...found.map(({ id }) => id)])];
    return { shown: found.map(({ name }) => name).join(", "), recipients };
  }
  if (topic === undefined) return { shown: "*" };
  const found = await readyToPost(ctx, row, await resolveTopic(ctx, row, topic, "not_found"));
  return { shown: `#${found.row.name}`, topic: found.row.topic };
}

/** The same file that waits for the same people, or a new one with a key of its own. */
function keptUpload(
  { store, random, now }: DeviceContext,
  target: Parameters<typeof sameUpload>[1],
  { bytes, name }: Described,
): UploadRow {
  const same = sameUpload(store, target);
  if (same !== undefined) {
    failUpload(store, same.id, null);
    return same;
  }
  const key = { key: toBase64(random(32)), header: toBase64(random(24)) };
  const made = { ...target, ...key, id: newFileId(random), name, bytes, at: now() };
  addUpload(store, made);
  return { ...made, failed: null };
}
