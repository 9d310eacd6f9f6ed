/** What the broker's process held at one moment, as its own metrics say. */
export interface Sample {
  readonly minutes: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly files: number;
  readonly connections: number;
  readonly accepted: number;
}

const figureOf = (text: string, name: string): number => {
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
};

const mib = (bytes: number): number => bytes / 2 ** 20;

/** Reads one sample from `/metrics`. */
export async function takeSample(url: string, minutes: number): Promise<Sample> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const kinds = ["anonymous", "call", "feed"].map((kind) =>
    figureOf(text, `claudemesh_connections{kind="${kind}"}`),
  );
  return {
    minutes,
    residentMiB: mib(figureOf(text, "process_resident_memory_bytes")),
    heapMiB: mib(figureOf(text, "nodejs_heap_used_bytes")),
    files: figureOf(text, "process_open_fds"),
    connections: kinds.reduce((sum, count) => sum + count, 0),
    accepted: figureOf(text, 'claudemesh_calls_total{op="message.send",outcome="ok"}') || 0,
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** By what factor a figure's median grew from the second quarter, when caches are filled, to the last. */
export function growth(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const early = samples.slice(quarter, 2 * quarter);
  return median(samples.slice(-quarter).map(of)) / median(early.map(of));
}

/** The curve as lines of a table. */
export function curve(samples: readonly Sample[]): string[] {
  const head = " minutes  resident MiB  heap MiB  files  connections   accepted";
  const rows = samples.map(({ accepted, connections, files, heapMiB, minutes, residentMiB }) =>
    [
      minutes.toFixed(2).padStart(8),
      residentMiB.toFixed(1).padStart(13),
      heapMiB.toFixed(1).padStart(9),
      String(files).padStart(6),
      String(connections).padStart(12),
      String(accepted).padStart(10),
    ].join(" "),
  );
  return [head, ...rows];
}
