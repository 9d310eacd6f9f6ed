import { type LinkChannel, LinkSide } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { exchangeKeys } from "./exchange-keys.ts";
import { giveIdentity } from "./give-identity.ts";
import { MailboxClient } from "./mailbox-client.ts";
import { takeIdentity } from "./take-identity.ts";

export interface Linked {
  readonly meshes: readonly string[];
  readonly isTaken: boolean;
}

/** A link under way on this device, from its mailbox to the identity. */
export class PendingLink {
  readonly side: LinkSide["side"];
  readonly code: string;
  /** the channel once both keys are known; rejects with what ended the link before */
  readonly met: Promise<LinkChannel>;
  readonly #ctx: DeviceContext;
  readonly #mailbox: MailboxClient;
  #linked: Promise<Linked> | undefined;
  #isOver = false;

  private constructor(
    ctx: DeviceContext,
    mailbox: MailboxClient,
    place: { readonly side: LinkSide["side"]; readonly code: string },
  ) {
    this.#ctx = ctx;
    this.#mailbox = mailbox;
    this.side = place.side;
    this.code = place.code;
    this.met = exchangeKeys(mailbox, new LinkSide(place, ctx.random)).catch(async (error) => {
      await this.end();
      throw error;
    });
    this.met.catch(() => {});
  }

  /** Opens a mailbox for this empty home. Throws `offline`, `rate_limited`. */
  static async offer(ctx: DeviceContext, broker: string): Promise<PendingLink> {
    const mailbox = new MailboxClient(ctx, broker);
    const code = await mailbox.open();
    return new PendingLink(ctx, mailbox, { side: "new", code });
  }

  /** Enters the mailbox of a new device. Throws `not_found`, `expired`, `conflict`, `offline`. */
  static async meet(ctx: DeviceContext, broker: string, code: string): Promise<PendingLink> {
    const mailbox = new MailboxClient(ctx, broker);
    await mailbox.enter(code);
    return new PendingLink(ctx, mailbox, { side: "existing", code });
  }

  get expiresAt(): number {
    return this.#mailbox.expiresAt;
  }

  get isOver(): boolean {
    return this.#isOver || this.#ctx.now() >= this.expiresAt;
  }

  /** Goes on after a person has compared the numbers: gives the identity, or takes it. One who says another number ends the link: `bad_signature`. */
  async confirm(check: string): Promise<Linked> {
    const channel = await this.met;
    if (channel.check !== check) {
      await this.end();
      throw new MeshError(
        "bad_signature",
        "the numbers differ: someone may stand between the two devices; nothing was given away, and the link is over",
        { hint: "begin again, over another broker or network if it happens twice" },
      );
    }
    const go = this.side === "new" ? takeIdentity : giveIdentity;
    this.#linked ??= go(this.#ctx, this.#mailbox, channel).finally(() => {
      this.#isOver = true;
    });
    return this.#linked;
  }

  /** Ends the link on both sides. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#mailbox.close();
  }
}
