import { newTopicId, signTopic } from "@claudemesh/crypto";
import { MeshError, type Topic, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { topicsNamed } from "../../store/topic-rows.ts";
import { addToTopic } from "../../topics/private-members.ts";
import { refreshTopics, takeTopic } from "../../topics/refresh-topics.ts";
import { describe } from "../../topics/resolve-topic.ts";
import { knownInfo } from "../../topics/topic-info.ts";
import { targetMesh } from "../target-mesh.ts";

/** Signs what the topic is and has the broker keep it; a private one is founded in the roster first, with a key of its own. */
export const create: DeviceHandler<"topic.create"> = async (input, ctx) => {
  const { description, history, name, visibility } = input;
  if (visibility === "dm") throw makesItself(name);
  const row = targetMesh(ctx, input.mesh);
  return ctx.links.using(row, async (link) => {
    await refreshTopics(ctx, row, link);
    requireFree(ctx, row, name);
    const topic = newTopicId(ctx.random);
    if (visibility === "private") await found(ctx, row, link, topic);
    const statement = signTopic(
      {
        ...{ mesh: row.mesh, topic, version: 1, name, visibility },
        ...(history === "all" ? {} : { history }),
        ...(description === undefined ? {} : { description }),
        at: ctx.now() + link.clockAheadMs,
      },
      ctx.secretOf(row).signer,
    );
    await keep(ctx, row, link, statement);
    return { id: topic, topic: knownInfo(ctx, row, topic) };
  });
};

const makesItself = (name: string): MeshError =>
  new MeshError("malformed", "visibility: a dm is there as soon as one of its two has written", {
    hint: `write to ${name}: claudemesh topic post @${name} <text>`,
    detail: { field: "visibility" },
  });

/** What this member can find has the name to itself, so that `#name` says which. */
function requireFree(ctx: DeviceContext, row: MembershipRow, name: string): void {
  const [there] = topicsNamed(ctx.store, row.mesh, name).filter(
    (one) => one.visibility === "public" || describe(ctx, row, one).role !== undefined,
  );
  if (there === undefined) return;
  throw new MeshError("exists", `name: there is a ${there.visibility} topic #${name} already`, {
    hint: `post to it: claudemesh topic post ${name} <text>`,
    detail: { field: "name" },
  });
}

const found = (ctx: DeviceContext, row: MembershipRow, link: MeshLink, topic: TopicId) =>
  addToTopic(ctx, row, link, { topic, member: row.member, role: "lead" });

async function keep(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  topic: Topic,
): Promise<void> {
  const said = await link.client.topic.create({ topic });
  ctx.store.write(() => takeTopic(ctx, row, said));
}
