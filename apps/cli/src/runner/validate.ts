import { type AnyOp, type ErrorCode, edgeInput, MeshError, ops } from "@claudemesh/protocol";
import { nearest } from "./distance.ts";
import { usageExample } from "./usage-example.ts";
import { type OperationVerb, shownAs } from "./verb.ts";

/** Checks the input against the operation's own schema, so that a mistake is answered before anything is opened. Throws `malformed`. */
export function validate(
  verb: OperationVerb,
  input: Readonly<Record<string, unknown>>,
  call: string,
): void {
  const declared: AnyOp = ops[verb.does.op];
  const result = edgeInput(declared).safeParse(input);
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
  const { code, said } = sentence(issue, given);
  if (code === "too_large") throw new MeshError(code, `${spelled}: ${said}`);
  throw new MeshError(code, `${spelled}: ${said}`, {
    hint: near
      ? `did you mean: --${field?.flag} ${near}`
      : `for example: ${usageExample(verb, call)}, or see: ${call} ${shownAs(verb)} --help`,
    detail: { field: name },
  });
}

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly origin?: unknown;
  readonly format?: unknown;
  readonly maximum?: unknown;
  readonly minimum?: unknown;
}

/** What a schema says for programmers, in the words of the command line. */
function sentence(
  issue: Issue | undefined,
  given: unknown,
): { readonly code: ErrorCode; readonly said: string } {
  if (issue?.code === "too_big" && issue.origin === "string") {
    const length = typeof given === "string" ? given.length : 0;
    return {
      code: "too_large",
      said: `${length} characters are too many; at most ${issue.maximum} fit`,
    };
  }
  if (issue?.code === "too_big")
    return { code: "malformed", said: `it is at most ${issue.maximum}` };
  if (issue?.code === "too_small" && issue.origin !== "string") {
    return { code: "malformed", said: `it is at least ${issue.minimum}` };
  }
  if (issue?.code === "too_small") {
    const least = `it is too short; give at least ${issue.minimum} characters`;
    return { code: "malformed", said: issue.minimum === 1 ? "it is empty" : least };
  }
  if (issue?.code === "invalid_format" && issue.format === "url") {
    return { code: "malformed", said: "it is not a URL such as https://mesh.example" };
  }
  return { code: "malformed", said: issue?.message ?? "not valid" };
}
