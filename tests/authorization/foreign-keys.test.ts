import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyOp, apiKeyCapabilities, ops, restRoute, wireOpNames } from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import { drawKey } from "../rest/rest-world.ts";
import { learn } from "./ready.ts";
import { rows } from "./rows/index.ts";
import { World } from "./world.ts";

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

test("no API key of another mesh changes anything of this one or is told of it, whatever ids it asks with", async () => {
  await using at = await startBroker({ jobs: false }, { checkOutput: false });
  using world = await World.start(at);
  const by = world.person("elsewhere");
  const { input, secret } = drawKey({ capabilities: apiKeyCapabilities });
  await by.client.call("apikey.create", input);
  const authorization = `Bearer ${secret}`;
  const wrong: string[] = [];
  let asked = 0;
  for (const name of wireOpNames) {
    const declared: AnyOp = ops[name];
    if (declared.scope === "public") continue;
    const { method, params, path } = restRoute(declared);
    for (const row of rows[name] ?? []) {
      await learn(by);
      const given = (await row.ask(by, world)) as Record<string, unknown>;
      const at = params.reduce(
        (so, param) => so.replace(`{${param}}`, encodeURIComponent(textOf(given[param] ?? "x"))),
        path,
      );
      const fields = Object.entries(given).filter(([field]) => !params.includes(field));
      const query = new URLSearchParams(fields.map(([field, value]) => [field, textOf(value)]));
      await world.remember();
      const response = await fetch(
        `${world.url}${at}${method === "GET" && query.size > 0 ? `?${query}` : ""}`,
        {
          method,
          headers: { authorization, "content-type": "application/json" },
          ...(method === "GET" ? {} : { body: JSON.stringify(Object.fromEntries(fields)) }),
        },
      );
      const told = await response.text();
      const { ours } = await world.changes("what");
      const said = JSON.stringify(given);
      const named = world.ids.find((id) => told.includes(id) && !said.includes(id));
      const what = `${name}${row.of ? `, ${row.of}` : ""}: ${response.status}`;
      if (response.status >= 500) wrong.push(`${what} ${told.slice(0, 200)}`);
      if (ours.length > 0) wrong.push(`${what}, and ${ours.join(" and ")} changed`);
      if (named !== undefined) wrong.push(`${what}, and the answer names ${named}`);
      asked += 1;
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(asked > 100, `only ${asked}`);
});
