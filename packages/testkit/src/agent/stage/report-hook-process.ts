// A hook that only reports: the agents run no http hooks at SessionStart.
import { text } from "node:stream/consumers";

const { CLAUDEMESH_STAGE: stage } = process.env;
await fetch(`${stage}/hook`, { method: "POST", body: await text(process.stdin) });
