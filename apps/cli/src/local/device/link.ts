import type { Device } from "@claudemesh/device";
import type { OpenInput, OpenOutput } from "@claudemesh/protocol";
import { MeshError } from "@claudemesh/protocol/light";
import { openHome } from "../../device/open-home.ts";
import { ask, canAsk } from "../../runner/confirm.ts";
import { cleanLine } from "../../terminal/clean.ts";
import { printRecord } from "../backup/print-record.ts";
import type { LocalContext, LocalRun } from "../run.ts";

type Answer = OpenOutput<"device.link">;

/** Leads a link from the code to the identity: with a person at the terminal in one go, otherwise one step per run. */
export const run: LocalRun = async (input, context) => {
  const { globals, host, note } = context;
  const asks = canAsk(globals, host);
  if (!asks && (!globals.daemon || host.env.CLAUDEMESH_DAEMON === "off")) {
    throw new MeshError(
      "malformed",
      "off a terminal a link needs the daemon, which keeps it between the steps",
    );
  }
  const device = await openHome(host, note, globals);
  const stop = () => void device.close();
  host.signal.addEventListener("abort", stop, { once: true });
  try {
    const step = stepOf(input);
    if (step.confirm !== undefined && (await isNew(device))) {
      note("waiting until it is confirmed on the other device as well");
    }
    const answer = await device.api.device.link(step);
    await print(answer, context);
    if (asks && answer.state !== "linked" && answer.state !== "refused") {
      await goOn(device, answer, context);
    }
  } finally {
    host.signal.removeEventListener("abort", stop);
    await device.close();
  }
};

function stepOf(input: Readonly<Record<string, unknown>>): OpenInput<"device.link"> {
  const { code, confirm, refuse, wait } = input;
  if (refuse === true) return { refuse: true };
  if (confirm !== undefined) return { confirm: inGroups(String(confirm), " ") };
  const broker = input.broker === undefined ? {} : { broker: String(input.broker) };
  if (code !== undefined) return { code: inGroups(String(code).toUpperCase(), "-"), ...broker };
  return { ...broker, ...(wait === true ? { wait: true } : {}) };
}

/** Whether this home is the one that is to get an identity. */
const isNew = async (device: Device): Promise<boolean> =>
  (await device.api.mesh.list({})).items.length === 0;

/** Eight signs as two groups of four, however they were typed. */
const inGroups = (typed: string, between: string): string => {
  const plain = typed.replaceAll(/[\s-]/g, "");
  return plain.length === 8 ? `${plain.slice(0, 4)}${between}${plain.slice(4)}` : typed;
};

/** With a person here: waits for the other device, has the numbers compared, and finishes. */
async function goOn(device: Device, first: Answer, context: LocalContext): Promise<void> {
  const { host } = context;
  let { check } = first;
  if (first.state === "offered") {
    const met = await device.api.device.link({ wait: true });
    await print(met, context);
    ({ check } = met);
  }
  const typed = await ask(host, "Does the other device show the same number? Type yes or no: ");
  if (!/^(y|yes)$/i.test(typed?.trim() ?? "") || check === undefined) {
    await device.api.device.link({ refuse: true });
    throw new MeshError(
      "cancelled",
      "the numbers were not confirmed; nothing was given away, and the link is over",
    );
  }
  await print(await device.api.device.link({ confirm: check }), context);
}

async function print(answer: Answer, context: LocalContext): Promise<void> {
  if (context.machine) return printRecord(answer, context);
  const { host, note, terminal } = context;
  const { icons, paint } = terminal;
  const call = `${host.call} device link`;
  switch (answer.state) {
    case "offered":
      await context.print(`${paint("strong", answer.code ?? "")}\n`);
      note(`on a device that you have, within 10 minutes: ${call} ${answer.code}`);
      note(`then here: ${call} --wait`);
      return;
    case "compare":
      await context.print(`${paint("strong", answer.check ?? "")}\n`);
      note("compare this number with the one on the other device; only if they are the same:");
      note(`${call} --confirm "${answer.check}"; otherwise: ${call} --refuse`);
      return;
    case "refused":
      return context.print(`${icons.ok} The link is over; nothing was given away.\n`);
    case "linked":
      return printLinked(answer, context);
  }
}

async function printLinked({ side, meshes = [], isTaken }: Answer, context: LocalContext) {
  const { icons } = context.terminal;
  const where = meshes.length === 0 ? "no mesh yet" : meshes.map(cleanLine).join(", ");
  if (side === "new") return context.print(`${icons.ok} This device is yours now, in ${where}.\n`);
  const state =
    isTaken === true ? "has your identity" : "gets your identity once its number is confirmed too";
  await context.print(`${icons.ok} The new device ${state}: ${where}.\n`);
}
