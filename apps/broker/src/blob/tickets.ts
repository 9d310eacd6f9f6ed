import { fromBase64, fromUtf8, mac, macEquals, toBase64, utf8 } from "@claudemesh/crypto/verify";
import { DeviceId, FileId, limits, MemberId, MeshError, MeshId } from "@claudemesh/protocol";
import { z } from "zod";

const Content = z.strictObject({
  does: z.enum(["put", "get"]),
  mesh: MeshId,
  member: MemberId,
  device: DeviceId,
  file: FileId,
  bytes: z.int().min(1),
  until: z.int(),
});

/** What a ticket allows: one member to put or get the bytes of one file, for a short time. */
export type TicketContent = z.infer<typeof Content>;

/** Set before what is authenticated, so that no other token of this broker's is a ticket. */
const label = "claudemesh/ticket/v1\n";

/** Gives members tickets for the route of bytes, which only this broker can make. They are asked for over the connection that has proved who it is. */
export class Tickets {
  readonly #key: Uint8Array;
  readonly #now: () => number;

  constructor(key: Uint8Array, now: () => number) {
    this.#key = key;
    this.#now = now;
  }

  give(content: Omit<TicketContent, "until">): { ticket: string; expiresAt: number } {
    const until = this.#now() + limits.ticketMs;
    const text = toBase64(utf8(JSON.stringify({ ...content, until })));
    return { ticket: `${text}.${mac(this.#key, label + text)}`, expiresAt: until };
  }

  /** What a ticket of this broker allows. Throws `unauthorized` for anything else, and once its time is over. */
  open(ticket: string): TicketContent {
    const dot = ticket.indexOf(".");
    const text = ticket.slice(0, Math.max(0, dot));
    if (dot < 1 || !macEquals(ticket.slice(dot + 1), mac(this.#key, label + text))) throw invalid();
    const content = Content.safeParse(JSON.parse(fromUtf8(fromBase64(text))));
    if (!content.success || content.data.until <= this.#now()) throw invalid();
    return content.data;
  }
}

const invalid = (): MeshError =>
  new MeshError("unauthorized", "a ticket for the file is needed: Authorization: Bearer …", {
    hint: "file.begin and file.get give one that is good for ten minutes",
  });
