import assert from "node:assert/strict";
import { isPlainlyAccepted } from "../../apps/cli/src/runner/accepts.ts";
import { readInput } from "../../apps/cli/src/runner/read-input.ts";
import { resolve } from "../../apps/cli/src/runner/resolve.ts";
import { usageExample } from "../../apps/cli/src/runner/usage-example.ts";
import { validate } from "../../apps/cli/src/runner/validate.ts";
import type { OperationVerb } from "../../apps/cli/src/runner/verb.ts";
import { verbOf, verbs } from "../../apps/cli/src/runner/verbs.ts";
import { fuzz } from "./hunt.ts";
import { textsLike } from "./inputs.ts";
import { oneOf, rarely } from "./numbers.ts";

const call = "claudemesh";
const lines = verbs.map((verb) => usageExample(verb, call).split(" ").slice(1));
const flags = verbs.flatMap(({ fields }) => fields.map((field) => `--${field.flag}`));
const everyWord = [...new Set(lines.flat()), ...flags, "--", "-h", "--json=a,b", "--no-color=x"];
const word = textsLike(everyWord);

fuzz({
  name: "the command line",
  inputs: (numbers) => {
    const argv = [...oneOf(numbers, lines)];
    if (rarely(numbers, 10)) return argv;
    for (let left = 1 + numbers.next(2); left > 0; left--) {
      const kept = rarely(numbers, 2) ? 0 : 1;
      const added = rarely(numbers, 4)
        ? []
        : [rarely(numbers, 2) ? word(numbers) : oneOf(numbers, everyWord)];
      argv.splice(numbers.next(argv.length + 1), kept, ...added);
    }
    if (rarely(numbers, 1000)) argv.push(...Array(10_000).fill(oneOf(numbers, everyWord)));
    return argv;
  },
  parse: (argv) => {
    const found = resolve(argv, call);
    if (found.kind !== "verb") return found;
    const read = readInput(found.verb, found.rest, call);
    if ("op" in found.verb.does) check(verbOf(found.verb.does.op), read.input);
    return read;
  },
});

/** What is taken without the operation's schema is what the schema takes. */
function check(verb: OperationVerb, input: Readonly<Record<string, unknown>>): void {
  if (isPlainlyAccepted(verb.accepts, input)) {
    assert.doesNotThrow(() => validate(verb, input, call));
  } else {
    validate(verb, input, call);
  }
}
