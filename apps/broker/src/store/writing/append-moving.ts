import type { AudienceMove } from "../port.ts";
import { moveMember } from "../queries/audiences.ts";
import type { MeshHead, NewEntry } from "./log-appender.ts";
import type { WriteContext } from "./write-context.ts";

/** Appends an entry that takes members into audiences or out of them, with the change itself; open feeds follow it at the same place. Answers its seq. */
export async function appendMoving(
  { db, log }: Pick<WriteContext, "db" | "log">,
  mesh: MeshHead,
  entry: NewEntry,
  moves: readonly AudienceMove[],
): Promise<number> {
  const seq = log.append(mesh, entry, moves);
  for (const move of moves) await moveMember(db, mesh.no, move, seq);
  return seq;
}
