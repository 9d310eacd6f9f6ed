import type { IncomingHttpHeaders } from "node:http";
import { jcs, sha256, toHex, utf8, uuidv4 } from "@claudemesh/crypto/verify";
import { type Audience, JobId, MeshError, type MessageId } from "@claudemesh/protocol";
import { requireTarget } from "../../ops/message/post-target.ts";
import type { RateLimit } from "../../rate-limit.ts";
import type { JobRow } from "../../store/jobs-port.ts";
import type { JobParts } from "../context.ts";
import { authorOf, sayEntry, whyNotSaid } from "../say.ts";
import { notePost } from "./note-post.ts";
import { renderPost } from "./render.ts";
import { signatureOf } from "./signature.ts";
import { WebhookSpec } from "./spec.ts";

export interface Post {
  /** as the path has it */
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Takes what another system posted, once, as a message. Throws `unauthorized` alike for a wrong signature and for a webhook that is not there. */
export async function takePost(
  { id, headers, body }: Post,
  parts: JobParts,
  rate: RateLimit,
): Promise<{ readonly id: MessageId; readonly repeated: boolean }> {
  const job = await findHook(id, parts);
  const secret = job?.secret == null ? noSecret : parts.secrets.open(job.id, job.secret);
  const signature = signatureOf(headers, body, secret, parts.now());
  if (job === undefined || signature === undefined) {
    throw new MeshError("unauthorized", "no webhook with that signature");
  }
  rate.take(job.id);
  const author = await authorOf(job, parts);
  if (author === undefined) throw new MeshError("unauthorized", "no webhook with that signature");
  const silence = whyNotSaid(author);
  if (silence !== undefined) {
    throw new MeshError("forbidden", silence, { detail: { reason: "require_e2e" } });
  }
  const spec = WebhookSpec.parse(JSON.parse(job.spec));
  const to = spec.to as Audience;
  try {
    await requireTarget(to, { ...parts, ...author });
  } catch (error) {
    const said = error instanceof Error ? error.message : "it cannot be told";
    await notePost(job, { name: spec.name, ok: false, said }, author, parts);
    throw error;
  }
  const text = renderPost(headers, body);
  // The same signed post always gives the same id, by which the log knows a repeat.
  const drawn = sha256(utf8(`${job.id}\n${signature}`)).subarray(0, 16);
  const message = `msg_${uuidv4(() => drawn)}` as MessageId;
  const entry = await sayEntry(
    { job: job.id, name: spec.name, subtype: "webhook", to, text, id: message },
    parts,
    author,
  );
  const outcome = await parts.store.write.appendMessage({
    mesh: job.mesh,
    ...entry,
    kind: "plain",
    sender: job.author,
    digest: toHex(sha256(utf8(jcs([job.id, signature])))),
    rosterSeq: null,
  });
  if (outcome.result !== "accepted") throw new MeshError("unavailable", "it could not be stored");
  if (!outcome.repeated) {
    await notePost(job, { name: spec.name, ok: true, said: "said" }, author, parts);
  }
  return { id: message, repeated: outcome.repeated };
}

async function findHook(id: string, { store }: JobParts): Promise<JobRow | undefined> {
  const known = JobId.safeParse(id);
  const job = known.success ? await store.read.job(known.data) : undefined;
  return job?.kind === "webhook" && job.stopped === null ? job : undefined;
}

/** What the post to a webhook that is not there is compared with. */
const noSecret = "no secret";
