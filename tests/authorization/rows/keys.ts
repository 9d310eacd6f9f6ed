import { createMeshKey, sealKeyBundle, systemRandom } from "@claudemesh/crypto";
import type { Hash } from "@claudemesh/protocol";
import { learn } from "../ready.ts";
import type { Rows } from "../row.ts";

const newest = (commitments: readonly { commitment: Hash }[]) => commitments.at(-1)?.commitment;

/** Keys and the chain: everyone reads what is theirs, and seals in no name but their own. */
export const keyRows: Rows = {
  "keys.list": [
    {
      may: "all",
      elsewhere: "nothing",
      thief: "nothing",
      ask: (_by, { founder }) => ({ commitments: [newest(founder.member.roster.epochs)] }),
    },
  ],
  "keys.put": [
    {
      may: "all",
      elsewhere: "not_member",
      thief: "forbidden",
      ask: async (by, { target, founder }) => {
        await learn(by);
        const { secret } = by.member;
        const own = by.member.mesh === founder.member.mesh;
        const rows = sealKeyBundle({
          roster: by.member.roster,
          key: createMeshKey(systemRandom),
          signer: secret.signer,
          random: systemRandom,
          recipients: [own ? target.member.id : by.member.id],
        });
        return { rows: own ? rows : rows.map((row) => ({ ...row, recipient: target.member.id })) };
      },
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "forbidden",
      thief: "forbidden",
      ask: (by, { target }) => ({
        rows: sealKeyBundle({
          roster: by.member.roster,
          key: createMeshKey(systemRandom),
          signer: target.member.secret.signer,
          random: systemRandom,
          recipients: [by.member.id],
        }),
      }),
    },
  ],
  "keys.want": [
    {
      may: "all",
      elsewhere: "nothing",
      thief: "nothing",
      ask: (_by, { founder }) => ({ commitments: [newest(founder.member.roster.epochs)] }),
    },
  ],
  "keys.wanted": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "roster.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({ after: -1 }) }],
};
