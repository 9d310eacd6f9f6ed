import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyOp, closeCodes, opNames, ops } from "@claudemesh/protocol";
import { edgeInputSchema } from "@claudemesh/protocol/derive";

test("a summary is one imperative line: capital, no full stop, short enough for help", () => {
  for (const name of opNames) {
    const { summary } = ops[name];
    assert.match(summary, /^[A-Z][a-z]+ /, `${name}: begin with a verb: ${summary}`);
    assert.doesNotMatch(summary, /^[A-Z][a-z]+s /, `${name}: "${summary}" is not imperative`);
    assert.doesNotMatch(summary, /\.$/, `${name}: no full stop`);
    assert.ok(summary.length <= 64, `${name}: ${summary.length} characters`);
  }
});

test("a field's description is a phrase: lower case, no full stop", () => {
  for (const name of opNames) {
    const declared: AnyOp = ops[name];
    const schema = edgeInputSchema(declared) as {
      properties?: Record<string, { description?: string }>;
    };
    for (const [field, { description }] of Object.entries(schema.properties ?? {})) {
      if (description === undefined) continue;
      assert.match(
        description,
        /^(?:[a-z-]|URL|SHA|Ed|X2|AEAD)/,
        `${name}.${field}: ${description}`,
      );
      assert.doesNotMatch(description, /\.$/, `${name}.${field}: no full stop`);
    }
  }
});

test("every close code has its sentence", () => {
  for (const [code, row] of Object.entries(closeCodes)) {
    assert.match(row.sentence, /^[a-z].*[^.]$/, code);
  }
});
