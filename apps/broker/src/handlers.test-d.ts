// What must and must not compile; `tsc` is the test.
import type { Handler, Handlers } from "./handler.ts";
import { handlers } from "./ops/index.ts";

const { "peer.list": _left, ...rest } = handlers;
// @ts-expect-error a handler is missing
const incomplete: Handlers = rest;
void incomplete;

const wrongCode: Handler<"mesh.info"> = async (_input, ctx) => {
  // @ts-expect-error a code that the operation does not list
  throw ctx.fail("exhausted", "no");
};
void wrongCode;

const listedCode: Handler<"message.status"> = async (_input, ctx) => {
  throw ctx.fail("not_found", "no");
};
void listedCode;

const reader: Handler<"message.send"> = async ({ envelope }, ctx) => {
  // @ts-expect-error a sealed field has no text to read
  envelope.body.startsWith("x");
  throw ctx.fail("conflict", "no");
};
void reader;

const anyone: Handler<"invite.preview"> = async (_input, ctx) => {
  // @ts-expect-error a public operation has no actor
  void ctx.actor;
  throw ctx.fail("expired", "no");
};
void anyone;

// @ts-expect-error an answer that is not the operation's
const wrongOutput: Handler<"mesh.leave"> = async () => ({ gone: true });
void wrongOutput;
