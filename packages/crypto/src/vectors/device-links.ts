import { type LinkChannel, LinkSide } from "../device-link.ts";
import { toHex, utf8 } from "../encoding.ts";
import { seededRandom } from "../testing/seeded-random.ts";

const codes = ["ABCD-EFGH", "2345-67ZZ"];

/** Links of two devices: each side's secret, what it announces and shows, the number that people compare, and a sealed part of each. */
export function deviceLinkVectors() {
  return { format: "device-link", cases: codes.map((code) => caseOf(code)) };
}

function caseOf(code: string) {
  const side = (name: "existing" | "new") => {
    const random = seededRandom(`link ${code} ${name}`);
    const secretHex = toHex(seededRandom(`link ${code} ${name}`)(32));
    const own = new LinkSide({ side: name, code }, random);
    return { own, secretHex, key: own.key, commitment: own.commitment };
  };
  const existing = side("existing");
  const fresh = side("new");
  const there = existing.own.meet(fresh);
  const here = fresh.own.meet(existing);
  const sealed = (channel: LinkChannel, text: string, part: number) => ({
    part,
    plaintextHex: toHex(utf8(text)),
    sealed: channel.seal(utf8(text), part),
  });
  const parts = {
    existing: sealed(there, "an identity", 2),
    new: sealed(here, "taken", 2),
  };
  const shown = ({ own: _own, ...rest }: typeof existing) => rest;
  return {
    name: code,
    code,
    existing: shown(existing),
    new: shown(fresh),
    check: there.check,
    parts,
  };
}
