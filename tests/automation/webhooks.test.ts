import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { promisify } from "node:util";
import { generalTopic } from "@claudemesh/crypto";
import { audienceOfTopic, everyone, type JobId, type OpenOutput } from "@claudemesh/protocol";
import { addMember } from "../broker/support/member.ts";
import { onBothStores } from "../rest/on-both-stores.ts";
import { RestWorld } from "../rest/rest-world.ts";
import { said } from "./said.ts";

const hex = (secret: string, text: string) =>
  createHmac("sha256", secret).update(text).digest("hex");

const own = (secret: string, body: string, at = Date.now()) => {
  const seconds = Math.floor(at / 1_000);
  return { "x-claudemesh-signature": `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}` };
};

const github = (secret: string, body: string, event: string, delivery = "1") => ({
  "x-hub-signature-256": `sha256=${hex(secret, body)}`,
  "x-github-event": event,
  "x-github-delivery": delivery,
});

const headSeq = async ({ at, owner }: RestWorld) =>
  (await at.broker.store.read.mesh(owner.mesh))?.headSeq;

interface Hook {
  readonly id: JobId;
  readonly url: string;
  readonly secret: string;
}

const made = async ({ client }: RestWorld, input: object) =>
  (await client.call("webhook.create", input)) as unknown as Hook;

const repository = { full_name: "team/app" };
const events: readonly [event: string, body: object, text: RegExp][] = [
  [
    "push",
    {
      ref: "refs/heads/main",
      repository,
      pusher: { name: "carol" },
      compare: "https://github.com/team/app/compare/1...2",
      commits: [{ id: "0123456789", message: "Fix it\n\nLong story" }],
    },
    /^team\/app: carol pushed 1 commit to main\n0123456 Fix it\nhttps:\/\/github/,
  ],
  [
    "pull_request",
    {
      action: "closed",
      repository,
      sender: { login: "carol" },
      pull_request: { number: 7, title: "Faster", merged: true, html_url: "https://github.com/7" },
    },
    /^team\/app: carol merged pull request #7 Faster\n/,
  ],
  [
    "issues",
    {
      action: "opened",
      repository,
      sender: { login: "dave" },
      issue: { number: 8, title: "Broken", html_url: "https://github.com/8" },
    },
    /^team\/app: dave opened issue #8 Broken\n/,
  ],
  [
    "workflow_run",
    {
      action: "completed",
      repository,
      workflow_run: { name: "CI", head_branch: "main", conclusion: "failure", html_url: "u" },
    },
    /^team\/app: workflow CI on main: failure\nu$/,
  ],
  ["star", { action: "created", repository }, /^\{\n "action": "created"/],
];

/** Posts in chunks, of which nobody said beforehand how many there are. */
async function chunked({ secret, url }: Hook, body: string) {
  const request = httpRequest(url, { method: "POST", headers: own(secret, body) });
  const answered = once(request, "response");
  request.on("error", () => {});
  for (let at = 0; at < body.length; at += 64 * 1024) request.write(body.slice(at, at + 64 * 1024));
  request.end();
  const [response] = (await answered) as [IncomingMessage];
  return { status: response.statusCode, text: Buffer.concat(await response.toArray()).toString() };
}

test("a signed post becomes a message, once; any other leaves nothing", async () => {
  await using world = await RestWorld.start();
  const { owner } = world;
  const { store } = world.at.broker;
  const hook = await made(world, { name: "GitHub", to: "#general" });
  const path = new URL(hook.url).pathname;
  const post = (body: string, headers: Record<string, string>, to = path) =>
    world.ask("POST", to, { body, headers });
  const general = audienceOfTopic(generalTopic(owner.mesh));
  for (const [n, [event, value, text]] of events.entries()) {
    const body = JSON.stringify(value);
    const taken = await post(body, github(hook.secret, body, event, String(n)));
    assert.equal(taken.status, 202, taken.text);
    const message = (await said(store, owner, general)).at(-1);
    assert.match(message?.text ?? "", text);
    assert.deepEqual([message?.id, message?.subtype], [taken.body.id, "webhook"]);
    assert.deepEqual(message?.from, { job: hook.id, name: "GitHub", owner: owner.id });
    const again = await post(body, github(hook.secret, body, event, "another delivery"));
    assert.deepEqual([again.status, again.body], [202, { id: taken.body.id, repeated: true }]);
  }
  const body = '{"ok":true}';
  assert.equal((await post(body, own(hook.secret, body))).status, 202);
  assert.equal((await chunked(hook, "hello")).status, 202);
  const plain = await said(store, owner, general);
  assert.equal(plain.at(-1)?.text, "hello");
  assert.equal(plain.length, events.length + 2);

  const before = await headSeq(world);
  const old = Date.now() - 6 * 60_000;
  const unknown = `/v1/hooks/${hook.id.slice(0, -12)}000000000000`;
  const refusals = [
    await post(body, {}),
    await post(body, own("wrong", body)),
    await post(body, own(hook.secret, `${body} `)),
    await post(body, own(hook.secret, body, old)),
    await post(body, own(hook.secret, body, Date.now() + 6 * 60_000)),
    await post(body, { "x-claudemesh-signature": "nonsense" }),
    await post(body, { ...github(hook.secret, body, "ping"), ...own("wrong", body) }),
    await post(body, { "x-hub-signature-256": "sha256=00" }),
    await post(body, { "x-hub-signature-256": `sha1=${"0".repeat(40)}` }),
    await post(body, own(hook.secret, body), unknown),
    await post(body, own(hook.secret, body), "/v1/hooks/none"),
    await post(body, own(hook.secret, body), `${path}/more`),
  ];
  for (const { status, body: told } of refusals) {
    assert.deepEqual([status, told.error.code], [401, "unauthorized"]);
    assert.equal(told.error.message, refusals[0]?.body.error.message);
  }
  const large = "x".repeat(1024 * 1024 + 1);
  assert.equal((await post(large, own(hook.secret, large))).status, 413);
  const tooLarge = await chunked(hook, large);
  assert.equal(tooLarge.status, 413);
  assert.equal(JSON.parse(tooLarge.text).error.code, "too_large");
  assert.equal((await world.ask("GET", path)).status, 405);
  assert.equal(await headSeq(world), before);
});

test("a webhook's secret is told once and lies nowhere open; taken away, or where nothing unsigned is taken, it takes nothing", async () => {
  await using world = await RestWorld.start();
  const { client, owner } = world;
  const hook = await made(world, { name: "ci", to: everyone });
  const { items } = (await client.call("webhook.list", {})) as { items: Hook[] };
  assert.deepEqual([items.length, items[0]?.url], [1, hook.url]);
  const row = await world.at.broker.store.read.job(hook.id);
  const shown = JSON.stringify([items, row, world.at.lines]);
  assert.ok(!shown.includes(hook.secret) && !shown.includes(hook.secret.slice(4)));
  const path = new URL(hook.url).pathname;
  const post = (body: string) => world.ask("POST", path, { body, headers: own(hook.secret, body) });
  assert.equal((await post("1")).status, 202);
  const entry = owner.next("policy", { requireE2E: true });
  await client.call("mesh.settings", { entry });
  const refused = await post("2");
  assert.deepEqual([refused.status, refused.body.error.detail.reason], [403, "require_e2e"]);
  await client.call("webhook.delete", { id: hook.id });
  assert.equal((await post("3")).status, 401);
  assert.equal((await said(world.at.broker.store, owner, everyone)).length, 1);
});

test("a webhook shows its last post, and takes nothing more after ten that nobody is there for", async () => {
  await using world = await RestWorld.start();
  const { client, owner } = world;
  const { store } = world.at.broker;
  const bob = await addMember(owner, "bob");
  const hook = await made(world, { name: "ci", to: bob.id });
  const path = new URL(hook.url).pathname;
  const post = (body: string) => world.ask("POST", path, { body, headers: own(hook.secret, body) });
  const state = async () => {
    const { items } = (await client.call("webhook.list", {})) as unknown as {
      items: OpenOutput<"webhook.list">["items"];
    };
    return items[0];
  };
  assert.equal((await state())?.last, undefined);
  assert.equal((await post("one")).status, 202);
  assert.deepEqual([(await state())?.last?.ok, (await state())?.last?.said], [true, "said"]);
  const leaving = await bob.connect();
  await leaving.call("mesh.leave", { entry: bob.next("remove", { member: bob.id }) });
  await leaving.close();
  for (let n = 1; n <= 10; n++) {
    const refused = await post(`lost ${n}`);
    assert.equal(refused.body.error.code, "no_recipient", refused.text);
    assert.equal((await state())?.fails, n);
  }
  assert.match((await state())?.stopped ?? "", /not in the mesh any more/);
  assert.equal((await post("after")).status, 401);
  const told = (await said(store, owner)).map(({ text }) => text);
  assert.deepEqual(told, [
    "webhook ci failed: to: the recipient is not in the mesh any more.",
    "webhook ci takes nothing more: to: the recipient is not in the mesh any more. It failed 10 times in a row.",
  ]);
});

test("posts to one webhook are bounded", async () => {
  const at = Date.now();
  await using world = await RestWorld.start({}, { now: () => at });
  const hook = await made(world, { name: "ci" });
  const path = new URL(hook.url).pathname;
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, n) =>
      world.ask("POST", path, { body: String(n), headers: own(hook.secret, String(n)) }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(refused.length, 20);
  assert.equal((await said(world.at.broker.store, world.owner)).length, 60);
});

/** What a command of the guide prints, as far as it is looked at. */
type Told = Readonly<Record<string, unknown>> & { readonly items?: readonly Hook[] };

const guide = readFileSync("docs/guide/automation.md", "utf8");
const scripts = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script = ""]) => script);

/** Runs one of the guide's blocks of commands, and answers what each of them printed. */
async function follow(at: number, variables: Record<string, string>): Promise<Told[]> {
  const { PATH = "" } = process.env;
  const env = { PATH, ...variables };
  const { stdout } = await promisify(execFile)("sh", ["-c", scripts[at] ?? ""], { env });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Told);
}

const withoutJobs = { jobs: false };
onBothStores("the guide's commands post and ask for what it says", withoutJobs, async (world) => {
  const hook = await made(world, { name: "ci" });
  const [posted] = await follow(0, { SECRET: hook.secret, URL: hook.url });
  const [message] = await said(world.at.broker.store, world.owner);
  assert.deepEqual(posted, { id: message?.id, repeated: false });
  assert.match(message?.text ?? "", /the build is green/);

  const key = await world.key({ capabilities: ["admin", "read", "send", "state"] });
  const broker = new URL(hook.url).origin;
  const env = { KEY: key.secret, BROKER: broker };
  const told = await follow(1, env);
  const [scheduled, schedules, watched, watches, set, paused, ...more] = told;
  const [resumed, clock, hooked, hooks] = more;
  assert.deepEqual([scheduled?.what, scheduled?.text], ["message", "stand up"]);
  assert.deepEqual(schedules, { items: [scheduled], calls: [] });
  assert.deepEqual([watched?.mode, watched?.everyMs], ["status", 60_000]);
  assert.equal(watches?.items?.[0]?.id, watched?.id);
  assert.deepEqual([set?.running, set?.speed], [true, 10]);
  assert.equal(paused?.paused, "it was paused");
  assert.deepEqual([resumed?.running, clock?.running], [true, true]);
  assert.match(String(hooked?.secret), /^whs_/);
  assert.deepEqual(
    hooks?.items?.map(({ id }) => id),
    [hook.id, hooked?.id],
  );
  const ids = [scheduled, watched, hooked].map((one) => String(one?.id));
  const [SCHEDULE = "", WATCH = "", WEBHOOK = ""] = ids;
  const gone = await follow(2, { ...env, SCHEDULE, WATCH, WEBHOOK });
  assert.deepEqual(
    gone.map(({ id }) => id),
    ids,
  );
  const call = { entry: {}, ciphertext: "" };
  const refused = await world.ask("POST", "/v1/schedules/tools", { key, body: { call } });
  assert.deepEqual([refused.status, refused.body.error.code], [403, "forbidden"]);
  assert.match(refused.body.error.message, /takes a member's own device/);
});
