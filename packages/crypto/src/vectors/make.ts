import { writeFile } from "node:fs/promises";
import { ready } from "../sodium.ts";
import { buildVectors, vectorsFolder } from "./build.ts";

await ready();
for (const { name, text } of buildVectors()) await writeFile(new URL(name, vectorsFolder), text);
