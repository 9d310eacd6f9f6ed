import { entryHash, LinkSide, newDeviceId, systemRandom, toBase64, utf8 } from "@claudemesh/crypto";
import type { RosterEntry, SeenDevice } from "@claudemesh/protocol";
import { linking, ownDevices, rekeying } from "../device-scenes.ts";
import type { Trick } from "../evil-line.ts";
import { error, type Lie, type LieFamily, notice } from "../lie.ts";
import { listing } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { both, onEvent, onFrame, only, onReply } from "../tricks.ts";
import { missing } from "./phrases.ts";

interface Part {
  readonly data?: string;
}
interface Asked {
  readonly token: string;
  readonly part: number;
}

const written = (value: object): string => toBase64(utf8(JSON.stringify(value)));

/** Stands between the two devices of a link: each gets the answer of `change` in place of what the other left. `from` is whose part it is. */
function between(
  change: (part: number, from: "existing" | "new", data: string, code: string) => string,
): Trick {
  const sides = new Map<string, { readonly side: "existing" | "new"; readonly code: string }>();
  const opened = onReply<{ token: string; code: string }>("mailbox.open", (output) => {
    sides.set(output.token, { side: "new", code: output.code });
    return output;
  });
  const entered = onReply<{ token: string }>("mailbox.enter", (output, _line, input) => {
    const { code } = input as { code: string };
    sides.set(output.token, { side: "existing", code });
    return output;
  });
  const taken = onReply<Part>("mailbox.take", (output, _line, input) => {
    const { token, part } = input as Asked;
    const reader = sides.get(token);
    if (reader === undefined || output.data === undefined) return output;
    const from = reader.side === "new" ? "existing" : "new";
    return { data: change(part, from, output.data, reader.code) };
  });
  return both(opened, both(entered, taken));
}

/** Both devices make their link with the broker, each taking it for the other. */
function swapped(): Trick {
  const own = new Map<string, LinkSide>();
  return between((part, side, data, code) => {
    const key = `${code} ${side}`;
    const mine = own.get(key) ?? new LinkSide({ side, code }, systemRandom);
    own.set(key, mine);
    if (part === 0) return written({ v: 1, commitment: mine.commitment });
    return part === 1 ? written({ v: 1, key: mine.key }) : data;
  });
}

/** One side's key is another than the one that it had announced. */
const unannounced = (): Trick =>
  between((part, side, data, code) =>
    part === 1 && side === "existing"
      ? written({ v: 1, key: new LinkSide({ side, code }, systemRandom).key })
      : data,
  );

/** The sealed identity is changed on its way. */
const altered = (): Trick =>
  between((part, side, data) =>
    part > 1 && side === "existing" ? toBase64(systemRandom(200)) : data,
  );

/** Lists a device for alice that nobody has. */
const inventing = ({ alice }: Stage): Trick =>
  only(
    alice.member,
    onReply<{ items: readonly SeenDevice[] }>("device.list", ({ items }) => ({
      items: [
        ...items,
        { device: newDeviceId(systemRandom), firstSeenAt: 1, lastSeenAt: 2, online: true },
      ],
    })),
  );

/** Ends the chain for bob where it is now: the rekey that comes is not shown to him. */
async function hidingFromBob({ bob, broker, mallory }: Stage): Promise<void> {
  await mallory.catchUp();
  const { head } = mallory.roster;
  const welcome = onFrame("welcome", (frame) => [{ ...frame, roster: head }]);
  const list = onReply<{ items: readonly RosterEntry[] }>("roster.list", ({ items }) => ({
    items: items.filter(({ seq }) => seq <= head.seq),
    head,
  }));
  const live = onEvent("roster", (event) =>
    (event.body as RosterEntry).seq <= head.seq ? [event] : [],
  );
  broker.lie(only(bob.member, both(welcome, both(list, live))));
}

/** Shows bob the first rekey that there was once more, at the end of the chain. */
async function replaying({ bob, broker, mallory }: Stage): Promise<void> {
  await mallory.catchUp();
  const old = broker.everyEntry().find(({ type }) => type === "rekey");
  if (old === undefined) throw new Error("there was no rekey yet");
  const head = { seq: mallory.roster.head.seq + 1, hash: entryHash(old) };
  const welcome = onFrame("welcome", (frame) => [{ ...frame, roster: head }]);
  const list = onReply<{ items: readonly RosterEntry[] }>("roster.list", ({ items }) => ({
    items: [...items, old],
    head,
  }));
  broker.lie(only(bob.member, both(welcome, list)));
}

const link = (id: string, says: string, trick: () => Trick, more: Partial<Lie>): Lie => ({
  id,
  threat: "B17",
  says,
  scene: linking,
  begin: ({ broker }) => broker.lie(trick()),
  told: [],
  ...more,
});

/** Lies about a person's own devices and their keys. */
export const deviceGames: LieFamily = {
  title: "Devices of one person",
  lies: [
    link("link-swapped", "puts its own keys between two devices that are linked", swapped, {
      facts: { same: false, linked: false },
      remark: "the two devices show different numbers, and the person refuses",
    }),
    link(
      "link-unannounced",
      "shows a device another key than the other had announced",
      unannounced,
      {
        told: [error("bad_signature", "the other device shows another key than it announced")],
        facts: { same: false, linked: false },
      },
    ),
    link("link-altered", "changes the sealed identity on its way to the new device", altered, {
      told: [error("bad_signature", "a part of the link does not open: it was changed")],
      facts: { linked: false },
    }),
    {
      id: "device-invented",
      threat: "B17",
      says: "lists a device that its member never linked",
      scene: ownDevices,
      begin: (stage) => stage.broker.lie(inventing(stage)),
      told: [
        notice(
          "new_device",
          "a device that was not linked from here acts as you in team: ID. If it is none of yours, someone has your keys: claudemesh device revoke ID",
        ),
      ],
      facts: { strange: 1 },
      remark: "nothing is sealed to it, since it has no keys",
    },
    {
      id: "rekey-hidden",
      threat: "B10, T8",
      says: "hides from one member that another has new keys",
      scene: rekeying,
      begin: hidingFromBob,
      told: [
        notice(
          "awaiting_roster",
          "a message waits: its sender knows roster entry N, which the broker does not give",
        ),
      ],
      facts: { warned: false, shown: 0 },
      later: [
        notice(
          "roster_stale",
          "a message under the name of carol was refused: its time cannot be proven, since entry N removed its sender or replaced the sender's keys",
        ),
        missing("carol"),
      ],
      laterFacts: { shown: 2 },
      remark:
        "next time carol replaces her keys once more: what waited cannot be dated any more, and her device sends it again",
    },
    {
      id: "rekey-replayed",
      threat: "B10",
      says: "shows an old change of keys once more, as if it were new",
      scene: listing,
      begin: replaying,
      told: [
        error(
          "log_mismatch",
          "the broker names entry N as the roster's last but gives none after N",
        ),
      ],
    },
  ],
};
