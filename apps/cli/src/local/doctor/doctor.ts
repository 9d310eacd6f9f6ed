import { MeshError } from "@claudemesh/protocol/light";
import { jsonLine } from "../../render/json.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { pad } from "../../terminal/width.ts";
import type { LocalContext, LocalRun } from "../run.ts";
import { agent, hooks, mcpEntry, path, skill } from "./agent-checks.ts";
import type { Check, Finding } from "./check.ts";
import { daemon } from "./daemon-check.ts";
import { brokers, permissions, rosters, runtime, shared, store } from "./home-checks.ts";

const checks: readonly Check[] = [
  runtime,
  permissions,
  daemon,
  store,
  rosters,
  brokers,
  shared,
  path,
  agent,
  mcpEntry,
  hooks,
  skill,
];

type Looked = Finding & { readonly name: string; readonly mended: boolean };

/** exit code where something does not work */
const failed = 8;

/** Looks at each part by itself, so that one failure hides no other; mends with `--fix`. */
export const run: LocalRun = async (input, context) => {
  const found: Looked[] = [];
  for (const check of checks) {
    const one = await lookAt(check, context, input.fix === true);
    found.push(one);
    if (!context.machine) await context.print(`${lines(one, context).join("\n")}\n`);
  }
  const bad = found.filter(({ state }) => state === "fail").length;
  const exit = bad > 0 ? failed : 0;
  if (context.machine) {
    const items = found.map(({ mend: _mend, ...shown }) => shown);
    await context.print(jsonLine({ ok: bad === 0, items }));
    return exit;
  }
  const warned = found.filter(({ state }) => state === "warn").length;
  if (bad + warned === 0) context.note("everything is as it should be");
  return exit;
};

async function lookAt(check: Check, context: LocalContext, fix: boolean): Promise<Looked> {
  const first = await look(check, context);
  if (!fix || first.mend === undefined) return { ...first, name: check.name, mended: false };
  try {
    await first.mend();
  } catch (error) {
    return { ...asFinding(error), name: check.name, mended: false };
  }
  return { ...(await look(check, context)), name: check.name, mended: true };
}

const look = (check: Check, context: LocalContext): Promise<Finding> =>
  check.look(context).catch(asFinding);

function asFinding(error: unknown): Finding {
  if (!(error instanceof MeshError)) throw error;
  return {
    state: "fail",
    what: error.message,
    ...(error.hint === undefined ? {} : { next: error.hint }),
  };
}

function lines(found: Looked, { terminal }: LocalContext): string[] {
  const icon = {
    ok: terminal.paint("good", terminal.icons.ok),
    warn: terminal.paint("warn", terminal.icons.warn),
    fail: terminal.paint("bad", terminal.icons.bad),
  }[found.state];
  const mended = found.mended ? "mended: " : "";
  const head = `${icon} ${pad(found.name, 12)} ${mended}${cleanLine(found.what)}`;
  return found.next === undefined ? [head] : [head, `  ${pad("", 12)} next: ${found.next}`];
}
