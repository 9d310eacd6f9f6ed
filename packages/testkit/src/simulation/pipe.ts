import { Duplex } from "node:stream";
import type { Seeded } from "../faults/seeded.ts";
import type { World } from "./world.ts";

/** What a way between two machines does to what it carries. */
export interface Way {
  delayMs: number;
  jitterMs: number;
  /** 0: no limit */
  bytesPerSecond: number;
  /** what is sent arrives only once this ends */
  stalled: boolean;
  /** connections that are used meanwhile are dead for good, and nobody is told */
  silent: boolean;
}

/** Bytes that the sending system takes before the program is made to wait. */
const systemBuffer = 64 * 1024;
const stallLookMs = 50;

type Parcel = { readonly at: number; readonly chunk: Buffer | null };

/** One end of an in-memory connection: what is written arrives at the other end in order, when and if the way lets it. */
export class PipeEnd extends Duplex {
  readonly #world: World;
  readonly #random: Seeded;
  readonly #way: Way;
  readonly #arriving: Parcel[] = [];
  readonly #waiting: { readonly size: number; readonly done: () => void }[] = [];
  #peer: PipeEnd | undefined;
  #isFull = false;
  #isArmed = false;
  #underWay = 0;
  #lastArrival = 0;
  #isGone = false;
  #isDead = false;

  private constructor(world: World, random: Seeded, way: Way) {
    super({ allowHalfOpen: true });
    this.#world = world;
    this.#random = random;
    this.#way = way;
    this.on("error", () => {});
  }

  static pair(world: World, random: Seeded, way: Way): readonly [PipeEnd, PipeEnd] {
    const near = new PipeEnd(world, random, way);
    const far = new PipeEnd(world, random, way);
    near.#peer = far;
    far.#peer = near;
    return [near, far];
  }

  /** Its process is gone. */
  abandon(tellsPeer: boolean): void {
    if (tellsPeer) this.#sendReset();
    this.#isGone = true;
    this.#arriving.length = 0;
    this.destroy();
  }

  /** The network drops the connection: both ends are told, in their own time. */
  cut(): void {
    const peer = this.#peer;
    this.#sendReset();
    if (peer !== undefined) peer.#sendReset();
  }

  override _read(): void {
    this.#isFull = false;
    this.#deliver();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    if (this.#isGone) return;
    this.#underWay += chunk.length;
    this.#send(chunk);
    if (this.#underWay <= systemBuffer) done();
    else this.#waiting.push({ size: chunk.length, done });
  }

  override _final(done: (error?: Error) => void): void {
    if (!this.#isGone) this.#send(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#isGone) this.#sendReset();
    this.#isGone = true;
    done(error);
  }

  #send(chunk: Buffer | null): void {
    const peer = this.#peer;
    const { delayMs, jitterMs, bytesPerSecond, silent } = this.#way;
    if (peer === undefined) return;
    if (silent) this.#isDead = peer.#isDead = true;
    if (this.#isDead) return;
    const slow = bytesPerSecond === 0 ? 0 : ((chunk?.length ?? 1) / bytesPerSecond) * 1_000;
    const soonest = this.#world.now + delayMs + this.#random.fraction() * jitterMs;
    // The bytes of one connection never overtake each other.
    const at = Math.max(soonest, peer.#lastArrival + 0.001) + slow;
    peer.#lastArrival = at;
    peer.#arriving.push({ at, chunk });
    peer.#arm();
  }

  #sendReset(): void {
    const peer = this.#peer;
    if (peer === undefined || this.#isDead || this.#way.silent) return;
    const ms = this.#way.delayMs + this.#random.fraction() * this.#way.jitterMs;
    this.#world.after(ms, () => peer.#reset());
  }

  #reset(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const error = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    this.destroy(error);
  }

  #arm(): void {
    const head = this.#arriving[0];
    if (head === undefined || this.#isArmed || this.#isFull || this.#isGone) return;
    this.#isArmed = true;
    const at = this.#way.stalled ? this.#world.now + stallLookMs : head.at;
    this.#world.at(at, () => {
      this.#isArmed = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (!this.#isGone && !this.#isFull && !this.#way.stalled) {
      const head = this.#arriving[0];
      if (head === undefined || head.at > this.#world.now) break;
      this.#arriving.shift();
      this.#isFull = !this.push(head.chunk);
      if (head.chunk !== null && this.#peer !== undefined) this.#peer.#took(head.chunk.length);
    }
    this.#arm();
  }

  #took(size: number): void {
    this.#underWay -= size;
    while (this.#underWay <= systemBuffer) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.done();
    }
  }
}
