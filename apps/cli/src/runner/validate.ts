import { type AnyOp, type EdgeOpName, MeshError, ops } from "@claudemesh/protocol";
import { nearest } from "./distance.ts";
import { usageExample } from "./usage-example.ts";
import { shownAs, type Verb } from "./verb.ts";

/** Checks the input against the operation's own schema, so that a mistake is answered before anything is opened. Throws `malformed`. */
export function validate(
  verb: Verb,
  op: EdgeOpName,
  input: Readonly<Record<string, unknown>>,
  call: string,
): void {
  const declared: AnyOp = ops[op];
  const result = (declared.open?.input ?? declared.input).safeParse(input);
  if (result.success) return;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0] ?? "");
  const field = verb.fields.find((known) => known.name === name);
  const spelled = verb.args.some((arg) => arg.field === name)
    ? `<${field?.flag ?? name}>`
    : `--${field?.flag ?? name}`;
  const given = input[name];
  const near =
    field?.choices && typeof given === "string" ? nearest(given, field.choices) : undefined;
  throw new MeshError("malformed", `${spelled}: ${issue?.message ?? "not valid"}`, {
    hint: near
      ? `did you mean: --${field?.flag} ${near}`
      : `for example: ${usageExample(verb, call)}, or see: ${call} ${shownAs(verb)} --help`,
    detail: { field: name },
  });
}
