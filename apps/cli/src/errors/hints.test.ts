import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, errorTable, MeshError, nouns } from "@claudemesh/protocol";
import { verbOf } from "../runner/verbs.ts";
import { terminalOf } from "../terminal/terminal.ts";
import { hostWith } from "../testing/host.ts";
import { asMeshError } from "./as-mesh-error.ts";
import { type ErrorContext, hintFor } from "./hints.ts";
import { errorJson, errorText } from "./print-error.ts";

const { host } = hostWith({});
const terminal = terminalOf(host, host.stderr, true);
const context: ErrorContext = {
  call: "npx claudemesh",
  argv: ["send", "alcie", "hi"],
  verb: verbOf(nouns.message.send.name),
  home: "/home/a/.claudemesh",
};
const join: ErrorContext = { ...context, verb: verbOf(nouns.invite.claim.name) };

/** Codes whose thrower always says the next step, or for which there is none but reading the message. */
const silent: readonly ErrorCode[] = [
  ...([
    "ambiguous",
    "cancelled",
    "conflict",
    "cursor_invalid",
    "exists",
    "invite_v1_gone",
    "loop_limit",
    "repeated",
  ] as const),
  ...(["malformed", "roster_fork", "unauthorized", "expired", "not_found"] as const),
];

test("every code of the table has a next step, or is known to have none", () => {
  for (const code of Object.keys(errorTable) as ErrorCode[]) {
    const hint = hintFor(new MeshError(code, "it went wrong"), context);
    assert.equal(hint === undefined, silent.includes(code), `${code}: ${hint}`);
  }
});

test("invite errors send the joiner back to the inviter", () => {
  for (const code of ["exhausted", "expired", "not_found", "revoked"] as const) {
    assert.match(String(hintFor(new MeshError(code, "no"), join)), /ask whoever invited you/, code);
  }
});

test("a near name becomes the exact command", () => {
  const error = new MeshError("no_recipient", "to: there is no alcie in the mesh; known: alice", {
    hint: "did you mean alice?",
    detail: { known: ["alice"], didYouMean: "alice" },
  });
  assert.equal(hintFor(error, context), "did you mean: npx claudemesh send alice hi");
});

test("commands in hints are the ones that work here", () => {
  const error = new MeshError("forbidden", "no", { hint: "see `claudemesh mesh settings`" });
  assert.equal(hintFor(error, context), "see `npx claudemesh mesh settings`");
  const taken = new MeshError("address_in_use", "taken", {
    hint: "claudemesh broker start --port 7901",
    detail: { port: 7900 },
  });
  assert.equal(
    hintFor(taken, { ...context, verb: verbOf(nouns.mesh.list.name) }),
    "take another port: npx claudemesh list --port 7901",
  );
});

test("system errors become codes of the table, and the unexpected tells nothing of itself", () => {
  const thrown = (code: string) => asMeshError(Object.assign(new Error("secret"), { code })).code;
  assert.equal(thrown("ENOSPC"), "disk_full");
  assert.equal(thrown("EADDRINUSE"), "address_in_use");
  assert.equal(thrown("EACCES"), "not_writable");
  const unexpected = asMeshError(new Error("secret"));
  assert.equal(unexpected.code, "internal");
  assert.doesNotMatch(errorText(unexpected, context, terminal), /secret/);
  assert.doesNotMatch(errorJson(unexpected, context), /secret/);
});

test("what an error quotes cannot act on the terminal", () => {
  const error = new MeshError("no_recipient", "there is no \u001b[2J in the mesh");
  assert.match(errorText(error, context, terminal), /there is no \\x1b\[2J/);
});
