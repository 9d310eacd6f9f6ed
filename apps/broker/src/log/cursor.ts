import { fromBase64, fromUtf8, mac, macEquals, toBase64, utf8 } from "@claudemesh/crypto/verify";
import { MeshError, MeshId } from "@claudemesh/protocol";
import { z } from "zod";
import type { LogPosition } from "../store/port.ts";

const Content = z.strictObject({
  mesh: MeshId,
  epoch: z.string().max(100),
  seq: z.int().min(0),
  id: z.string().max(100),
});

/** Gives devices their place in a log as a token that only this broker can make. */
export class Cursors {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  seal(mesh: MeshId, { epoch, seq, id }: LogPosition): string {
    const content = toBase64(utf8(JSON.stringify({ mesh, epoch, seq, id })));
    return `${content}.${mac(this.#key, content)}`;
  }

  /** The position in a token of this mesh. Throws `cursor_invalid` for anything that this broker did not give out for it. */
  open(mesh: MeshId, token: string): LogPosition {
    const dot = token.indexOf(".");
    const content = token.slice(0, Math.max(0, dot));
    if (dot < 1 || !macEquals(token.slice(dot + 1), mac(this.#key, content))) throw invalid();
    const position = Content.safeParse(JSON.parse(fromUtf8(fromBase64(content))));
    if (!position.success || position.data.mesh !== mesh) throw invalid();
    const { epoch, seq, id } = position.data;
    return { epoch, seq, id };
  }
}

const invalid = (): MeshError =>
  new MeshError("cursor_invalid", "the cursor is not one that this broker gave out for this mesh", {
    hint: "connect without a cursor; the broker then starts from what it knows of this device",
    detail: { withoutCursor: true },
  });
