import assert from "node:assert/strict";
import { test } from "node:test";
import { readInput } from "./read-input.ts";
import { usageExample } from "./usage-example.ts";
import { validate } from "./validate.ts";
import { type OperationVerb, shownAs } from "./verb.ts";
import { verbs } from "./verbs.ts";

/** The words that a shell would make of a line. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );

for (const verb of verbs) {
  test(`the example of ${verb.words} is taken, and names nothing by its field`, () => {
    const line = usageExample(verb, "claudemesh");
    const typed = wordsOf(line).slice(1 + shownAs(verb).split(" ").length);
    const { input } = readInput(verb, typed, "claudemesh");
    if ("op" in verb.does) validate(verb as OperationVerb, input, "claudemesh");
    for (const { field } of verb.args) assert.notEqual(input[field], field, line);
  });
}
