import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { recordShower } from "../../records/show-record.ts";
import { findSkill } from "../../skills/find-skill.ts";
import { putSkillTrust } from "../../store/skill-trust-rows.ts";
import { requirePerson } from "../guard/only-people.ts";
import { askedMesh } from "../target-mesh.ts";

/** A person's word that agents here may use a skill, as long as the same author signs it with the same key. */
export const trust: DeviceHandler<"skill.trust"> = async ({ mesh, name }, ctx) => {
  requirePerson(ctx, "trust a skill");
  const row = askedMesh(ctx, mesh);
  const { one } = await findSkill(ctx, row, name);
  const written = one.record.written.at(-1);
  if (one.proof !== "signed" || written?.signed === undefined) {
    throw new MeshError("bad_signature", `${name}: nobody who is in the mesh has signed it`);
  }
  const { by: member, signed } = written;
  const trusted = { mesh: row.mesh, skill: name, member, author: signed.author };
  ctx.store.write(() => putSkillTrust(ctx.store, trusted, ctx.now()));
  ctx.events.tell({ type: "skills_changed", mesh: row.mesh });
  return { name, author: recordShower(ctx, row).nameOf(member) };
};
