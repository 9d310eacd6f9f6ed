import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startBroker } from "../broker/support/broker.ts";
import { foundMesh } from "../broker/support/member.ts";

const root = join(import.meta.dirname, "../..");
const dashboard = readFileSync(join(root, "deploy/grafana-dashboard.json"), "utf8");

const metricsIn = (text: string): Set<string> =>
  new Set(text.match(/\b(claudemesh|nodejs|process)_[a-z_]+/g) ?? []);

test("every metric of the dashboard and of the guide is one that the broker has, and the guide names all of them", async () => {
  await using at = await startBroker();
  await foundMesh(at.url);
  const text = await (await fetch(`${at.url}/metrics`)).text();
  const types = new Map(
    [...text.matchAll(/^# TYPE ([a-z_]+) ([a-z]+)$/gm)].map(([, name = "", type = ""]) => [
      name,
      type,
    ]),
  );
  const known = new Set([...types.keys()]);
  const { panels } = JSON.parse(dashboard) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  assert.ok(panels.length >= 12);
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      for (const name of metricsIn(expr)) {
        const base = name.replace(/_bucket$/, "");
        assert.ok(known.has(base), `${title}: ${name}`);
        assert.equal(types.get(base) === "histogram", name !== base, `${title}: ${name}`);
      }
    }
  }
  const guide = readFileSync(join(root, "docs/guide/observability.md"), "utf8");
  const told = metricsIn(guide);
  assert.deepEqual(
    [...known].filter((name) => !told.has(name)),
    [],
  );
  assert.deepEqual(
    [...told].filter((name) => !known.has(name)),
    [],
  );
});
