import { type AnyOp, opNames, ops, parse } from "@claudemesh/protocol";
import { readFrame as readUp } from "../../apps/broker/src/frames.ts";
import { readFrame as readDown } from "../../packages/sdk/src/read-frame.ts";
import { fuzz } from "./hunt.ts";
import { jsonLike, valuesLike } from "./inputs.ts";
import { statementsOf, vectors } from "./vectors.ts";

const { cases: envelopes } = vectors<{ cases: { envelope: unknown }[] }>("envelope");
const { entries } = vectors<{ entries: { entry: unknown }[] }>("roster");
const [profile, receipt, hello] = ["profile", "receipt", "hello"].map((of) => statementsOf(of)[0]);
const { mesh, challenge } = hello as { mesh: string; challenge: string };
const head = { seq: 3, hash: "c0".repeat(32) };
const time = 1_780_000_000_000;

fuzz({
  name: "the broker's frame reader",
  inputs: jsonLike([
    { type: "hello", hello, purpose: "feed", cursor: "abc", client: "fuzz/1" },
    { type: "hello", hello: { protocol: 2 } },
    { type: "call", id: "1", op: "message.send", input: { envelope: envelopes[0]?.envelope } },
    { type: "receipt", id: "2", ack: 3, receipts: [receipt] },
    { type: "cancel", id: "1" },
  ]),
  parse: readUp,
  accepts: (answer) => (answer as ReturnType<typeof readUp>).kind === "frame",
});

const event = (kind: string, body: unknown) => ({
  ...{ type: "event", kind, seq: 4, id: "e4", at: time, body },
});

fuzz({
  name: "the device's frame reader",
  inputs: jsonLike([
    { type: "challenge", challenge, time, protocol: { current: 1, min: 1 } },
    {
      ...{ type: "welcome", mesh, protocol: 1, time, roster: head, headSeq: 9, from: "cursor" },
      position: { epoch: "e", seq: 4 },
    },
    { type: "reply", id: "1", output: { items: [] } },
    { type: "reply", id: "1", error: { code: "not_found", message: "no", detail: { a: 1 } } },
    { type: "progress", id: "1", done: 1, total: 2, note: "half" },
    event("message", envelopes[0]?.envelope),
    event("profile", profile),
    event("receipt", receipt),
    event("roster", entries[0]?.entry),
    { type: "event", kind: "caught_up", seq: 9 },
  ]),
  parse: readDown,
  accepts: (answer) => (answer as ReturnType<typeof readDown>).is !== "breach",
});

/** Each operation's input from whatever the samples turn into. */
fuzz({
  name: "the operations' inputs",
  inputs: valuesLike([
    { envelope: envelopes[0]?.envelope },
    ...entries.slice(0, 4).map(({ entry }) => ({ entry })),
    { profile },
    { mesh, ids: [], id: "msg_1", name: "lab", cursor: "x", limit: 10, since: 0, after: 1 },
    {},
  ]),
  parse: (value) => {
    const taken = opNames.filter((name) => (ops[name] as AnyOp).input.safeParse(value).success);
    return taken.length > 0 ? taken : parse(ops["message.send"].input, value, "input");
  },
});
