import type { Scene, Seen } from "./lie.ts";
import { plain } from "./lie.ts";
import { Sight } from "./sight.ts";
import type { Newcomer, Person, Stage } from "./stage.ts";

/** Leads a link from the code to the numbers on both devices. */
async function met(sight: Sight, from: Person, fresh: Newcomer) {
  const offered = await sight.of(() => fresh.api.device.link({}));
  const code = offered?.code;
  if (code === undefined) return undefined;
  const [there, here] = await Promise.all([
    sight.of(() => fresh.api.device.link({ wait: true })),
    sight.of(() => from.api.device.link({ code })),
  ]);
  return { there: there?.check, here: here?.check };
}

/** Alice links an empty home. Both numbers are compared by people: only where they are the same the link goes on, else it is refused. */
export const linking: Scene = {
  honest: { same: true, linked: true },
  async play(stage) {
    const { alice } = stage;
    const sight = new Sight(stage);
    const fresh = await stage.newcomer();
    const checks = await met(sight, alice, fresh);
    const same = checks?.here !== undefined && checks.here === checks.there;
    if (same) {
      const confirm = checks.here ?? "";
      await Promise.all([
        sight.of(() => fresh.api.device.link({ confirm })),
        sight.of(() => alice.api.device.link({ confirm })),
      ]);
    } else if (checks?.here !== undefined) {
      await sight.of(() => alice.api.device.link({ refuse: true }));
    }
    const { items } = await fresh.api.mesh.list({});
    return sight.seen({ same, linked: items.some(({ member }) => member === alice.member) });
  },
};

/** Alice lists her devices and looks at her inbox. */
export const ownDevices: Scene = {
  honest: { strange: 0 },
  async play(stage) {
    const { alice } = stage;
    const sight = new Sight(stage);
    const listed = await sight.of(() => alice.api.device.list({ mesh: stage.mesh }));
    await sight.inboxOf(alice);
    const strange = (listed?.items ?? []).filter(({ origin }) => origin === "unknown").length;
    return sight.seen({ strange });
  },
};

/** Carol has lost a device and replaces her keys, then writes to bob, who starts his program anew and reads. That keys were replaced is told to him in any case. */
export const rekeying: Scene = {
  honest: { warned: true, shown: 1 },
  async play(stage) {
    const { bob, carol } = stage;
    const sight = new Sight(stage);
    const fresh = await stage.newcomer();
    const confirm = (await met(sight, carol, fresh))?.here ?? "";
    await Promise.all([
      sight.of(() => fresh.api.device.link({ confirm })),
      sight.of(() => carol.api.device.link({ confirm })),
    ]);
    await sight.of(() => fresh.api.device.list({}));
    const { items } = await carol.api.device.list({ mesh: stage.mesh });
    const lost = items.find(({ origin }) => origin === "linked")?.device ?? "none";
    await sight.of(() => carol.api.device.revoke({ device: lost }));
    const text = stage.text();
    stage.written.add(`${carol.name}: ${text}`);
    await sight.of(() => carol.send(bob.name, text));
    await bob.restart();
    return seenBy(stage, sight, bob);
  },
};

async function seenBy(stage: Stage, sight: Sight, bob: Person): Promise<Seen> {
  await sight.inboxOf(bob);
  const { told, facts } = sight.seen({ shown: sight.shown.length });
  const isWarning = ({ code, text }: Seen["told"][number]) =>
    code === "keys_replaced" && text.includes(plain(stage.carol.name));
  return {
    told: told.filter((one) => !isWarning(one)),
    facts: { ...facts, warned: told.some(isWarning) },
  };
}
