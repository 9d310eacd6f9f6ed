import { systemRandom } from "@claudemesh/crypto";
import { type Device, openDevice } from "@claudemesh/device";
import { sayLine } from "../../packages/testkit/src/say-line.ts";

/**
 * The whole life of a home, in verbs that each open it anew: `found` makes a mesh, says an invite's link and sends; `join` takes the link
 * and shows what comes until the text `end`. Says each text that was taken or shown, one JSON line each.
 */
const [kind = "", home = "", broker = "", link = "", count = "0"] = process.argv.slice(2);
const say = (line: unknown) => sayLine(JSON.stringify(line));

async function verb<T>(use: (device: Device) => Promise<T>): Promise<T> {
  const who = { random: systemRandom, defaultName: kind, defaultBroker: broker };
  await using device = await openDevice({ home, now: Date.now, ...who });
  return await use(device);
}

const send = async (to: string, text: string) => {
  const { state } = await verb(({ api }) => api.message.send({ to, text }));
  say({ text, state });
};

if (kind === "found") {
  await verb(({ api }) => api.mesh.create({ name: "Team" }));
  say(await verb(({ api }) => api.invite.create({})));
  const joined = async () => (await verb(({ api }) => api.member.list({}))).items.length > 1;
  while (!(await joined()));
  for (let i = 0; i < Number(count); i++) await send("join", `text ${i} ${"x".repeat(i * 40)}`);
  await send("join", "end");
} else {
  await verb(({ api }) => api.invite.claim({ invite: link }));
  for (let isOver = false; !isOver; ) {
    await verb(async (device) => {
      const { items } = await device.api.message.inbox({ limit: 3, wait: "1s" });
      for (const { text, again } of items) say({ text, again });
      isOver = items.some(({ text }) => text === "end");
      await device.confirmHandOver();
    });
  }
}
