import { MemberRole } from "@claudemesh/protocol";
import { Chain, person } from "../fixture.ts";
import { mayAppend } from "../may-append.ts";
import type { RefusalReason } from "../refusal.ts";

const subjects = ["in the mesh", "left by itself", "removed by another"] as const;

/** One question about `restore` and its answer. */
export interface RestoreCell {
  readonly author: MemberRole;
  readonly type: "restore";
  readonly subject: (typeof subjects)[number];
  readonly result: "allowed" | RefusalReason;
}

/** Every author role and what became of the subject. */
export function restoreCells(): RestoreCell[] {
  const founder = person(0);
  return MemberRole.options.flatMap((role) =>
    subjects.map((subject) => {
      const chain = new Chain(founder);
      const [who, whom] = [person(1), person(2)];
      chain.invite(founder, 1, role);
      chain.join(who, 1);
      chain.invite(founder, 2);
      const member = chain.join(whom, 2);
      if (subject === "left by itself") chain.add(whom, "remove", { member });
      if (subject === "removed by another") chain.remove(founder, whom);
      const refusal = mayAppend(chain.roster, chain.next(who, "restore", { member }));
      const result = refusal?.reason ?? ("allowed" as const);
      return { author: role, type: "restore" as const, subject, result };
    }),
  );
}
