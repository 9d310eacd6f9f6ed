import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";
import { storeFields } from "./fields.ts";

const text = (name: string, description: string, required = true): Field => ({
  name,
  flag: name,
  kind: "text",
  required,
  description,
});
const flag = (name: string, description: string): Field => ({
  ...text(name, description, false),
  kind: "boolean",
});
const arg = (field: string) => ({ field, rest: false });

/** Verbs that keep a broker's data folder in order, on the machine that has it. */
export const brokerVerbs: readonly Verb[] = [
  {
    words: "broker backup",
    aliases: [],
    summary: "Copy a broker's data while it runs, and check the copy",
    args: [arg("folder")],
    fields: [text("folder", "folder to make"), ...storeFields],
    errors: ["disk_full", "exists", "home_damaged", "not_found", "not_writable"],
    does: { local: "broker-backup" },
  },
  {
    words: "broker check",
    aliases: [],
    summary: "Check everything that a broker's data can be checked for",
    args: [],
    fields: [...storeFields],
    errors: ["home_damaged", "not_found"],
    does: { local: "broker-check" },
  },
  {
    words: "broker erase",
    aliases: [],
    summary: "Take away what a broker holds of a member who has gone",
    args: [arg("mesh"), arg("member")],
    fields: [text("mesh", "slug or id of the mesh"), text("member", "member id"), ...storeFields],
    errors: ["ambiguous", "conflict", "in_use", "not_found"],
    does: { local: "broker-erase" },
  },
  {
    words: "broker export",
    aliases: [],
    summary: "Write all that a broker holds of one mesh to a file",
    args: [arg("mesh"), arg("file")],
    fields: [text("mesh", "slug or id of the mesh"), text("file", "file to make"), ...storeFields],
    errors: ["ambiguous", "exists", "not_found", "not_writable"],
    does: { local: "broker-export" },
  },
  {
    words: "broker migrate",
    aliases: [],
    summary: "Bring a stopped broker's data up to date",
    args: [],
    fields: [flag("dry", "only say what is missing"), ...storeFields],
    errors: ["home_damaged", "in_use", "not_found", "upgrade_required"],
    does: { local: "broker-migrate" },
  },
  {
    words: "broker migrate-store",
    aliases: [],
    summary: "Move a stopped broker's data to PostgreSQL",
    args: [],
    fields: [...storeFields],
    errors: ["exists", "home_damaged", "in_use", "not_found", "unauthorized", "upgrade_required"],
    does: { local: "broker-migrate-store" },
  },
  {
    words: "broker restore",
    aliases: [],
    summary: "Make a broker's data folder of a backup",
    args: [arg("folder")],
    fields: [
      text("folder", "the backup"),
      flag("force", "move what is there aside and keep it"),
      ...storeFields,
    ],
    errors: ["exists", "home_damaged", "in_use", "not_found", "not_writable"],
    does: { local: "broker-restore" },
  },
  {
    words: "broker vacuum",
    aliases: [],
    summary: "Give free room in a stopped broker's data back to the disk",
    args: [],
    fields: [...storeFields],
    errors: ["disk_full", "home_damaged", "in_use", "not_found"],
    does: { local: "broker-vacuum" },
  },
];
