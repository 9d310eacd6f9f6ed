import { MemberId, MeshError, TaskStatus } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { recordShower } from "../../records/show-record.ts";
import type { MembershipRow } from "../../store/memberships.ts";

/** The broker knows members by their ids; whoever is told that another was first, or that a task is another's, wants a name. */
export function explainRefusal(ctx: DeviceContext, row: MembershipRow, error: unknown): unknown {
  if (!(error instanceof MeshError)) return error;
  const { code, detail, hint } = error;
  const by = MemberId.safeParse(detail?.by ?? detail?.assignee);
  if (!by.success) return error;
  const isOwn = by.data === row.member;
  const name = isOwn ? "you" : recordShower(ctx, row).nameOf(by.data);
  const again = (message: string, next = hint) =>
    new MeshError(code, message, {
      ...(next === undefined ? {} : { hint: next }),
      ...(detail === undefined ? {} : { detail: { ...detail } }),
      cause: error,
    });
  if (code === "forbidden" && detail?.reason === "assigned") {
    return again(`it is ${name}'s to do`, "claudemesh task list shows who does what");
  }
  const status = TaskStatus.safeParse(detail?.status);
  if (!status.success) return error;
  if (code === "forbidden") {
    return again(
      `${name} has claimed it, and so completes it`,
      "claudemesh task list shows who does what",
    );
  }
  if (code !== "conflict") return error;
  return status.data === "open"
    ? again("nobody has claimed it yet", "claim it first: claudemesh task claim <id>")
    : again(`${isOwn ? "you have" : `${name} has`} ${status.data} it already`);
}
