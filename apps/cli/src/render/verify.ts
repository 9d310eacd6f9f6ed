import type { OpenOutput, Trust } from "@claudemesh/protocol";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import type { PrintContext, Printed } from "./printed.ts";

type Verified = OpenOutput<"member.verify">;

/** The number to compare, large enough to be read aloud, and what it means as things stand. */
export function printVerify(answer: Verified, context: PrintContext): Printed {
  const { terminal, call, input } = context;
  const name = cleanLine(answer.name);
  const who = String(input.peer ?? name);
  const { paint } = terminal;
  return {
    lines: [
      `${name}  ${answer.key}`,
      `  ${paint("strong", answer.number)}`,
      standing(answer, context),
      ...(answer.grants === undefined ? [] : [`  may: ${answer.grants.join(", ") || "nothing"}`]),
    ],
    alerts: alertsOf(answer, context),
    notes:
      answer.trust === "verified"
        ? []
        : [
            `compare it with what ${name} sees, by voice or in person; if all 30 digits are the same: ${call} verify ${who} --confirm`,
          ],
  };
}

function standing({ trust, verifiedAt, name }: Verified, { terminal, now }: PrintContext): string {
  const { icons } = terminal;
  const when = verifiedAt === undefined ? "" : ` ${age(verifiedAt, now)}`;
  const said: Record<Trust, string> = {
    changed: `${icons.bad} NOT the keys that you verified${when}`,
    look_alike: `${icons.bad} NOT the ${cleanLine(name)} that you verified`,
    unverified: `${icons.off} not verified yet`,
    verified: `${icons.ok} verified${when}`,
  };
  return said[trust];
}

function alertsOf(answer: Verified, { terminal }: PrintContext): string[] {
  const { icons, paint } = terminal;
  const name = cleanLine(answer.name);
  const loud = (text: string) => [paint("bad", `${icons.warn} WARNING: ${text}`)];
  if (answer.trust === "changed") {
    return loud(
      `the keys of ${name} were replaced since you verified them. Trust nothing that comes from ${name} until you have compared this number anew.`,
    );
  }
  if (answer.looksLike !== undefined) {
    return loud(
      `this is another member than ${cleanLine(answer.looksLike)}, whom you verified; only the names read the same.`,
    );
  }
  return [];
}
