import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AnyOp,
  type ApiKeyCapability,
  apiKeyCapabilities,
  type KeyRule,
  ops,
  restRoute,
  type WireOpName,
  wireOpNames,
} from "@claudemesh/protocol";
import { type MadeKey, RestWorld } from "./rest-world.ts";
import { sampleOf } from "./values.ts";

/** What API keys may ask for at all, by what they need; said once more here, so that nothing is opened to them by the way. */
const open: Readonly<
  Record<ApiKeyCapability, Readonly<Record<KeyRule["reach"], readonly string[]>>>
> = {
  send: {
    topic: ["topic.read", "topic.seal", "topic.typing"],
    mesh: [
      ...["keys.put", "keys.want", "schedule.cancel", "schedule.create"],
      ...["watch.create", "watch.delete"],
    ],
    any: ["message.post", "notification.read"],
  },
  read: {
    topic: ["topic.history", "topic.key", "topic.members", "topic.pending_seals", "topic.posts"],
    mesh: [
      ...["clock.get", "keys.list", "keys.wanted", "message.status", "roster.list"],
      ...["schedule.list", "watch.list"],
    ],
    any: ["file.list", "member.list", "mesh.info", "notification.list", "peer.list", "topic.list"],
  },
  state: {
    topic: [
      ...["memory.add", "memory.delete", "memory.list", "memory.search"],
      ...["state.delete", "state.get", "state.list", "state.set", "stream.create"],
    ],
    mesh: [
      ...["clock.pause", "clock.resume", "clock.set"],
      ...["context.get", "context.list", "context.share"],
      ...["skill.get", "skill.list", "skill.remove", "skill.share", "stream.list"],
      ...["task.cancel", "task.claim", "task.complete", "task.create", "task.list"],
    ],
    any: [],
  },
  admin: {
    topic: [],
    mesh: [
      ...["apikey.create", "apikey.list", "apikey.revoke", "grant.list", "grant.set"],
      ...["invite.create", "invite.list", "invite.renew", "invite.revoke"],
      ...["member.ban", "member.disconnect", "member.kick", "member.permissions"],
      ...["member.role", "member.unban", "member.update", "mesh.rename", "mesh.settings"],
      ...["roster.append", "topic.create", "topic.delete", "topic.invite", "topic.join"],
      ...["topic.leave", "topic.update"],
      ...["vault.delete", "vault.get", "vault.list", "vault.set"],
      ...["webhook.create", "webhook.delete", "webhook.list"],
    ],
    any: [],
  },
};

const ruleOf = (name: string): KeyRule | undefined => {
  for (const needs of apiKeyCapabilities) {
    for (const reach of ["topic", "mesh", "any"] as const) {
      if (open[needs][reach].includes(name)) return { needs, reach };
    }
  }
  return undefined;
};

test("what is open to API keys is what this table says", () => {
  for (const name of wireOpNames) {
    const declared: AnyOp = ops[name];
    assert.deepEqual(declared.key, ruleOf(name), name);
  }
});

interface Holder {
  readonly key: MadeKey;
  readonly capability: ApiKeyCapability;
  readonly scope: "mesh" | "own topic" | "other topic";
}

/** Why a key is refused before anything is looked at; undefined where it is let through to the operation. */
function expected(name: WireOpName, { capability, scope }: Holder): string | undefined {
  const rule = ruleOf(name);
  if (rule === undefined) return "members_only";
  if (rule.needs !== capability) return "capability";
  if (scope === "mesh" || rule.reach === "any") return undefined;
  return rule.reach === "mesh" || scope === "other topic" ? "scope" : undefined;
}

test("each key may ask for what its capability and topics let it, and for nothing else", async () => {
  await using world = await RestWorld.start();
  const [asked, other] = [await world.topic("asked"), await world.topic("other")];
  const holders: Holder[] = [];
  for (const capability of apiKeyCapabilities) {
    const capabilities = [capability];
    const topics = { "own topic": [asked.topic], "other topic": [other.topic] };
    holders.push({ capability, scope: "mesh", key: await world.key({ capabilities }) });
    for (const scope of ["own topic", "other topic"] as const) {
      const key = await world.key({ capabilities, topics: topics[scope] });
      holders.push({ capability, scope, key });
    }
  }
  const api = (await world.ask("GET", "/v1/openapi.json")).body;
  const wrong: string[] = [];
  for (const name of wireOpNames) {
    const declared: AnyOp = ops[name];
    if (declared.scope === "public") continue;
    const { method, path } = restRoute(declared);
    const said = api.paths[path][method.toLowerCase()];
    const schema = said.requestBody?.content["application/json"].schema ?? { type: "object" };
    const input = sampleOf(schema, api.components.schemas) as Record<string, unknown>;
    const takesTopic = schema.properties?.topic?.type === "string";
    if (takesTopic) input.topic = asked.topic;
    const isAsked = said.parameters.some(
      ({ in: place, name }: { in: string; name: string }) => place === "query" && name === "topic",
    );
    const at = `${path.replace("{topic}", "asked")}${isAsked ? `?topic=${asked.topic}` : ""}`;
    for (const holder of holders) {
      const answer = await world.ask(method, at, {
        key: holder.key,
        ...(method === "GET" ? {} : { body: typeof input === "object" ? input : {} }),
      });
      const reason = answer.body?.error?.detail?.reason;
      const wanted = expected(name, holder);
      const isRefused =
        answer.status === 403 && ["members_only", "capability", "scope"].includes(reason);
      const isRight =
        wanted === undefined
          ? !isRefused || (name === "message.post" && reason === "scope")
          : answer.status === 403 || (wanted === "scope" && answer.status === 400);
      if (!isRight) {
        wrong.push(
          `${name} by ${holder.capability}, ${holder.scope}: ${answer.status} ${reason}, wanted ${wanted}`,
        );
      }
      if (wanted !== undefined && answer.status === 200) wrong.push(`${name} was done`);
    }
  }
  assert.deepEqual(wrong, []);
});
