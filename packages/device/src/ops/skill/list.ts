import type { DeviceHandler } from "../../handler.ts";
import { readPages } from "../../records/read-pages.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { showSkill } from "../../skills/show-skill.ts";
import { inEachMesh } from "../record-parts.ts";

export const list: DeviceHandler<"skill.list"> = ({ mesh, tag }, ctx) =>
  inEachMesh(ctx, mesh, async (row) => {
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "skill",
      (client) => readPages((page) => client.skill.list(page)),
      () => true,
    );
    const shower = recordShower(ctx, row);
    const shown = items.flatMap((one) => showSkill(ctx, row, shower, one)?.about ?? []);
    const fitting = shown.filter(({ tags }) => tag === undefined || tags?.includes(tag));
    return { items: fitting.sort((a, b) => (a.name < b.name ? -1 : 1)), ageMs };
  });
