import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ErrorBody, errorTable } from "@claudemesh/protocol";
import { type Answer, codeOf, type MadeKey, RestWorld } from "./rest-world.ts";
import { attempts, brokenBodies, type JsonSchema, sampleOf } from "./values.ts";

interface Route {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly params: readonly string[];
  readonly query: JsonSchema[];
  readonly body: JsonSchema | undefined;
  readonly statuses: ReadonlySet<string>;
  readonly isOpen: boolean;
  readonly isStream: boolean;
}

function routesOf(api: JsonSchema): Route[] {
  return Object.entries<JsonSchema>(api.paths).flatMap(([path, methods]) =>
    Object.entries<JsonSchema>(methods).map(([method, said]) => ({
      id: said.operationId,
      method: method.toUpperCase(),
      path,
      params: said.parameters
        .filter((one: JsonSchema) => one.in === "path")
        .map((one: JsonSchema) => one.name),
      query: said.parameters.filter((one: JsonSchema) => one.in === "query"),
      body: said.requestBody?.content["application/json"].schema,
      statuses: new Set(Object.keys(said.responses)),
      isOpen: said.security.length === 0,
      isStream: said.responses["200"].content["text/event-stream"] !== undefined,
    })),
  );
}

/** What must hold of any answer, whatever was asked. */
function requireTyped(what: string, route: Route, answer: Answer): void {
  const said = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.ok(answer.status < 500, said);
  assert.ok(answer.headers.get("x-request-id"), said);
  assert.doesNotMatch(
    answer.text,
    /\.ts:\d|node:internal|\bat [A-Z]\w+\.|SQLITE|cm_[A-Za-z0-9_-]{43}/,
    said,
  );
  if (answer.status < 400) return;
  const { error } = answer.body;
  assert.ok(ErrorBody.safeParse(error).success, said);
  const { code } = error as { code: keyof typeof errorTable };
  const odd = answer.status === 405 || answer.status === 415;
  if (!odd) assert.equal(answer.status, errorTable[code].http, said);
  if (!odd) assert.ok(route.statuses.has(String(answer.status)), `not described: ${said}`);
}

/** Inputs that succeed, for what a key can do without anyone's signature. */
const good = (topic: string): Record<string, Record<string, unknown>> => ({
  "apikey.list": {},
  "grant.list": {},
  "invite.list": {},
  "keys.list": { commitments: ["0".repeat(64)] },
  "keys.want": { commitments: ["0".repeat(64)] },
  "keys.wanted": {},
  "member.list": {},
  "mesh.info": {},
  "message.post": { to: "#deploys", text: "hello" },
  "notification.list": { limit: 5 },
  "notification.read": {},
  "peer.list": {},
  "roster.list": { after: -1 },
  "topic.history": { topic, limit: 10 },
  "topic.key": {},
  "topic.list": {},
  "topic.members": {},
  "topic.pending_seals": {},
  "topic.posts": { limit: 10 },
  "topic.read": { seq: 1 },
  "topic.typing": { topic },
});

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

const allIn = (route: Route, values: Record<string, string> = {}): string =>
  route.params.reduce(
    (path, name) => path.replace(`{${name}}`, encodeURIComponent(values[name] ?? "deploys")),
    route.path,
  );

function send(
  world: RestWorld,
  route: Route,
  key: MadeKey | undefined,
  input: Record<string, unknown> | string,
  path = allIn(route),
): Promise<Answer> {
  const by = key === undefined ? {} : { key };
  if (route.method !== "GET") return world.ask(route.method, path, { ...by, body: input });
  const fields = typeof input === "string" ? { x: input } : input;
  const query = new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, textOf(value)]),
  );
  return world.ask("GET", query.size === 0 ? path : `${path}?${query}`, by);
}

test("every route of the description answers valid, missing, wrong, oversized and malicious values in its own terms", async () => {
  await using world = await RestWorld.start();
  const { topic } = await world.topic("deploys");
  const key = await world.key({ name: "all", capabilities: ["send", "read", "state", "admin"] });
  const served = await world.ask("GET", "/v1/openapi.json");
  assert.equal(served.text, readFileSync("docs/reference/openapi.json", "utf8"));
  const api = served.body;
  const routes = routesOf(api);
  assert.ok(routes.length > 40);
  const inputs = good(topic);

  for (const route of routes.filter(({ isStream }) => !isStream)) {
    const { id } = route;
    const valid = inputs[id];
    if (valid !== undefined) {
      const answer = await send(world, route, key, valid);
      assert.equal(answer.status, 200, `${id}: ${answer.text}`);
    }
    const { required = [], properties = {} } = route.body ?? {};
    const sample = valid ?? (sampleOf(route.body ?? {}, api.components.schemas) as object);
    const base = typeof sample === "object" && sample !== null ? { ...sample } : {};
    requireTyped(`${id} sample`, route, await send(world, route, key, base));

    if (!route.isOpen) {
      const nobody = await send(world, route, undefined, base);
      assert.deepEqual([nobody.status, codeOf(nobody)], [401, "unauthorized"], id);
    }
    for (const name of required as string[]) {
      const { [name as keyof typeof base]: _left, ...rest } = base as Record<string, unknown>;
      const answer = await send(world, route, key, rest);
      requireTyped(`${id} without ${name}`, route, answer);
      assert.ok(answer.status >= 400, `${id} without ${name}`);
    }
    for (const [index, name] of Object.keys(properties).entries()) {
      const some = attempts.filter((_value, at) => at % 2 === index % 2);
      const tried = some.map(async (value) => {
        const answer = await send(world, route, key, { ...base, [name]: value });
        requireTyped(`${id} ${name} ${textOf(value).slice(0, 30)}`, route, answer);
      });
      await Promise.all(tried);
    }
    for (const { name } of route.query) {
      for (const value of attempts.filter((one) => textOf(one).length < 10_000)) {
        const answer = await send(world, route, key, { [name]: value });
        requireTyped(`${id}?${name}=${textOf(value).slice(0, 30)}`, route, answer);
      }
    }
    const unknown = await send(world, route, key, { ...base, "no such field": 1 });
    requireTyped(`${id} with more`, route, unknown);
    assert.ok(unknown.status >= 400, `${id} takes a field that nobody declared`);
    if (route.method !== "GET") {
      const broken = brokenBodies.map(async (body) => {
        const answer = await send(world, route, key, body);
        requireTyped(`${id} ${body.slice(0, 20)}`, route, answer);
        assert.ok(answer.status >= 400, `${id} takes ${body.slice(0, 20)}`);
      });
      await Promise.all(broken);
      const huge = await send(world, route, key, { pad: "x".repeat(600 * 1024) });
      assert.deepEqual([huge.status, codeOf(huge)], [413, "too_large"], id);
    }
  }

  for (const route of routes.filter(({ params }) => params.length > 0)) {
    for (const value of attempts.map(textOf).filter((one) => one !== "" && one.length < 1_000)) {
      const given = route.params.map((name) => [name, value.toWellFormed()]);
      const path = allIn(route, Object.fromEntries(given));
      const answer = await send(world, route, key, {}, path);
      requireTyped(`${route.id} at ${path}`, route, answer);
      assert.ok(answer.status >= 400, path);
    }
  }
});

test("what is no route, method or media type is told so", async () => {
  await using world = await RestWorld.start();
  const key = await world.key();
  const cases = [
    ["GET", "/v1/", undefined, 404, "not_found"],
    ["POST", "/v1/ops/no.such", {}, 404, "not_found"],
    ["POST", "/v1/ops/__proto__", {}, 404, "not_found"],
    ["POST", "/v1/ops/message.inbox", {}, 404, "not_found"],
    ["GET", "/v1/topics/%ff/messages", undefined, 400, "malformed"],
    ["GET", "/v1/messages", undefined, 405, "malformed"],
    ["DELETE", "/v1/topics", undefined, 405, "malformed"],
    ["GET", "/v1/topics/general/messages?limit=5&limit=6", undefined, 400, "malformed"],
    ["GET", "/v1/topics/general/messages?after=99999", undefined, 400, "cursor_invalid"],
  ] as const;
  for (const [method, path, body, status, code] of cases) {
    const answer = await world.ask(method, path, { key, ...(body && { body }) });
    assert.deepEqual([answer.status, codeOf(answer)], [status, code], `${method} ${path}`);
  }
  const headers = { "content-type": "text/plain" };
  const odd = await world.ask("POST", "/v1/messages", { key, body: "to=general", headers });
  assert.deepEqual([odd.status, codeOf(odd)], [415, "malformed"]);
});

test("the reference page has a strict policy and only its own script", async () => {
  await using world = await RestWorld.start();
  const page = await world.ask("GET", "/v1/docs");
  assert.match(
    page.headers.get("content-security-policy") ?? "",
    /default-src 'none'; script-src 'self';/,
  );
  assert.doesNotMatch(page.text, /<script>|style=|\son\w+=|javascript:/i);
  assert.equal((page.text.match(/<script/g) ?? []).length, 1);
  const script = await world.ask("GET", "/v1/docs.js");
  assert.match(script.headers.get("content-type") ?? "", /javascript/);
  assert.doesNotMatch(script.text, /innerHTML|eval|document\.write|https?:/);
});

test("what is asked again bears a tag, and is not sent twice", async () => {
  await using world = await RestWorld.start();
  const key = await world.key();
  const first = await world.ask("GET", "/v1/topics", { key });
  const etag = first.headers.get("etag") ?? "";
  const again = await world.ask("GET", "/v1/topics", { key, headers: { "if-none-match": etag } });
  assert.deepEqual([again.status, again.text], [304, ""]);
  await world.topic("new");
  const changed = await world.ask("GET", "/v1/topics", { key, headers: { "if-none-match": etag } });
  assert.equal(changed.status, 200);
});

test("a command under one idempotency key is done once, also by two at a time", async () => {
  await using world = await RestWorld.start();
  const { topic } = await world.topic("deploys");
  const key = await world.key({ capabilities: ["send", "read"] });
  const headers = { "idempotency-key": "read-1" };
  const path = "/v1/topics/deploys/read";
  const both = await Promise.all([
    world.ask("POST", path, { key, body: { seq: 3 }, headers }),
    world.ask("POST", path, { key, body: { seq: 3 }, headers }),
  ]);
  assert.deepEqual(
    both.map(({ status, body }) => [status, body]),
    [
      [200, { seq: 3 }],
      [200, { seq: 3 }],
    ],
  );
  await world.client.call("topic.read", { topic, seq: 5 });
  const again = await world.ask("POST", path, { key, body: { seq: 3 }, headers });
  assert.deepEqual(again.body, { seq: 3 }, "the first answer, although more was read since");
  const other = await world.ask("POST", path, { key, body: { seq: 4 }, headers });
  assert.deepEqual([other.status, codeOf(other)], [409, "conflict"]);
});
