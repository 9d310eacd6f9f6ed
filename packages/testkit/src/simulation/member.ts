import { alarmOf, readSome, type Said, sendOne, type VerbParts } from "../chaos/device-verbs.ts";
import type { Seeded } from "../faults/seeded.ts";
import type { Bug } from "./bugs.ts";
import { isOfDeath, type Run } from "./machine.ts";

export interface MemberParts {
  readonly random: Seeded;
  readonly bug: Bug | undefined;
  /** whom it may write to now */
  readonly peers: () => readonly string[];
  readonly say: (process: string, said: Said) => void;
  /** a value that was never used before */
  readonly nextValue: () => string;
  /** told what a sender was told about a message, to be compared with what is so */
  readonly claimed: (run: Run, claim: { id: string; to: string; state: string }) => void;
  readonly tried: (what: string) => void;
}

/** What `VerbParts` need of a run. */
export function verbsOf(run: Run, parts: Pick<MemberParts, "say" | "random" | "bug">): VerbParts {
  const { process, device, machine } = run;
  const { random } = parts;
  return {
    device,
    name: machine.name,
    say: (said) => {
      if (process.alive) parts.say(process.name, said);
    },
    pass: (name) => {
      if (process.alive) machine.trap.pass(name);
    },
    bug: parts.bug === "hide-again" || parts.bug === "skip-confirm" ? parts.bug : undefined,
    look: async () => {
      if (random.chance(0.3)) await process.pause(random.between(20, 2_000));
    },
  };
}

/** A member at its device: writes, reads, and asks what became of what it wrote, all at once, until the end of the run. */
export async function live(run: Run, parts: MemberParts): Promise<void> {
  await Promise.all([write(run, parts), read(run, parts), ask(run, parts)]);
}

async function write(run: Run, parts: MemberParts): Promise<void> {
  const random = parts.random.fork();
  const verbs = verbsOf(run, parts);
  while (!run.machine.isEnding) {
    await run.process.pause(random.between(0, 7_000));
    const peers = parts.peers().filter((name) => name !== run.machine.name);
    if (run.machine.isEnding || peers.length === 0) continue;
    parts.tried("send");
    const length = random.chance(0.05) ? random.between(5_000, 40_000) : random.below(200);
    await sendOne(verbs, { to: random.pick(peers), value: parts.nextValue(), length });
  }
}

async function read(run: Run, parts: MemberParts): Promise<void> {
  const random = parts.random.fork();
  const verbs = verbsOf(run, parts);
  let isUnconfirmed = false;
  while (!run.machine.isEnding) {
    await run.process.pause(random.between(0, 6_000));
    if (run.machine.isEnding) return;
    parts.tried("inbox");
    try {
      if (isUnconfirmed) await confirmShown(run, parts);
      isUnconfirmed = true;
      await readSome(verbs, random.chance(0.3) ? "500ms" : undefined);
      isUnconfirmed = false;
    } catch (error) {
      tell(run, parts, error);
    }
  }
}

/** Confirms what was shown and could not be confirmed then; every answer that was given is shown at once. */
export async function confirmShown(run: Run, { bug }: Pick<MemberParts, "bug">): Promise<void> {
  if (bug !== "skip-confirm") await run.device.confirmHandOver();
}

async function ask(run: Run, parts: MemberParts): Promise<void> {
  const random = parts.random.fork();
  while (!run.machine.isEnding) {
    await run.process.pause(random.between(1_000, 12_000));
    if (run.machine.isEnding) return;
    const sent = run.ctx.store.all<{ id: string }>("SELECT id FROM outbox ORDER BY position");
    if (sent.length === 0) continue;
    const { id } = random.pick(sent);
    const asks = random.chance(0.5) ? "why" : "status";
    parts.tried(asks);
    try {
      const told =
        asks === "why"
          ? await run.device.api.message.why({ id })
          : await run.device.api.message.status({ id });
      parts.claimed(run, { id, to: told.with.name, state: told.state });
    } catch (error) {
      tell(run, parts, error);
    }
  }
}

function tell(run: Run, parts: MemberParts, error: unknown): void {
  const alarm = alarmOf(error);
  if (alarm !== undefined && !isOfDeath(run, error)) parts.say(run.process.name, alarm);
}
