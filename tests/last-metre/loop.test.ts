import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, MeshError, type MessageId } from "@claudemesh/protocol";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";
import { until } from "./support/person.ts";

const ring = ["alice", "bob", "carol"] as const;

/** A session of each person, which answers every message that is pushed into it by writing to the next person. */
async function sessionOf(ground: Ground, at: number) {
  const person = ground.person(ring[at % ring.length] ?? "");
  const agent = new BareAgent(person);
  const pipe = await agent.pipe();
  const device = await person.device(agent.agentSession);
  const to = ring[(at + 1) % ring.length] ?? "";
  return {
    person,
    write: async (text: string, replyTo?: string) =>
      device.api.message.send({ to, text, ...(replyTo === undefined ? {} : { replyTo }) }),
    /** the next message that is pushed into it */
    read: async (): Promise<string> => {
      const pushed = await pipe.next();
      await pipe.done(pushed.delivery, true);
      return /id="(msg_[^"]+)"/.exec(pushed.text)?.[1] ?? "";
    },
    [Symbol.asyncDispose]: async () => {
      pipe.cut();
      await device.close();
      await agent[Symbol.asyncDispose]();
    },
  };
}

test("sessions of three people that answer each other in a ring stop at the limit, everyone is told, and one command lets them go on", async () => {
  await using ground = await Ground.with(...ring);
  await using alice = await sessionOf(ground, 0);
  await using bob = await sessionOf(ground, 1);
  await using carol = await sessionOf(ground, 2);
  const sessions = [alice, bob, carol];
  let sent = 1;
  const { id: thread } = await alice.write("turn 0");
  let answered: string = thread;
  let refused: MeshError | undefined;
  while (refused === undefined && sent <= limits.hops + 10) {
    const session = sessions[sent % sessions.length];
    assert.ok(session);
    answered = await session.read();
    try {
      await session.write(`turn ${sent}`, answered);
      sent += 1;
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      refused = error;
    }
  }
  assert.equal(refused?.code, "loop_limit");
  assert.equal(sent, limits.hops);
  for (const { person } of sessions) {
    const { api } = await person.device();
    const stopped = await until(`${person.name} is told`, async () => {
      const status = await api.guard.status({});
      return status.stopped.length > 0 ? status.stopped : undefined;
    });
    assert.deepEqual(
      stopped.map((one) => one.thread),
      [thread],
    );
    const { notices } = await api.message.inbox({});
    assert.deepEqual(
      notices.map(({ code }) => code),
      ["loop_limit"],
      person.name,
    );
  }
  const last = sessions[sent % sessions.length];
  const after = sessions[(sent + 1) % sessions.length];
  assert.ok(last && after);
  const { restarted } = await (await last.person.device()).api.guard.release({ id: thread });
  assert.equal(restarted, true);
  const more: { id: MessageId } = await last.write("go on", answered);
  assert.equal(await after.read(), more.id);
  await after.write("and on", more.id);
});
