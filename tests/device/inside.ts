import { sealDirect, systemRandom } from "@claudemesh/crypto";
import {
  audienceOf,
  type EnvelopeHeader,
  type MemberId,
  type MessageBody,
} from "@claudemesh/protocol";
import { buildContext } from "../../packages/device/src/build-context.ts";
import type { DeviceContext } from "../../packages/device/src/context.ts";
import { takeEvent } from "../../packages/device/src/feed/take-event.ts";
import {
  listMemberships,
  type MembershipRow,
} from "../../packages/device/src/store/memberships.ts";
import type { Ground } from "./home-fixture.ts";

type LogEvent = Parameters<typeof takeEvent>[2];

/** One member's home seen from inside: events go straight into the function that takes the feed's. */
export class Inside {
  readonly ctx: DeviceContext;
  readonly row: MembershipRow;
  #seq = 1_000;

  constructor(ground: Ground, name: string) {
    this.ctx = buildContext({
      home: ground.home(name),
      now: Date.now,
      random: systemRandom,
      defaultName: name,
    });
    const [row] = listMemberships(this.ctx.store);
    if (row === undefined) throw new Error(`${name} is in no mesh`);
    this.row = row;
  }

  get member(): MemberId {
    return this.row.member;
  }

  get secret() {
    return this.ctx.secretOf(this.row);
  }

  /** Takes an event as if the broker had sent it; `sync` stands for what the broker gives when asked for its roster. */
  take(
    kind: LogEvent["kind"],
    body: unknown,
    sync: () => Promise<void> = async () => {},
  ): Promise<void> {
    return this.takeAt(this.#seq++, kind, body, sync);
  }

  /** Takes an event as `take` does, as entry `seq` of the log. */
  takeAt(
    seq: number,
    kind: LogEvent["kind"],
    body: unknown,
    sync: () => Promise<void> = async () => {},
  ): Promise<void> {
    const event = { type: "event", kind, seq, id: "x", at: 1, body };
    return takeEvent(this.ctx, { row: this.row, syncRoster: sync }, event as LogEvent);
  }

  /** A message of this member's, sealed and signed for real. */
  seal(to: Inside, over: Partial<EnvelopeHeader> = {}, body: MessageBody = { text: "hello" }) {
    const header: EnvelopeHeader = {
      v: 1,
      id: this.ctx.ids.nextMessageId(),
      mesh: this.row.mesh,
      from: { member: this.member, device: this.row.device },
      to: audienceOf(to.member),
      priority: "next",
      kind: "direct",
      contentType: "application/json",
      createdAt: Date.now(),
      head: this.ctx.rosters.of(this.row.mesh).head,
      n: 1,
      ...over,
    };
    const { signer } = this.secret;
    return sealDirect({ header, body, to: to.secret.opener.key, signer, random: systemRandom });
  }

  texts(): string[] {
    return this.ctx.store
      .all<{ text: string }>("SELECT text FROM inbox WHERE kind = 'direct' ORDER BY position")
      .map(({ text }) => text);
  }

  /** Codes of the notices that wait to be shown. */
  notices(): string[] {
    return this.ctx.store
      .all<{ code: string }>("SELECT code FROM notice WHERE shown = 0 ORDER BY id")
      .map(({ code }) => code);
  }

  /** States of the receipts that are due. */
  due(): string[] {
    return this.ctx.store
      .all<{ state: string }>("SELECT state FROM receipt_due ORDER BY id")
      .map(({ state }) => state);
  }

  /** What the stories of all messages tell. */
  steps(): string[] {
    return this.ctx.store
      .all<{ what: string }>("SELECT what FROM story ORDER BY id")
      .map(({ what }) => what);
  }

  gaps(): number {
    return this.ctx.store.all("SELECT 1 FROM gap").length;
  }

  [Symbol.dispose](): void {
    this.ctx.store.close();
  }
}
