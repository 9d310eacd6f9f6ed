import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { FaultProxy } from "./fault-proxy.ts";
import { seeded } from "./seeded.ts";
import { systemTimer } from "./system-timer.ts";

/** Time that moves only when told. */
class Clock {
  #now = 0;
  readonly #waiting = new Set<{ at: number; fn: () => void }>();
  now = (): number => this.#now;
  timer = (ms: number, fn: () => void): (() => void) => {
    const entry = { at: this.#now + ms, fn };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  };
  advance(ms: number): void {
    this.#now += ms;
    for (const entry of [...this.#waiting]) {
      if (entry.at <= this.#now && this.#waiting.delete(entry)) entry.fn();
    }
  }
  get waiting(): number {
    return this.#waiting.size;
  }
}

/** What a socket has received so far, and waiting for more of it. */
class Ear {
  #bytes = Buffer.alloc(0);
  readonly closed: Promise<void>;
  readonly socket: Socket;
  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
    });
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }
  get text(): string {
    return this.#bytes.toString("latin1");
  }
  async until(length: number): Promise<string> {
    while (this.#bytes.length < length) await once(this.socket, "data");
    return this.text;
  }
}

interface World {
  readonly proxy: FaultProxy;
  readonly clock: Clock;
  /** a client, and what it speaks to behind the proxy */
  dial(): Promise<{ client: Ear; target: Ear }>;
}

async function world(t: TestContext, seed = 1): Promise<World> {
  const clock = new Clock();
  const server: Server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { now, timer } = clock;
  const proxy = await FaultProxy.start({ target: () => port, random: seeded(seed), now, timer });
  const sockets: Socket[] = [];
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await proxy[Symbol.asyncDispose]();
    server.close();
  });
  const dial = async () => {
    const arrived = once(server, "connection");
    const socket = connect(proxy.port, "127.0.0.1");
    const client = new Ear(socket);
    const [other] = (await arrived) as [Socket];
    sockets.push(socket, other);
    return { client, target: new Ear(other) };
  };
  return { proxy, clock, dial };
}

/** Settles when the proxy holds `bytes`, which it reads on its own turn. */
async function held(proxy: FaultProxy, bytes: number): Promise<void> {
  while (proxy.heldBytes < bytes) await new Promise(setImmediate);
}

test("without faults bytes pass both ways, and an end passes as an end", async (t) => {
  const { proxy, dial } = await world(t);
  const { client, target } = await dial();
  client.socket.write("ping");
  assert.equal(await target.until(4), "ping");
  target.socket.write("pong");
  assert.equal(await client.until(4), "pong");
  const ended = once(target.socket, "end");
  client.socket.end("last");
  await ended;
  assert.equal(target.text, "pinglast");
  target.socket.end();
  await client.closed;
  assert.equal(proxy.connections, 0);
});

test("delay and jitter hold bytes back and keep their order", async (t) => {
  const { proxy, clock, dial } = await world(t);
  proxy.harm({ delayMs: 100, jitterMs: 50 }, "up");
  const { client, target } = await dial();
  for (const part of ["one ", "two ", "three"]) {
    const before = proxy.heldBytes;
    client.socket.write(part);
    await held(proxy, before + part.length);
  }
  target.socket.write("at once");
  assert.equal(await client.until(7), "at once");
  clock.advance(99);
  assert.equal(proxy.heldBytes, 13);
  for (let i = 0; i < 51; i++) clock.advance(1);
  assert.equal(await target.until(13), "one two three");
});

test("bandwidth is limited", async (t) => {
  const { proxy, clock, dial } = await world(t);
  proxy.harm({ bytesPerSecond: 1_000 });
  const { client, target } = await dial();
  client.socket.write("x".repeat(500));
  await held(proxy, 500);
  clock.advance(499);
  assert.equal(proxy.heldBytes, 500);
  clock.advance(1);
  assert.equal((await target.until(500)).length, 500);
});

test("what is held is bounded: the sender is pushed back", async (t) => {
  const { proxy, dial } = await world(t);
  const { client, target } = await dial();
  proxy.harm({ stalled: true });
  const whole = Buffer.alloc(4 * 1024 * 1024, "x");
  client.socket.write(whole);
  await held(proxy, 256 * 1024);
  for (let i = 0; i < 200; i++) await new Promise(setImmediate);
  assert.ok(proxy.heldBytes < 512 * 1024, `${proxy.heldBytes} bytes are held`);
  await proxy.heal();
  assert.equal((await target.until(whole.length)).length, whole.length);
});

test("a cut ends both sides; a cut in one direction swallows what goes that way only", async (t) => {
  const { proxy, dial } = await world(t);
  const { client, target } = await dial();
  proxy.cut("up");
  client.socket.write("into the void");
  target.socket.write("heard");
  assert.equal(await client.until(5), "heard");
  proxy.cut();
  await Promise.all([client.closed, target.closed]);
  assert.equal(target.text, "");
  assert.equal(proxy.connections, 0);
});

test("half-open: open connections stall until healed, new ones lead nowhere for good", async (t) => {
  const { proxy, dial } = await world(t);
  const { client, target } = await dial();
  proxy.halfOpen();
  client.socket.write("later");
  await held(proxy, 5);
  const socket = connect(proxy.port, "127.0.0.1");
  const dead = new Ear(socket);
  await once(socket, "connect");
  socket.write("anyone?");
  while (proxy.connections < 2) await new Promise(setImmediate);
  assert.equal(target.text, "");
  await proxy.heal();
  assert.equal(await target.until(5), "later");
  assert.equal(dead.text, "");
  proxy.cut();
  await dead.closed;
});

test("a cut inside forwards a strict part of what comes next", async (t) => {
  for (const seed of [1, 2, 3]) {
    const { proxy, dial } = await world(t, seed);
    const { client, target } = await dial();
    client.socket.write("whole");
    await target.until(5);
    proxy.cutInside("up");
    client.socket.write("0123456789");
    await Promise.all([client.closed, target.closed]);
    assert.ok("0123456789".startsWith(target.text.slice(5)));
    assert.ok(target.text.length < 15);
  }
});

test("corruption changes one bit and no length, the same for the same seed", async (t) => {
  const sent = "a".repeat(64);
  const got: string[] = [];
  for (const seed of [7, 7]) {
    const { proxy, dial } = await world(t, seed);
    proxy.harm({ corruption: 1 }, "up");
    const { client, target } = await dial();
    client.socket.write(sent);
    got.push(await target.until(64));
  }
  const [first = "", second] = got;
  assert.equal(first, second);
  const bits = [...first].map((letter) => letter.charCodeAt(0) ^ "a".charCodeAt(0));
  assert.equal(bits.filter((bit) => bit !== 0).length, 1);
  assert.ok(bits.every((bit) => (bit & (bit - 1)) === 0));
});

test("refused connections are refused, open ones go on, and the port comes back", async (t) => {
  const { proxy, dial } = await world(t);
  const { client, target } = await dial();
  proxy.refuse();
  const [error] = (await once(connect(proxy.port, "127.0.0.1"), "error")) as [{ code: string }];
  assert.equal(error.code, "ECONNREFUSED");
  client.socket.write("still here");
  await target.until(10);
  await proxy.heal();
  await dial();
});

test("a target that is not there resets the client", async (t) => {
  const clock = new Clock();
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await using proxy = await FaultProxy.start({
    target: () => port,
    random: seeded(1),
    now: clock.now,
    timer: systemTimer,
  });
  const client = new Ear(connect(proxy.port, "127.0.0.1"));
  await client.closed;
  assert.equal(proxy.connections, 0);
  t.diagnostic(proxy.url);
});
