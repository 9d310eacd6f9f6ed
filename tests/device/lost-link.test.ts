import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, texts } from "./home-fixture.ts";

test("a device that stays open sends over a new connection once the old one is lost", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const send = (text: string) => alice.api.message.send({ to: "bob", text });
  assert.equal((await send("before")).state, "accepted");
  await ground.stopBroker();
  assert.equal((await send("meanwhile")).state, "queued");
  await ground.startBroker();
  assert.equal((await send("after")).state, "accepted");
  assert.deepEqual(texts(await read(bob)), ["before", "meanwhile", "after"]);
});

test("a device that is kept online connects to the mesh that it makes or joins, whatever else is asked", async () => {
  await using ground = await Ground.start();
  const open = async (name: string) => {
    const device = await ground.device(name);
    const opened = Promise.withResolvers<void>();
    device.listen((event) => {
      if (event.type === "link" && event.standing.link === "open") opened.resolve();
    });
    return { device, kept: device.keepOnline(), opened: opened.promise };
  };
  const alice = await open("alice");
  await alice.device.api.mesh.create({ name: "Team" });
  await alice.opened;
  const { link } = await alice.device.api.invite.create({});
  const bob = await open("bob");
  await bob.device.api.invite.claim({ invite: link });
  await bob.opened;
  await Promise.all([alice.kept.stop(), bob.kept.stop()]);
});

test("a call that comes while a try is failing is answered by a try of its own", async () => {
  await using ground = await Ground.start();
  const [first] = await ground.mesh("alice");
  assert.ok(first);
  await first.close();
  await ground.stopBroker();
  const dialled = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const dials: SlowSocket[] = [];
  const connect = (url: string) => {
    if (dials.length > 0) return new WebSocket(url);
    // The first dial meets no broker, and says so late.
    const socket = new SlowSocket(url, told.promise);
    dials.push(socket);
    dialled.resolve();
    return socket;
  };
  const alice = await ground.device("alice", { connect });
  const kept = alice.keepOnline();
  await dialled.promise;
  await ground.startBroker();
  const listed = alice.api.member.list({});
  const unread = alice.api.message.inbox({});
  told.resolve();
  assert.equal((await listed).ageMs, 0);
  assert.deepEqual((await unread).notices, []);
  await kept.stop();
});

/** A WebSocket whose end is told only when it may be. */
class SlowSocket extends WebSocket {
  readonly #mayTell: Promise<void>;

  constructor(url: string, mayTell: Promise<void>) {
    super(url);
    this.#mayTell = mayTell;
  }

  override addEventListener(type: string, listener: unknown): void {
    const late = (event: Event) =>
      void this.#mayTell.then(() => (listener as (event: Event) => void)(event));
    super.addEventListener(type, late);
  }
}
