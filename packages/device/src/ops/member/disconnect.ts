import type { DeviceHandler } from "../../handler.ts";
import { onMember } from "./on-member.ts";

export const disconnect: DeviceHandler<"member.disconnect"> = async ({ mesh, member }, ctx) =>
  onMember(
    ctx,
    { mesh, member, notSelf: "your own devices are ended where they run" },
    async ({ link, who }) => {
      const { items } = await link.client.member.disconnect({ members: [who.id] });
      return { member: who.id, name: who.name, connections: items[0]?.connections ?? 0 };
    },
  );
