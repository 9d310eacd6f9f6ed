import type { Histogram } from "./histogram.ts";

export type Labels = Readonly<Record<string, string>>;

/** One value of a metric. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

export interface HistogramSample {
  readonly labels?: Labels;
  readonly histogram: Histogram;
}

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

function labelText(labels: Labels = {}, more: Labels = {}): string {
  const pairs = Object.entries({ ...labels, ...more }).map(
    ([name, v]) => `${name}="${escaped(v)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** Writes metrics in the text form that Prometheus reads (exposition format 0.0.4). */
export class Exposition {
  readonly #lines: string[] = [];

  counter(name: string, help: string, samples: readonly Sample[]): this {
    return this.#write(name, "counter", help, samples);
  }

  gauge(name: string, help: string, samples: readonly Sample[]): this {
    return this.#write(name, "gauge", help, samples);
  }

  histogram(name: string, help: string, samples: readonly HistogramSample[]): this {
    this.#head(name, "histogram", help);
    for (const { labels, histogram } of samples) {
      for (const [le, count] of histogram.cumulative()) {
        this.#lines.push(`${name}_bucket${labelText(labels, { le })} ${count}`);
      }
      this.#lines.push(`${name}_sum${labelText(labels)} ${histogram.sumSeconds}`);
      this.#lines.push(`${name}_count${labelText(labels)} ${histogram.count}`);
    }
    return this;
  }

  text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  #write(name: string, type: string, help: string, samples: readonly Sample[]): this {
    this.#head(name, type, help);
    for (const { labels, value } of samples) {
      this.#lines.push(`${name}${labelText(labels)} ${value}`);
    }
    return this;
  }

  #head(name: string, type: string, help: string): void {
    this.#lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  }
}
