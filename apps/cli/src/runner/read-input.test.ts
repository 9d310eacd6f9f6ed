import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError, nouns } from "@claudemesh/protocol";
import { readInput } from "./read-input.ts";
import { verbOf } from "./verbs.ts";

const send = verbOf(nouns.message.send.name);
const settings = verbOf(nouns.mesh.settings.name);
const invite = verbOf(nouns.invite.create.name);

const read = (verb: typeof send, ...argv: string[]) => readInput(verb, argv, "claudemesh");
const refusal = (verb: typeof send, ...argv: string[]): MeshError => {
  try {
    read(verb, ...argv);
  } catch (error) {
    assert.ok(error instanceof MeshError);
    assert.equal(error.code, "malformed");
    return error;
  }
  assert.fail("was accepted");
};

test("positional arguments, flags and the rest of the line become fields", () => {
  const { input, globals } = read(send, "bob", "hello", "there", "--priority", "now", "--json");
  assert.deepEqual(input, { to: "bob", text: "hello there", priority: "now" });
  assert.equal(globals.json, true);
  assert.deepEqual(read(send, "--to=bob", "--", "--dashed").input, { to: "bob", text: "--dashed" });
  assert.deepEqual(read(send, "bob", "-").input, { to: "bob", text: "-" });
});

test("booleans, numbers and lists have their forms", () => {
  const { input } = read(
    settings,
    "--no-require-e2e",
    "--retention-days=30",
    "--self-editable",
    "groups,roleTag",
    "--self-editable=displayName",
  );
  assert.deepEqual(input, {
    requireE2E: false,
    retentionDays: 30,
    selfEditable: ["groups", "roleTag", "displayName"],
  });
});

test("projection needs the equals sign", () => {
  assert.deepEqual(read(send, "bob", "hi", "--json=id,to.name").globals.project, ["id", "to.name"]);
  assert.deepEqual(read(send, "bob", "hi", "--json", "id").input.text, "hi id");
  assert.match(refusal(send, "bob", "hi", "--json=").message, /names no field/);
});

test("every mistake is named with what to type instead", () => {
  const cases: readonly [MeshError, RegExp, RegExp][] = [
    [refusal(send), /send needs <to>/, /claudemesh send bob "The build is green"/],
    [refusal(send, "bob"), /send needs <text>/, /claudemesh send bob/],
    [refusal(send, "bob", "hi", "--priorty", "now"), /no flag --priorty/, /--priority now/],
    [refusal(send, "bob", "hi", "-x"), /no flag -x/, /put -- before/],
    [refusal(send, "bob", "hi", "--priority", "nwo"), /one of now, next, low/, /--priority now/],
    [refusal(send, "bob", "hi", "--mesh"), /--mesh needs a value/, /--mesh home/],
    [refusal(send, "bob", "hi", "--mesh", "--json"), /--mesh needs a value/, /--mesh home/],
    [refusal(invite, "--uses", "many"), /--uses needs a number/, /--uses 3/],
    [refusal(invite, "extra"), /takes no argument "extra"/, /claudemesh invite/],
    [refusal(settings, "--require-e2e=perhaps"), /true, false or nothing/, /^undefined$/],
    [refusal(verbOf(nouns.mesh.list.name), "--mesh", "home"), /does not take --mesh/, /--help/],
  ];
  for (const [error, message, hint] of cases) {
    assert.match(error.message, message);
    assert.match(String(error.hint), hint);
  }
});

test("on or off is given as a word where it is an argument, and nothing where nothing means something", () => {
  const visible = verbOf(nouns.visible.set.name);
  assert.equal(read(visible, "false").input.visible, false);
  assert.match(refusal(visible, "perhaps").message, /true or false, not "perhaps"/);
  assert.equal(read(verbOf(nouns.summary.set.name), "").input.text, "");
  assert.match(refusal(send, "bob", "").message, /send needs <text>/);
});

test("help is read before anything is missed", () => {
  assert.equal(read(send, "--help").globals.help, true);
  assert.equal(read(send, "-h").globals.help, true);
});
