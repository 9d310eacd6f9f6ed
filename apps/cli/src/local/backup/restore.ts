import { resolve } from "node:path";
import type { Device } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol/light";
import { openHome } from "../../device/open-home.ts";
import { confirmWord } from "../../runner/confirm.ts";
import { shellWord } from "../../runner/shell-word.ts";
import { age } from "../../terminal/age.ts";
import { readSecret } from "../../terminal/ask-secret.ts";
import { cleanLine } from "../../terminal/clean.ts";
import type { LocalContext, LocalRun } from "../run.ts";
import { printRecord } from "./print-record.ts";

/** Asks for the passphrase and, where the home is in use, for a typed word; then has the device take the backup in. */
export const run: LocalRun = async (input, context) => {
  const { host, globals, terminal, machine, print, note } = context;
  const path = resolve(String(input.file));
  const passphrase = await readSecret(host, { what: "passphrase", twice: false });
  const device = await openHome(host, note, globals);
  try {
    const done = await restored(device, { file: input.file, path, passphrase }, context);
    if (machine) return await printRecord(done, context);
    const { meshes, messages, at, aside } = done;
    await print(
      `${terminal.icons.ok} You are back in ${meshes.length === 0 ? "no mesh: there was none" : meshes.map(cleanLine).join(", ")}, with ${messages} messages, as of ${age(at, host.now())}.\n`,
    );
    if (aside !== undefined) note(`what was here before: ${aside}`);
    note(
      `if the other device is lost rather than retired, replace your keys: ${host.call} device revoke <device>`,
    );
  } finally {
    await device.close();
  }
};

async function restored(
  device: Device,
  { file, ...wish }: { readonly file: unknown; readonly path: string; readonly passphrase: string },
  { host, globals }: LocalContext,
) {
  try {
    return await device.api.backup.restore(wish);
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "exists") throw error;
    const line = `restore ${shellWord(String(file))}`;
    await confirmWord({ name: line, word: line, what: error.message }, globals, host);
    return device.api.backup.restore({ ...wish, replace: true });
  }
}
