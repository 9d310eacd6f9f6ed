import { MeshError } from "@claudemesh/protocol";
import type { MeshRow } from "../store/port.ts";

/** A place in a mesh's log as programs carry it. */
export const placeText = ({ epoch }: Pick<MeshRow, "epoch">, seq: number): string =>
  `${seq}.${epoch}`;

/** The seq that a program's place means now: of an epoch before a restore, at most what both logs have. Throws `cursor_invalid` for one past the end of the log. */
export function seqOf(text: string, { epoch, epochBase, headSeq }: MeshRow): number {
  const [digits, said] = text.split(".");
  const seq = Number(digits);
  if (said !== undefined && said !== epoch) return Math.min(seq, epochBase);
  if (seq <= headSeq) return seq;
  throw new MeshError("cursor_invalid", `there is no place ${seq} in the log`, {
    hint: "begin without a cursor",
    detail: { headSeq },
  });
}
