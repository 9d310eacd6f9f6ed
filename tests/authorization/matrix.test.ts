import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyOp, MeshError, ops, type WireOpName, wireOpNames } from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import { Client } from "../broker/support/client.ts";
import { learn } from "./ready.ts";
import { type Caller, callers, isInsider, outcomeOf, type Row } from "./row.ts";
import { rows } from "./rows/index.ts";
import type { Changes } from "./stored.ts";
import { World } from "./world.ts";

test("every operation of the wire has its rows", () => {
  const missing = wireOpNames.filter((name) => rows[name] === undefined);
  assert.deepEqual(
    missing,
    [],
    `say in tests/authorization/rows/<noun>.ts who may ask for ${missing.join(", ")}, with an input that is good but for the right`,
  );
});

/** Members last, in whose words others ask, since an answer may end their membership. */
const inTurn = callers.toSorted((a, b) => Number(isInsider(a)) - Number(isInsider(b)));

/** Every cell, those last that end a membership. */
function* cells(): Generator<[WireOpName, Row]> {
  for (const isLast of [false, true]) {
    for (const name of wireOpNames) {
      for (const row of rows[name] ?? []) {
        if ((row.last ?? false) === isLast) yield [name, row];
      }
    }
  }
}

type Answer = { readonly output: unknown } | { readonly code: string };

/** What a call ends with: its output, or the code of its refusal. */
async function answerOf(call: Promise<unknown>): Promise<Answer> {
  try {
    return { output: await call };
  } catch (error) {
    return { code: error instanceof MeshError ? error.code : `no answer: ${String(error)}` };
  }
}

test("each may do what its row says, and whoever may not changes nothing", async () => {
  await using at = await startBroker({ jobs: false }, { checkOutput: false });
  using world = await World.start(at);
  const wrong: string[] = [];
  for (const [name, row] of cells()) {
    for (const caller of inTurn) {
      const problem = await tryCell(world, { name, row, caller });
      if (problem) wrong.push(`${name}${row.of ? `, ${row.of}` : ""}, by ${caller}: ${problem}`);
    }
  }
  assert.deepEqual(wrong, []);
});

interface Cell {
  readonly name: WireOpName;
  readonly row: Row;
  readonly caller: Caller;
}

/** What is wrong with a cell; undefined where it is as its row says. */
async function tryCell(world: World, cell: Cell): Promise<string | undefined> {
  const { caller, name, row } = cell;
  const self = world.person(asks[caller] ?? caller);
  await using line = await lineOf(world, caller);
  await learn(self);
  const { scope }: AnyOp = ops[name];
  const by = scope === "public" && caller !== "thief" ? { ...self, client: line.client } : self;
  const input = await row.ask(by, world);
  await world.remember();
  const answer = await line.ask(name, input);
  const isOwn = isInsider(caller) && "output" in answer && ops[name].kind === "command";
  const changes = await world.changes(
    isOwn && outcomeOf(name, row, caller) === "yes" ? "whether" : "what",
  );
  return fault(cell, answer, changes) ?? leak(world, cell, input, answer);
}

/** In whose words a caller asks, where these are not its own. */
const asks: Partial<Record<Caller, Caller>> = {
  anyone: "member",
  removed: "member",
  thief: "owner",
};

function fault(
  { caller, name, row }: Cell,
  answer: Answer,
  { ours, others }: Changes,
): string | undefined {
  const expected = outcomeOf(name, row, caller);
  const changed = [...ours, ...others].join(" and ");
  const actual = "code" in answer ? answer.code : "answered";
  if (expected !== "yes") {
    if (actual !== (expected === "nothing" ? "answered" : expected)) {
      return `${actual}, not ${expected}`;
    }
    return changed && `${actual}, and yet ${changed} changed`;
  }
  if (actual !== "answered") return `${actual}, not yes`;
  const isForeign = caller === "elsewhere" || caller === "thief";
  if (isForeign && row.may !== "anyone") {
    return ours.length === 0 ? undefined : `it changed ${ours.join(" and ")} of another mesh`;
  }
  const { kind }: AnyOp = ops[name];
  if (kind === "query") return changed && `a query changed ${changed}`;
  return changed === "" && !row.traceless ? "answered, and nothing has changed" : undefined;
}

/** What an answer to one of another mesh names of this one, beside what it was asked about. */
function leak(world: World, cell: Cell, input: unknown, answer: Answer): string | undefined {
  const { caller, row } = cell;
  if ((caller !== "elsewhere" && caller !== "thief") || row.may === "anyone") return undefined;
  const asked = JSON.stringify(input);
  const told = JSON.stringify(answer);
  const found = world.ids.find((id) => told.includes(id) && !asked.includes(id));
  return found && `the answer names ${found}`;
}

interface Line extends AsyncDisposable {
  readonly client: Client;
  ask(name: WireOpName, input: unknown): Promise<Answer>;
}

/** The connection on which a caller asks: its own, one without a hello, or one whose hello is refused. */
async function lineOf(world: World, caller: Caller): Promise<Line> {
  if (caller !== "anyone" && caller !== "removed") {
    const { client } = world.person(caller);
    const ask = (name: WireOpName, input: unknown) => answerOf(client.call(name, input));
    return { client, ask, async [Symbol.asyncDispose]() {} };
  }
  const client = await Client.open(world.url);
  const { member } = world.person(caller === "removed" ? caller : "member");
  return {
    client,
    async ask(name, input) {
      if (caller === "anyone") return await answerOf(client.call(name, input));
      client.send(member.helloFrame(client, "call"));
      const call = answerOf(client.call(name, input));
      const { error } = await client.find(({ id, type }) => type === "reply" && id === "hello");
      const answer = await call;
      return "output" in answer ? answer : { code: error?.code ?? "welcomed" };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
