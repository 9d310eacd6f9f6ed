import { auditHome } from "./audit.ts";
import { alarmOf, type DeviceBug, readSome, type VerbParts } from "./device-verbs.ts";
import type { ChaosGround } from "./ground.ts";

const deadlineMs = 60_000;

/** Reads and sends at every home until nothing is under way any more. Answers what still is when that took too long. */
export async function drainAll(ground: ChaosGround): Promise<readonly string[]> {
  const { names, progress } = ground.options;
  const deadline = Date.now() + deadlineMs;
  let pending: string[] = [];
  // The third round is for the receipts of what the second one showed.
  for (let round = 1; round <= 3 || (pending.length > 0 && Date.now() < deadline); round++) {
    for (const name of names) await drainOne(ground, name, `${name}#drain-${round}`);
    pending = names.flatMap((name) =>
      Object.entries(auditHome(ground.home(name)).pending)
        .filter(([, count]) => count > 0)
        .map(([what, count]) => `${name}: ${count} ${what}`),
    );
    progress(`drained, round ${round}: ${pending.join(", ") || "nothing is under way"}`);
    if (ground.options.bug !== undefined && round >= 3) break;
  }
  return pending;
}

async function drainOne(ground: ChaosGround, name: string, process: string): Promise<void> {
  await using device = await ground.open(name);
  const { bug } = ground.options;
  const parts: VerbParts = {
    device,
    name,
    say: (said) => ground.take(process, said),
    pass: () => {},
    look: async () => {},
    bug: bug === "early-reply" ? undefined : (bug as DeviceBug | undefined),
  };
  try {
    await device.drain();
    while ((await readSome(parts)).shown > 0);
  } catch (error) {
    const alarm = alarmOf(error);
    if (alarm) parts.say(alarm);
    ground.options.progress(`${process}: ${String(error)}`);
  }
}
