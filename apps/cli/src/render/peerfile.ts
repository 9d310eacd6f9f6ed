import { names } from "@claudemesh/protocol/light";
import { bytesText } from "../runner/progress-line.ts";
import { cleanLine, cleanText } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { PrintContext } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { peerfile } = names;

const hereNote = (local: string | undefined): string[] =>
  local === undefined ? [] : [`on this machine it is ${cleanLine(local)}`];

const done = ({ terminal }: PrintContext, text: string): string =>
  `${terminal.paint("good", terminal.icons.ok)} ${text}`;

export const printers: Printers = {
  [peerfile.list]: ({ items, local, more }, { terminal }) => ({
    lines:
      items.length === 0
        ? ["Nothing is there."]
        : table(
            [{ title: "name", flexible: true }, { title: "size" }],
            items.map(({ name, kind, bytes }) => [
              `${cleanLine(name)}${kind === "folder" ? "/" : ""}`,
              bytes === undefined ? "" : bytesText(bytes),
            ]),
            terminal,
          ),
    notes: [...(more ? ["there is more than is listed"] : []), ...hereNote(local)],
  }),
  [peerfile.read]: ({ bytes, content, encoding, local }, { call, input }) => ({
    lines:
      encoding === "utf8"
        ? [cleanText(content).replace(/\n$/, "")]
        : [`${bytesText(bytes)} that are no text`],
    notes: [
      ...(encoding === "utf8"
        ? []
        : [`as base64: ${call} file peer-read ${input.peer} ${input.path} --json=content`]),
      ...hereNote(local),
    ],
  }),
  [peerfile.share]: ({ mesh, path }, context) => ({
    lines: [done(context, `${cleanLine(path)} is shared in ${cleanLine(mesh)}`)],
    notes: [`only with whom you let: ${context.call} grant <peer> file-read`],
  }),
  [peerfile.shared]: ({ items }) => ({
    lines:
      items.length === 0
        ? ["No folder is shared."]
        : items.map(
            ({ mesh, path, dotfiles }) =>
              `${cleanLine(mesh)}  ${cleanLine(path)}${dotfiles ? "  with dotfiles" : ""}`,
          ),
  }),
  [peerfile.unshare]: ({ mesh, path }, context) => ({
    lines: [done(context, `${cleanLine(path)} is not shared in ${cleanLine(mesh)} any more`)],
  }),
};
