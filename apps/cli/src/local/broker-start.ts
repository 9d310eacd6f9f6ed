import { jsonLine } from "../render/json.ts";
import { brokerSettings } from "./broker-settings.ts";
import { exposureNotes } from "./exposure.ts";
import type { LocalRun } from "./run.ts";
import { untilAsked, untilEnd } from "./until-asked.ts";

/** Starts only the broker and stays until Ctrl-C. */
export const run: LocalRun = async (input, context) => {
  const { host, terminal } = context;
  const settings = brokerSettings(input, host);
  const start = await host.loadBroker();
  const running = await start(settings);
  try {
    if (context.machine) {
      await context.print(jsonLine({ url: running.url, publicUrl: running.publicUrl }));
    } else {
      context.note(running.exposed);
      for (const line of exposureNotes(running, host)) context.note(line);
      const ok = terminal.paint("good", terminal.icons.ok);
      await context.print(
        `${ok} broker at ${running.url}, data in ${running.dataDir}\nCtrl-C stops it.\n`,
      );
    }
    await (input.untilStdinEnds === true
      ? Promise.race([untilAsked(host.signal), untilEnd(host.stdin)])
      : untilAsked(host.signal));
  } finally {
    await running.stop();
  }
  context.note("stopped; everything acknowledged is stored");
};
