import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAudit } from "../../scripts/judge-audit.ts";

const report = (severity: string) =>
  JSON.stringify({ vulnerabilities: { ws: { severity, range: "<8.17.1" } } });

test("high and critical findings fail, lesser ones are told, none pass", () => {
  assert.equal(judgeAudit(report("critical")).outcome, "failed");
  assert.equal(judgeAudit(report("high")).outcome, "failed");
  const told = judgeAudit(report("moderate"));
  assert.equal(told.outcome, "passed");
  assert.deepEqual(told.lines, ["moderate: ws <8.17.1"]);
  assert.deepEqual(judgeAudit('{"vulnerabilities":{}}'), { outcome: "passed", lines: [] });
});

test("a registry without a list, or none at all, is a skip that says why", () => {
  const cases = [
    '{"error":{"code":"ENOAUDIT","summary":"Your configured registry does not support audit"}}',
    '{"message":"request to https://registry.example/-/npm/v1/security/audits failed"}',
    "",
    "<html>",
    "null",
  ];
  for (const printed of cases) {
    const { outcome, lines } = judgeAudit(printed);
    assert.equal(outcome, "skipped");
    assert.match(lines.join(), /no list of vulnerabilities: ./);
  }
});
